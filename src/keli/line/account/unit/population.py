"""The units that are accounted: one row a unit and year; their returns and revenue bases."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.base.periods import QUARTERS_IN_YEAR

_PERIOD_COLUMNS = ("unit_id", "period", "in_district", "area", "consolidated", "registered", "has_return", "holder_id",
                   "ownership")  # fmt: skip
_NO = ibis.literal(value=False)
_NOT_ITEMS = ("source", "file", "row", "gbt_code", "subdistrict", "address", "employees", "assets")


def units_of_years(unit_period: ir.Table, unit_activity: ir.Table) -> ir.Table:
    """Units of the district and consolidated groups by year, with industry and size.

    Args:
        unit_period: One unit in one year, its status.
        unit_activity: One unit in one year, its industry and size.

    Returns:
        One unit in one year.
    """
    period = unit_period.filter(unit_period.in_district | unit_period.consolidated)
    period = period.select(
        *_PERIOD_COLUMNS,
        covered=period.covered_by_parent,
        matched_previous=(period.in_frame & period.in_frame_previous).fill_null(_NO),
        matched_next=(period.in_frame & period.in_frame_next).fill_null(_NO),
    )
    activity = unit_activity.select("gbt_code", "core", "starred", "size_class", a_unit="unit_id", a_period="period")
    units = period.left_join(activity, [period.unit_id == activity.a_unit, period.period == activity.a_period])
    return units.mutate(core=units.core.fill_null(_NO), starred=units.starred.fill_null(_NO)).drop("a_unit", "a_period")


def units_with_returns(units: ir.Table, returns: ir.Table) -> ir.Table:
    """Units that have a return for the year, with its items.

    A return counts for a unit only where both or neither are consolidated: a group's figures never stand for the
    single unit that files them.

    Args:
        units: One unit in one year (`units_of_years`).
        returns: One unit in one year, its annual return, in yuan.

    Returns:
        One unit in one year; the items keep their names, the return's revenue is `return_revenue`.
    """
    items = returns.drop(*_NOT_ITEMS).rename(
        r_unit="unit_id", r_period="period", r_consolidated="consolidated", return_revenue="revenue"
    )
    keys = [units.unit_id == items.r_unit, units.period == items.r_period, units.consolidated == items.r_consolidated]
    return units.inner_join(items, keys).drop("r_unit", "r_period", "r_consolidated")


def with_revenue_bases(units: ir.Table, revenue_bases: ir.Table) -> ir.Table:
    """Units with the revenue that an estimate may rest on: four quarters, else the tax list.

    Args:
        units: One unit in one year.
        revenue_bases: One unit in one year: quarterly and taxable revenue, in yuan.

    Returns:
        The same rows with `quarters_revenue` (empty unless all four quarters were received) and `taxable_revenue`.
    """
    quarters = (revenue_bases.quarters == QUARTERS_IN_YEAR).ifelse(revenue_bases.quarterly_revenue, None)
    bases = revenue_bases.select("taxable_revenue", b_unit="unit_id", b_period="period", quarters_revenue=quarters)
    return units.left_join(bases, [units.unit_id == bases.b_unit, units.period == bases.b_period]).drop(
        "b_unit", "b_period"
    )
