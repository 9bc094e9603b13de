"""Stage sources: every delivered row is accepted, repaired by a named rule, or quarantined with a reason."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.line.sources.cleaning.cells import read_cells, tidied_cells
from keli.line.sources.cleaning.reading_of import Facts
from keli.line.sources.closure import check_closed, rows_by_file
from keli.line.sources.judged import judged_rows
from keli.line.sources.ledgers import accepted_rows, quarantined, repairs
from keli.line.sources.raw import RawFile, store_raw
from keli.line.sources.reading.delivery import Delivery, deliveries, sha256_of
from keli.model.rules import rule_book
from keli.model.source_kinds import SourceKind
from keli.model.workspace import Source

NAME = "sources"
KINDS = (
    "register",
    "frame",
    "tax",
    "annual_return",
    "quarterly_return",
    "split_evidence",
    "prices",
    "controls",
)
READS: tuple[str, ...] = ()
WRITES = ("intake", "quarantine", "repairs", *(f"accepted_{kind}" for kind in KINDS))


def run(context: StageContext) -> None:
    """Take in all delivered files: accepted rows by kind, quarantine, repairs, and the books of every file."""
    facts = Facts(rule_book(), context.catalogue)
    sources = context.workspace.sources
    context.report.expect(sum(len(source.files) for source in sources) + len(sources) + 1)
    with _working_folder(context) as folder:
        files = {source.name: _raw_files(context, source, folder) for source in sources}
        judged = {source.name: _judged(context, source, files[source.name], facts) for source in sources}
        accepted = [_write_accepted(context, kind, judged) for kind in KINDS]
        _write_ledgers(context, judged, facts)
        _write_intake(context, files, accepted)


@contextmanager
def _working_folder(context: StageContext) -> Iterator[Path]:
    """A folder of the run for raw rows, removed afterwards."""
    folder = context.vault.folder / "raw"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _raw_files(context: StageContext, source: Source, folder: Path) -> list[tuple[Delivery, RawFile]]:
    """Every file of a source as raw rows."""
    files: list[tuple[Delivery, RawFile]] = []
    for number, delivery in enumerate(deliveries(source, context.workspace.folder)):
        files.append((delivery, store_raw(delivery, folder / f"{source.name}-{number}.raw.parquet")))
        context.report.step(delivery.label)
    return files


def _judged(
    context: StageContext, source: Source, files: list[tuple[Delivery, RawFile]], facts: Facts
) -> ir.Table:
    """The rows of a source: tidied, read, judged. Each step is on disk, so that memory stays bounded."""
    kind = context.catalogue.sources[source.kind]
    rows = context.connection.read_parquet([str(raw.path) for _, raw in files])
    stem = files[0][1].path.with_name(source.name)
    rows = _on_disk(context, tidied_cells(rows, source, kind, facts), stem.with_suffix(".tidied.parquet"))
    rows = _on_disk(context, read_cells(rows, source, kind, facts), stem.with_suffix(".read.parquet"))
    rows = _on_disk(context, judged_rows(rows, source, kind, facts), stem.with_suffix(".judged.parquet"))
    context.report.step(source.name)
    return rows


def _on_disk(context: StageContext, rows: ir.Table, path: Path) -> ir.Table:
    context.connection.to_parquet(rows, path)
    return context.connection.read_parquet(str(path))


def _write_accepted(context: StageContext, kind_name: str, judged: dict[str, ir.Table]) -> ir.Table:
    """The accepted rows of all sources of a kind; an empty table where there is no source."""
    kind = context.catalogue.sources[kind_name]
    parts = [accepted_rows(judged[source.name], source, kind) for source in context.workspace.sources_of(kind_name)]
    table = f"accepted_{kind_name}"
    return context.write(table, ibis.union(*parts)) if parts else context.write_rows(table, [])


def _write_ledgers(context: StageContext, judged: dict[str, ir.Table], facts: Facts) -> None:
    """Quarantine and repairs, in the order of source, file, row, column and rule."""
    held: list[ir.Table] = []
    changed: list[ir.Table] = []
    for source in context.workspace.sources:
        kind: SourceKind = context.catalogue.sources[source.kind]
        held.append(quarantined(judged[source.name], source, kind, facts.book))
        changed.append(repairs(judged[source.name], source, kind))
    for table, parts in (("quarantine", held), ("repairs", changed)):
        if parts:
            context.write(table, ibis.union(*parts).order_by(["source", "file", "row", "column", "rule"]))
        else:
            context.write_rows(table, [])


def _write_intake(
    context: StageContext, files: dict[str, list[tuple[Delivery, RawFile]]], accepted: list[ir.Table]
) -> None:
    """One row a file, after the books are found to close."""
    counts = rows_by_file(accepted, context.read("quarantine"))
    nothing = {"rows_accepted": 0, "rows_repaired": 0, "rows_quarantined": 0}
    intake: list[dict[str, Any]] = [
        {
            "source": delivery.source.name,
            "file": delivery.label,
            "kind": delivery.source.kind,
            "sha256": sha256_of(delivery.path),
            "received": delivery.source.received,
            "rows_in": raw.rows,
            **nothing,
            **counts.get((delivery.source.name, delivery.label), {}),
        }
        for entries in files.values()
        for delivery, raw in entries
    ]
    check_closed(intake)
    context.write_rows("intake", intake)
    context.report.step("intake")
