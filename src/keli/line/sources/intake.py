"""The work of one intake: raw rows, doubtful cells, judged rows, ledgers, books."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.line.sources.cleaning.cells import (
    NUMBER,
    Given,
    asked_of_columns,
    doubtful_cells,
    given_columns,
    read_cells,
    with_constants,
)
from keli.line.sources.cleaning.reading_of import Facts
from keli.line.sources.cleaning.tidy import tidied
from keli.line.sources.closure import check_closed, check_population, rows_by_file
from keli.line.sources.judged import judged_rows
from keli.line.sources.ledgers import (
    accepted_rows,
    problems_of_cells,
    problems_of_rows,
    repaired_keys,
    repairs_of_cells,
    repairs_of_scale,
    with_reasons,
)
from keli.line.sources.raw import RawFile, store_raw
from keli.line.sources.reading.delivery import Delivery, deliveries, sha256_of
from keli.line.sources.steps import separate_steps
from keli.line.sources.values import valued_rows

ORDER = ["source", "file", "row", "column", "rule"]


class Intake:
    """One intake.

    Args:
        context: The room of the stage.
        facts: Rules and catalogue.
    """

    def __init__(self, context: StageContext, facts: Facts) -> None:
        self.context = context
        self.facts = facts
        self.sources = context.workspace.sources
        self.folder = context.vault.folder / "raw"
        given = given_columns(self.sources, context.catalogue.sources)
        self.given: dict[str, tuple[Given, ...]] = {
            source.name: tuple(one for one in given if one.source is source) for source in self.sources
        }
        self.files: dict[str, list[tuple[Delivery, RawFile]]] = {}
        self.raw: dict[str, ir.Table] = {}
        self.judged: dict[str, ir.Table] = {}
        self.accepted: list[ir.Table] = []
        context.report.expect(sum(len(source.files) for source in self.sources) + len(self.sources) + 1)

    @contextmanager
    def working_folder(self) -> Iterator[None]:
        """Keep raw rows in a folder of the run while the block runs."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        try:
            yield
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def store_raw_rows(self) -> None:
        """Stream every delivered file into raw rows."""
        for source in self.sources:
            files: list[tuple[Delivery, RawFile]] = []
            for number, delivery in enumerate(deliveries(source, self.context.workspace.folder)):
                files.append((delivery, store_raw(delivery, self.folder / f"{source.name}-{number}.parquet")))
                self.context.report.step(delivery.label)
            self.files[source.name] = files
            rows = self.context.connection.read_parquet([str(raw.path) for _, raw in files])
            self.raw[source.name] = with_constants(rows, source)

    def read_doubtful_cells(self) -> None:
        """Read the cells of all sources that are not in order as delivered."""
        parts = [doubtful_cells(self.raw[name], given, self.facts) for name, given in self.given.items()]
        if not parts:
            return
        columns = [one for given in self.given.values() for one in given]
        types = frozenset(one.column.type for one in columns)
        asked = ibis.memtable(asked_of_columns(columns, self.facts)).cast({NUMBER: "int32"})
        doubtful = self._on_disk(ibis.union(*parts), "doubtful")
        cells = self._on_disk(tidied(doubtful.inner_join(asked, NUMBER), types, self.facts.book), "tidied")
        self.cells = self._on_disk(read_cells(cells, types, self.facts), "cells")
        self.odd = self.cells.select("source", "name").distinct().to_pyarrow().to_pylist()

    def judge_rows(self) -> None:
        """Give every row its typed values and say what becomes of it."""
        for name, given in self.given.items():
            odd = frozenset(entry["name"] for entry in self.odd if entry["source"] == name)
            mine = self.cells.filter(self.cells.source == name)
            valued = valued_rows(self.raw[name], mine, given, odd, self.facts)
            rows = self._on_disk(valued, f"{name}.valued")
            self.judged[name] = self._on_disk(judged_rows(rows, given, self.facts), f"{name}.judged")
            self.context.report.step(name)

    def write_accepted(self) -> None:
        """Write the accepted rows of every kind; an empty table where there is no source."""
        for kind in self.context.catalogue.sources:
            names = [source.name for source in self.context.workspace.sources_of(kind)]
            parts = [accepted_rows(self.judged[name], self.given[name]) for name in names]
            table = f"accepted_{kind}"
            written = self.context.write(table, ibis.union(*parts)) if parts else self.context.write_rows(table, [])
            self.accepted.append(written)

    def write_ledgers(self) -> None:
        """Write quarantine and repairs in the order of source, file, row, column and rule."""
        if not self.sources:
            self.context.write_rows("quarantine", [])
            self.context.write_rows("repairs", [])
            return
        judged = [(self.judged[name], given) for name, given in self.given.items()]
        held = [problems_of_cells(self.cells), *(problems_of_rows(rows, given) for rows, given in judged)]
        problems = with_reasons(ibis.union(*held), self.facts.book)
        self.context.write("quarantine", problems.order_by(ORDER))
        self.context.vault.write_sheet("quarantine")
        repaired = ibis.union(*(repaired_keys(rows, given) for rows, given in judged))
        changed = [repairs_of_cells(self.cells, repaired)]
        for rows, given in judged:
            changed += repairs_of_scale(rows, given)
        self.context.write("repairs", ibis.union(*changed).order_by(ORDER))

    def write_books(self) -> None:
        """Write the books of every file, after they are found to close."""
        counts = rows_by_file(self.accepted, self.context.read("quarantine"))
        nothing = {"rows_accepted": 0, "rows_repaired": 0, "rows_quarantined": 0}
        books: list[dict[str, Any]] = [
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
            for files in self.files.values()
            for delivery, raw in files
        ]
        check_closed(books)
        check_population(books)
        self.context.write_rows("intake", books)
        self.context.report.step("intake")

    def _on_disk(self, rows: ir.Table, name: str) -> ir.Table:
        path: Path = self.folder / f"{name}.parquet"
        with separate_steps():
            self.context.connection.to_parquet(rows, path)
        return self.context.connection.read_parquet(str(path))
