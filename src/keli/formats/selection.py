"""Rows of an open table that conditions select: COLUMN=VALUE, several of one column are alternatives."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from keli.base.errors import KeliError

_LISTED = 40


def conditions_of(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Conditions by column, from texts such as `activity=DE`.

    >>> conditions_of(["activity=01", "activity=02", "measure=VA"])
    {'activity': ('01', '02'), 'measure': ('VA',)}

    Raises:
        KeliError: A text has no equals sign.
    """
    conditions: dict[str, tuple[str, ...]] = {}
    for text in texts:
        column, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not column:
            raise KeliError(f'"{text}" is not a condition.', example="activity=DE")
        conditions[column] = (*conditions.get(column, ()), value)
    return conditions


def selected(rows: pa.Table, conditions: dict[str, tuple[str, ...]]) -> pa.Table:
    """Rows that meet every condition, in their order.

    Args:
        rows: Rows of an open table.
        conditions: Column -> values, any of which meets the condition.

    Raises:
        KeliError: The column is not there, or no row of the table has the value; those that exist are listed.
    """
    for column, values in conditions.items():
        for value in values:
            _check(rows, column, value)
    mask = pa.array([True] * rows.num_rows, type=pa.bool_())
    for column, values in conditions.items():
        mask = pc.and_(mask, pc.is_in(_as_text(rows, column), pa.array(values, type=pa.string())))
    return rows.filter(mask)


def values_of(rows: pa.Table, column: str) -> list[str]:
    """Distinct values of a column as texts, sorted."""
    return sorted({str(value) for value in pc.unique(_as_text(rows, column)).to_pylist()})


def listed(values: list[str]) -> str:
    """Values in a line, cut short where there are many."""
    more = len(values) - _LISTED
    return ", ".join(values[:_LISTED]) + (f" ... and {more} more" if more > 0 else "")


def _check(rows: pa.Table, column: str, value: str) -> None:
    """Refuse a column or a value that the table does not have."""
    if column == "obs_value" or column not in rows.column_names:
        columns = [name for name in rows.column_names if name != "obs_value"]
        near = difflib.get_close_matches(column, columns, n=1)
        raise KeliError(
            f'The table has no column "{column}" to select by. It has: {", ".join(columns)}.',
            example=f"{near[0] if near else 'activity'}={value}",
        )
    values = values_of(rows, column)
    if rows.num_rows and value not in values:
        raise KeliError(f'No row has {column} "{value}". There are: {listed(values)}.', example=f"{column}={values[0]}")


def _as_text(rows: pa.Table, column: str) -> pa.ChunkedArray:
    return pc.fill_null(pc.cast(rows.column(column), pa.string()), "")
