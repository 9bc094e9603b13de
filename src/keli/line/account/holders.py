"""Holders that may contribute through several units or to several leaves in a year."""

from __future__ import annotations

import ibis.expr.types as ir


def holders_of_several(rows: ir.Table, number: ir.IntegerColumn) -> ir.Table:
    """Holders with more than one contribution in a year.

    Args:
        rows: Contributions of which the holder is known: period, holder_id.
        number: Contributions that a row stands for.

    Returns:
        One holder and year: `s_holder`, `s_period`.
    """
    counted = rows.group_by("period", "holder_id").agg(contributions=number.sum())
    return counted.filter(counted.contributions > 1).select(s_period="period", s_holder="holder_id")


def marked_several(rows: ir.Table, several: ir.Table) -> ir.Table:
    """Rows with `several`: whether their holder has more than one contribution in the year."""
    joined = rows.left_join(several, [rows.period == several.s_period, rows.holder_id == several.s_holder])
    return joined.mutate(several=joined.s_holder.notnull()).drop("s_period", "s_holder")
