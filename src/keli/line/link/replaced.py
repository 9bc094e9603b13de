"""Replaced rows: of several rows about the same unit and period one stands, the others are kept with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

DUPLICATE, REPLACED = "duplicate_row", "replaced_row"
REASONS = {
    DUPLICATE: "Another row says the same about the same unit and period. 另一行对同一单位、同一时期的内容相同。",
    REPLACED: (
        "Another row about the same unit and period stands before it or was received later. "
        "同一单位、同一时期另有优先或较晚收到的一行。"
    ),
}
SUGGESTIONS = {
    DUPLICATE: "Nothing to do; deliver each row once. 无需处理；每行请只报送一次。",
    REPLACED: (
        "Check that the row that stands is right; withdraw the wrong one at its source. "
        "请核实保留的一行是否正确；错误的一行请在来源处撤回。"
    ),
}
Order = Callable[[ir.Table], tuple[ir.Value, ...]]
_SEPARATOR, _EMPTY = "\x1f", "\x1e"


def latest_first(rows: ir.Table) -> tuple[ir.Value, ...]:
    """Total order of rows: received last, then the last file, then furthest down."""
    return rows.received.desc(), rows.source.desc(), rows.file.desc(), rows.row.desc()


@dataclass(frozen=True)
class Settled:
    """Rows of a kind after of several about the same thing one was chosen.

    Args:
        standing: The rows that stand, one for each thing.
        disputed: One table of the rows about things that several rows are about, with `place`, 0 stands; none where
            there are no such things.
    """

    standing: ir.Table
    disputed: tuple[ir.Table, ...]


def settled(rows: ir.Table, keys: tuple[str, ...], order: Order) -> Settled:
    """Choose the row that stands for each thing that rows are about.

    Only things with several rows are put in order, which are few.

    Args:
        rows: Identified rows.
        keys: Columns that name what the rows are about; never empty.
        order: Total order of given rows; the first row stands.
    """
    counted = rows.group_by(keys).agg(copies=rows.count())
    several = counted.filter(counted.copies > 1).select(*keys).cache()
    if several.count().execute() == 0:
        return Settled(rows, ())
    disputed = rows.semi_join(several, keys)
    disputed = disputed.mutate(
        place=ibis.row_number().over(ibis.window(group_by=keys, order_by=order(disputed)))
    ).cache()
    alone = rows.anti_join(several, keys)
    return Settled(alone.union(disputed.filter(disputed.place == 0).drop("place")), (disputed,))


def superseded(disputed: ir.Table, keys: tuple[str, ...], items: tuple[str, ...], period: ir.Value) -> ir.Table:
    """The rows that another one replaces, with the reason.

    Args:
        disputed: Rows about the same things, with their place.
        keys: Columns that name what the rows are about.
        items: Columns that are compared with the row that stands.
        period: Year of the rows.

    Returns:
        One row for each replaced row, as table `superseded` has it.
    """
    said = disputed.mutate(period=period, said=statement(disputed, items))
    kept = said.said.max(where=said.place == 0).over(ibis.window(group_by=keys))
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
