"""Holders that contribute through several units or to several leaves in a year."""

from __future__ import annotations

import ibis.expr.types as ir


def holders_of_several(rows: ir.Table, many_classes: list[str]) -> ir.Table:
    """Holders with more than one row in a year.

    Method: only a holder that some unit names as another than itself, or a unit in a class with several core classes,
    can have more than one row; the others are not counted one by one.

    Args:
        rows: One unit and year (and class): unit_id, period, holder_id, gbt_code.
        many_classes: GB/T codes of which one unit may have several rows.

    Returns:
        One holder and year: `s_holder`, `s_period`.
    """
    named = rows.filter(rows.holder_id != rows.unit_id).select("holder_id").distinct()
    candidates = rows.filter(rows.gbt_code.isin(many_classes) | rows.holder_id.isin(named.holder_id))
    counted = candidates.group_by("period", "holder_id").agg(rows=candidates.count())
    return counted.filter(counted["rows"] > 1).select(s_period="period", s_holder="holder_id")


def marked_several(rows: ir.Table, several: ir.Table) -> ir.Table:
    """Rows with `several`: whether their holder has more than one row in the year."""
    joined = rows.left_join(several, [rows.period == several.s_period, rows.holder_id == several.s_holder])
    return joined.mutate(several=joined.s_holder.notnull()).drop("s_period", "s_holder")
