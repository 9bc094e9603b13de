"""Cover: local activity units whose value the account of their parent already holds."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.base.periods import QUARTERS_IN_YEAR
from keli.engine.context import StageContext
from keli.line.register.areas import LOCAL_ACTIVITY


def units_with_own_figures(context: StageContext) -> ir.Table:
    """Units whose own figures hold a whole year: a usable annual return, or all four quarters.

    Method: a return is usable if it has at least one required item of its year (`value_added/items`) or a revenue; a
    return that is accepted but blank says nothing, and a consolidated return is the group's.

    Returns:
        One row for each unit and year.
    """
    returns, bases = context.read("returns"), context.read("revenue_bases")
    items = context.catalogue.parameter("value_added/items")
    told = [returns.revenue.notnull()]
    for year in context.workspace.years:
        required = [entry["item"] for entry in items.at(year) if entry["required"]]
        told.append((returns.period == year) & ibis.or_(*(returns[name].notnull() for name in required)))
    usable = returns.filter(~returns.consolidated, ibis.or_(*told))
    quarterly = bases.filter(bases.quarters == QUARTERS_IN_YEAR)
    return ibis.union(usable.select("unit_id", "period"), quarterly.select("unit_id", "period"), distinct=True)


def with_cover(units: ir.Table, accounted: ir.Table) -> ir.Table:
    """Add whether the figures of the legal unit cover a local activity unit.

    Args:
        units: One row for each unit and year, with `parent_id`, `in_district` and `consolidated`.
        accounted: One row for each unit and year whose own figures hold the whole year (`units_with_own_figures`).

    Returns:
        The rows with `covered_by_parent`: the parent is in the district and its own figures hold the year.
    """
    inside = units.filter(units.in_district & ~units.consolidated).semi_join(accounted, ["unit_id", "period"])
    parents = inside.select("period", covering_id="unit_id")
    matched = (units.parent_id == parents.covering_id) & (units.period == parents.period)
    joined = units.left_join(parents, matched).drop("period_right")
    covered = joined.covering_id.notnull() & (joined.unit_type == LOCAL_ACTIVITY)
    return joined.mutate(covered_by_parent=covered).drop("covering_id")
