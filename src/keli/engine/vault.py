"""The vault: confidential tables of one run as Parquet, each checked against its catalogue entry."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from ibis.backends import BaseBackend

from keli.base.errors import ContractError
from keli.model.tables import TableSpec

# Vault tables are written once and read a few times in the same run: snappy instead of zstd saves a quarter of the time
# for a third more disk. Columns with more different values than this (amounts, numbers of units) get no dictionary,
# which would cost as much again; codes do.
PARQUET = {"compression": "snappy", "dictionary_size_limit": 4000}
# A view is a file of this ending: first the tables that it reads, then the query.
VIEW, READS = ".sql", "-- reads "


@dataclass(frozen=True)
class Vault:
    """The tables of one run. Nothing outside the line opens it.

    Args:
        folder: Folder of the run inside the workspace's `vault/`.
        connection: The engine.
        specs: Catalogue entries by table name.
    """

    folder: Path
    connection: BaseBackend
    specs: dict[str, TableSpec]

    def path(self, name: str) -> Path:
        """Return the file of a table."""
        if name not in self.specs:
            raise ContractError(
                f'The table "{name}" has no catalogue entry.', next_step="Add catalogue/tables/<name>.yaml."
            )
        return self.folder / f"{name}.parquet"

    def read(self, name: str) -> ir.Table:
        """Return a table of this run, or a view on tables of this run, as an expression."""
        path = self.path(name)
        if path.exists():
            # The name of the table is its name in the engine too: views of this run are written in it.
            return self.connection.read_parquet(str(path), table_name=name)
        view = path.with_suffix(VIEW)
        if not view.exists():
            raise ContractError(f'The table "{name}" is read before it is written.')
        reads, query = view.read_text(encoding="utf-8").split("\n", 1)
        for source in reads.removeprefix(READS).split():
            self.read(source)
        self.connection.raw_sql(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {query}')
        return self.connection.table(name)

    def write(self, name: str, table: ir.Table) -> ir.Table:
        """Write an expression as a table, cast to its catalogue entry; return it as read back.

        Raises:
            ContractError: A column is missing, or one is there that the entry does not name.
        """
        path = self.path(name)
        staged = path.with_suffix(".tmp")
        self.connection.to_parquet(conformed(table, self.specs[name]), staged, **PARQUET)
        staged.replace(path)
        return self.read(name)

    def define(self, name: str, table: ir.Table, reads: tuple[str, ...]) -> ir.Table:
        """Keep a table as the query that makes it, to be run when the table is read; return it as a view.

        For tables as long as the population that nothing reads whole: their rows follow from the tables that the query
        reads, and these are never changed.

        Args:
            name: The table.
            table: Its rows, as an expression over tables of this run.
            reads: Those tables.

        Raises:
            ContractError: A column is missing, or one is there that the entry does not name.
        """
        query = ibis.to_sql(conformed(table, self.specs[name]), dialect=self.connection.name)
        self.path(name).unlink(missing_ok=True)
        self.path(name).with_suffix(VIEW).write_text(f"{READS}{' '.join(reads)}\n{query}\n", encoding="utf-8")
        return self.read(name)

    def write_sheet(self, name: str) -> None:
        """Write a table again as CSV beside its Parquet file, marked as UTF-8, so that a spreadsheet opens it."""
        batches = self.read(name).to_pyarrow_batches()
        _write_sheet(self.path(name).with_suffix(".csv"), batches.schema, batches)

    def write_sheets(self, name: str, rows: ir.Table, by: str) -> None:
        """Write rows of a table as one CSV for each value of a column, in a folder of the table's name.

        Args:
            name: The table.
            rows: Some of its rows, in the order of the sheets; few enough for the memory.
            by: Column of codes; a sheet is named by its value.
        """
        folder = self.path(name).with_suffix("")
        folder.mkdir()
        table = rows.to_pyarrow()
        for value in pc.unique(table[by]).sort().to_pylist():
            part = table.filter(pc.equal(table[by], value))
            _write_sheet(folder / f"{value}.csv", part.schema, part.to_batches())

    def write_rows(self, name: str, rows: list[dict[str, Any]]) -> ir.Table:
        """Write a small table from rows."""
        spec = self.specs[name]
        schema = ibis.schema({column.name: column.type for column in spec.columns}).to_pyarrow()
        return self.write_arrow(name, pa.Table.from_pylist(rows, schema=schema))

    def write_arrow(self, name: str, table: pa.Table) -> ir.Table:
        """Write a small table that is in memory."""
        return self.write(name, ibis.memtable(table))


def _write_sheet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write batches as CSV with the mark by which a spreadsheet knows UTF-8."""
    with path.open("wb") as sheet:
        sheet.write(codecs.BOM_UTF8)
        with pa_csv.CSVWriter(sheet, schema) as writer:
            for batch in batches:
                writer.write_batch(batch)


def conformed(table: ir.Table, spec: TableSpec) -> ir.Table:
    """Return the table with exactly the columns, order and types of its catalogue entry.

    Raises:
        ContractError: A column is missing, or one is there that the entry does not name.
    """
    wanted, given = set(spec.column_names), set(table.columns)
    if wanted != given:
        raise ContractError(
            f'"{spec.name}" lacks the columns {sorted(wanted - given)} and has {sorted(given - wanted)} besides.',
            next_step=f"Mend the stage {spec.writer} or catalogue/tables/{spec.name}.yaml.",
        )
    return table.select(**{column.name: table[column.name].cast(column.type) for column in spec.columns})
