"""The units that are accounted: one row a unit and year, with its return and its revenue bases beside it."""

from __future__ import annotations

import ibis.expr.types as ir

from keli.base.periods import QUARTERS_IN_YEAR

_PERIOD_COLUMNS = ("unit_id", "period", "in_district", "area", "consolidated", "registered", "has_return", "holder_id",
                   "ownership")  # fmt: skip
_ACTIVITY_COLUMNS = ("gbt_code", "core", "starred", "size_class")


def units_with_returns(unit_period: ir.Table, unit_activity: ir.Table, returns: ir.Table) -> ir.Table:
    """Units of the district and consolidated groups by year, with industry, size and the items of their return.

    A return counts for a unit only where both or neither are consolidated: a group's figures never stand for the
    single unit that files them.

    Args:
        unit_period: One unit in one year, its status.
        unit_activity: One unit in one year, its industry and size.
        returns: One unit in one year, its annual return, in yuan.

    Returns:
        One unit in one year; the items keep their names, the return's revenue is `return_revenue`.
    """
    period = unit_period.filter(unit_period.in_district | unit_period.consolidated)
    period = period.select(
        *_PERIOD_COLUMNS,
        covered=period.covered_by_parent,
        matched_previous=(period.in_frame & period.in_frame_previous).fill_null(False),
        matched_next=(period.in_frame & period.in_frame_next).fill_null(False),
    )
    activity = unit_activity.select(*_ACTIVITY_COLUMNS, a_unit="unit_id", a_period="period")
    items = returns.drop(
        "source", "file", "row", "gbt_code", "subdistrict", "address", "employees", "assets"
    ).rename(r_unit="unit_id", r_period="period", r_consolidated="consolidated", return_revenue="revenue")
    joined = period.left_join(
        activity, [period.unit_id == activity.a_unit, period.period == activity.a_period]
    ).drop("a_unit", "a_period")
    joined = joined.left_join(
        items,
        [
            joined.unit_id == items.r_unit,
            joined.period == items.r_period,
            joined.consolidated == items.r_consolidated,
        ],
    ).drop("r_unit", "r_period", "r_consolidated")
    return joined.mutate(core=joined.core.fill_null(False), starred=joined.starred.fill_null(False))


def with_revenue_bases(units: ir.Table, revenue_bases: ir.Table) -> ir.Table:
    """Units with the revenue that an estimate may rest on: four quarters, else the tax list.

    Args:
        units: One unit in one year.
        revenue_bases: One unit in one year: quarterly and taxable revenue, in yuan.

    Returns:
        The same rows with `quarters_revenue` (empty unless all four quarters were received) and `taxable_revenue`.
    """
    bases = revenue_bases.select(
        "taxable_revenue",
        b_unit="unit_id",
        b_period="period",
        quarters_revenue=(revenue_bases.quarters == QUARTERS_IN_YEAR).ifelse(
            revenue_bases.quarterly_revenue, None
        ),
    )
    return units.left_join(bases, [units.unit_id == bases.b_unit, units.period == bases.b_period]).drop(
        "b_unit", "b_period"
    )
