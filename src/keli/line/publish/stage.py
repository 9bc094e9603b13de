"""Stage publish: reads open tables and the intake ledger, writes a release through the shelf."""

from __future__ import annotations

from keli.engine.context import StageContext
from keli.engine.release import Release
from keli.engine.shelf import Shelf
from keli.line.publish.body import release_body
from keli.line.publish.books import coverage_books
from keli.line.publish.catalogue_copy import catalogue_files
from keli.line.publish.inputs import release_inputs
from keli.line.publish.map_layers import read_layers
from keli.line.publish.tables import PREFIX, open_table, table_files

NAME = "publish"
OPEN_TABLES = (
    "open_value_added",
    "open_enterprises",
    "open_components",
    "open_evidence",
    "open_coverage",
    "open_reconciliation",
)
READS = (*OPEN_TABLES, "intake", "coder")
WRITES = ("publication",)


def run(context: StageContext) -> None:
    """Assemble the release and put it on the shelf; one that is there already stays as it is.

    Raises:
        ReleaseError: The run was to come to another release; nothing is stored.
    """
    context.report.expect(4)
    tables = {name.removeprefix(PREFIX): open_table(context, name) for name in OPEN_TABLES}
    context.report.step("open tables")
    layers = read_layers(context.workspace.map_layers, context.catalogue)
    context.report.step("map layers")
    body = release_body(
        context.workspace,
        context.catalogue,
        tables=tables,
        inputs=release_inputs(context),
        books=coverage_books(tables["coverage"]),
        coder=context.read("coder").to_pyarrow().to_pylist()[0],
        layers=layers,
    )
    files = table_files(tables) | catalogue_files(context.workspace, context.catalogue, tables)
    release = Release(body, files | {f"map/{layer.name}.geojson": layer.contents for layer in layers})
    context.report.step("release.json")
    shelf = Shelf(context.workspace.folder / "releases")
    shelf.check_expected(release, context.expected)
    stored = shelf.store(release)
    context.write_rows("publication", [{"release_id": release.release_id, "stored": stored}])
    context.report.step("shelf")
