"""The books of a release: what became of the rows of each source, for people to read."""

from __future__ import annotations

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.table import Table

from keli.formats.open_table import OpenTable

# Column head -> measure in coverage.
_COLUMNS = {
    "rows in\n收到": "ROWS_IN",
    "accepted\n接收": "ROWS_ACCEPTED",
    "of them repaired\n其中修正": "ROWS_REPAIRED",
    "held back\n隔离": "ROWS_QUARANTINED",
}


def books(table: OpenTable) -> Table:
    """Rows in, accepted, repaired and held back: a row a source, all years together.

    Args:
        table: The table coverage of a release.
    """
    rows = table.where(measure=tuple(_COLUMNS.values()))
    figures = {(row["source"], row["measure"]): round(row["obs_value"]) for row in rows}
    shown = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), title="收料台账 books of the sources")
    shown.add_column("source", no_wrap=True)
    for head in _COLUMNS:
        shown.add_column(head, justify="right", no_wrap=True)
    for source in sorted({source for source, _ in figures}):
        shown.add_row(source, *(f"{figures[source, measure]:,}" for measure in _COLUMNS.values()))
    return shown


def warnings(coverage: OpenTable, value_added: OpenTable) -> Iterator[str]:
    """What a reader must know before believing the headline: sources that gave nothing, years without a figure.

    Args:
        coverage: The table coverage of a release.
        value_added: The table value_added of the same release.
    """
    manifest = coverage.manifest
    rows = {
        (row["source"], row["measure"]): row["obs_value"] for row in coverage.where(measure=tuple(_COLUMNS.values()))
    }
    for source in sorted({source for source, _ in rows}):
        received, accepted = rows[source, "ROWS_IN"], rows[source, "ROWS_ACCEPTED"]
        if not received:
            yield f"warning: the source {source} has no rows; look at its files and at keli.yaml."
        elif not accepted:
            yield f"warning: no row of the source {source} was accepted; quarantine.csv says why."
    headline = value_added.where(activity=("DE",), measure=("VA",), ref_area=(manifest.area,))
    dated = {row["time_period"] for row in headline}
    empty = [str(year) for year in manifest.years if str(year) not in dated]
    if empty:
        yield (
            f"warning: no unit of the core could be valued in {', '.join(empty)}. UNITS, UNITS_CLASSIFIED, "
            "UNITS_WITH_RETURNS, UNITS_PARTIAL and UNITS_NO_BASIS in the table coverage tell where they were lost: "
            "look at area and years in keli.yaml, at subdistricts or addresses, at industry codes, at items that are "
            "blank in all returns."
        )
