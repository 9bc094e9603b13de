"""Small tables in memory: sorted, with plain text columns."""

from __future__ import annotations

import ibis.expr.types as ir
import pandas as pd


def small_frame(table: ir.Table, order: list[str]) -> pd.DataFrame:
    """Return a small table in a fixed order.

    Text columns hold plain objects: pandas' own text type cannot be joined where a table is empty.
    """
    text = {name: object for name, kind in table.schema().items() if kind.is_string()}
    return table.to_pandas().astype(text).sort_values(order, ignore_index=True)
