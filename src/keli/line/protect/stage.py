"""Protect: which base cells are sensitive, and every figure that rests on one is emptied."""

from __future__ import annotations

import ibis
import pandas as pd
import pyarrow as pa

from keli.engine.context import StageContext
from keli.line.protect.figures import protected_figures
from keli.line.protect.primary import primary_reasons, rules_of

NAME = "protect"
TABLES = ("value_added", "enterprises", "components", "evidence", "coverage", "reconciliation")
READS = ("base_cells", *(f"cells_{table}" for table in TABLES))
WRITES = ("primary_reasons", *(f"open_{table}" for table in TABLES))


def run(context: StageContext) -> None:
    """Protect every open table by the primary rules."""
    context.report.expect(1 + len(TABLES))
    cells = context.read("base_cells").to_pandas().sort_values("cell_id", ignore_index=True)
    reasons = primary_reasons(cells, rules_of(context.catalogue, context.workspace.last_year))
    context.write("primary_reasons", ibis.memtable(_typed(context, "primary_reasons", reasons)))
    context.report.step("primary rules")
    known, sensitive = frozenset(cells["cell_id"]), frozenset(reasons["cell_id"])
    for table in TABLES:
        figures = _figures(context, table)
        _write(context, table, protected_figures(figures, known, sensitive))
        context.report.step(table)


def _figures(context: StageContext, table: str) -> pd.DataFrame:
    key = list(context.catalogue.tables[f"cells_{table}"].key)
    return context.read(f"cells_{table}").to_pandas().sort_values(key, ignore_index=True)


def _write(context: StageContext, table: str, rows: pd.DataFrame) -> None:
    name = f"open_{table}"
    key = list(context.catalogue.tables[name].key)
    context.write(name, ibis.memtable(_typed(context, name, rows)).order_by(key))


def _typed(context: StageContext, name: str, rows: pd.DataFrame) -> pa.Table:
    """Return rows with the columns and types of the table's catalogue entry, empty values as such."""
    spec = context.catalogue.tables[name]
    schema = ibis.schema({column.name: column.type for column in spec.columns}).to_pyarrow()
    return pa.Table.from_pandas(rows[list(spec.column_names)], schema=schema, preserve_index=False)
