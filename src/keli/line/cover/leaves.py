"""Coverage leaves: threshold tests and reclassifications reduced to sums, holders of several units kept whole."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY, largest_two

LEAF = ("period", "area", "gbt_code", "measure")
_UNIT = ("period", "area", "gbt_code", "holder_id")


def reaching_rows(reach: ir.Table) -> ir.Table:
    """Units that reach the threshold, one row for each measure that they count in.

    Args:
        reach: One survey unit in one year (`unit_reach`).

    Returns:
        One unit, year and measure: `value` is 1 for counts of units and the revenue in yuan for REVENUE_.
    """
    units = reach.filter(reach.reaches)
    one, none = ibis.literal(1).cast(MONEY), ibis.null(MONEY).cast(MONEY)
    listed, taxed = units.in_frame, units.on_tax
    amounts = {
        "UNITS_REACHING_LISTED": ibis.ifelse(listed, one, none),
        "UNITS_REACHING_MISSING": ibis.ifelse(listed, none, one),
        "REVENUE_LISTED": ibis.ifelse(listed, units.revenue, none),
        "REVENUE_MISSING": ibis.ifelse(listed, none, units.revenue),
        "UNITS_REACHING_BOTH": ibis.ifelse(listed & taxed, one, none),
        "UNITS_REACHING_FRAME": ibis.ifelse(listed & ~taxed, one, none),
        "UNITS_REACHING_TAX": ibis.ifelse(~listed & taxed, one, none),
    }
    cells = ibis.array([ibis.struct({"measure": name, "value": amount}) for name, amount in amounts.items()])
    long = units.select(*_UNIT, "unit_id", cell=cells.unnest()).unpack("cell")
    return long.filter(long.value.notnull())


def marked(rows: ir.Table) -> ir.Table:
    """Rows with `several`: whether their holder has more than one unit in the year and measure."""
    same = ibis.window(group_by=["period", "measure", "holder_id"])
    return rows.mutate(several=rows.unit_id.count().over(same) > 1)


def leaf_rows(rows: ir.Table) -> ir.Table:
    """Sums of all units of a leaf and the two largest values of lone ones, the columns of `coverage_leaves`."""
    lone = ibis.ifelse(rows.several, None, rows.value).cast(MONEY)
    leaves = rows.group_by(*LEAF).agg(
        value=rows.value.sum(), absolute=rows.value.sum(), units=lone.count(), largest=largest_two(lone)
    )
    return leaves.select(
        *LEAF, "value", "absolute", "units", x1=leaves.largest[0], x2=leaves.largest[1]
    ).order_by(*LEAF)  # fmt: skip


def contributor_rows(rows: ir.Table) -> ir.Table:
    """Values of holders with several units by leaf, the columns of `coverage_contributors`."""
    held = rows.filter(rows.several)
    return held.group_by(*LEAF, "holder_id").agg(value=held.value.sum()).order_by(*LEAF, "holder_id")
