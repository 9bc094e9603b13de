"""Replaced rows: of several rows about the same unit and period one stands, the others are kept with the reason."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

DUPLICATE, REPLACED = "duplicate_row", "replaced_row"
REASONS = {
    DUPLICATE: "Another row says the same about the same unit and period.",
    REPLACED: "Another row about the same unit and period stands before it or was received later.",
}
SUGGESTIONS = {
    DUPLICATE: "Nothing to do; deliver each row once.",
    REPLACED: "Check that the row that stands is right; withdraw the wrong one at its source.",
}
_SEPARATOR, _EMPTY = "\x1f", "\x1e"


def latest_first(rows: ir.Table) -> tuple[ir.Value, ...]:
    """Total order of rows: received last, then the last file, then furthest down."""
    return rows.received.desc(), rows.source.desc(), rows.file.desc(), rows.row.desc()


def placed(rows: ir.Table, keys: tuple[str, ...], order: tuple[ir.Value, ...]) -> ir.Table:
    """Rows with their place among those of the same keys.

    Args:
        rows: Identified rows.
        keys: Columns that name what the rows are about.
        order: Total order; the first row stands.

    Returns:
        The rows with `place` (0 stands) and `copies` (rows with the same keys).
    """
    first = ibis.window(group_by=keys, order_by=order)
    return rows.mutate(
        place=ibis.row_number().over(first), copies=rows.count().over(ibis.window(group_by=keys))
    )


def standing(rows: ir.Table) -> ir.Table:
    """The rows that stand."""
    return rows.filter(rows.place == 0).drop("place", "copies")


def superseded(rows: ir.Table, keys: tuple[str, ...], items: tuple[str, ...], period: ir.Value | None) -> ir.Table:
    """The rows that another one replaces, with the reason.

    Args:
        rows: Rows with their place.
        keys: Columns that name what the rows are about.
        items: Columns that are compared with the row that stands.
        period: Year of the rows; None for register rows.

    Returns:
        One row for each replaced row, as table `superseded` has it.
    """
    several = rows.mutate(period=ibis.null("int32").cast("int32") if period is None else period)
    several = several.filter(several.copies > 1)
    said = several.mutate(said=statement(several, items))
    group = ibis.window(group_by=keys)
    kept = said.said.max(where=said.place == 0).over(group)
    compared = said.mutate(rule=ibis.ifelse(said.said == kept, DUPLICATE, REPLACED))
    return with_reason(compared.filter(compared.place > 0))


def statement(rows: ir.Table, items: tuple[str, ...]) -> ir.StringValue:
    """What a row says, as one text; an empty value differs from every other."""
    return ibis.literal(_SEPARATOR).join([rows[item].cast("string").fill_null(_EMPTY) for item in items])


def with_reason(rows: ir.Table) -> ir.Table:
    """Table `superseded` from rows that know their `period` and `rule`."""
    return rows.select(
        "source", "file", "row", "unit_id", "period", "rule",
        reason=rows.rule.substitute(REASONS), suggestion=rows.rule.substitute(SUGGESTIONS),
    )  # fmt: skip
