"""Units of the frame that nothing is heard of (失联), or whose revenue stays below the threshold (退库预警)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.base.periods import MONTHS_IN_YEAR
from keli.engine.context import StageContext
from keli.line.cover.cases.form import EXIT, LOST, cases, in_wan, numbered, percent_of, with_value

MONTHS_IN_QUARTER = 3
SEARCH, REMOVE = "look for the unit", "prepare its exit"
NO = ibis.literal(value=False)
_STATE = ("unit_id", "period", "area")


def cases_of_the_frame(context: StageContext, reach: ir.Table, value: ir.Table) -> list[ir.Table]:
    """Units that stay on the frame after the last year, and that are silent or too small.

    Args:
        context: The stage's room.
        reach: One survey unit in one year (`unit_reach`).
        value: One unit in the headline of the last year: `digital_value_added`.
    """
    return [_lost(context, value), _leaving(context, reach, value)]


def _lost(context: StageContext, value: ir.Table) -> ir.Table:
    """Units whose last statement ends too long before the newest one."""
    year = context.workspace.last_year
    most = context.catalogue.parameter("coverage/silence_months").at(year)
    periods = context.read("unit_period")
    staying = periods.filter(periods.period == year, periods.in_frame, periods.in_frame_next, periods.in_district)
    heard = _last_months(context)
    newest = heard.month.max().as_scalar()
    rows = staying.select(*_STATE).left_join(heard, "unit_id").drop("unit_id_right")
    silent = rows.month.isnull() | (newest - rows.month > most)
    rows = with_value(rows.filter(silent), value)
    since = ibis.ifelse(rows.month.isnull(), "ever", "after " + _as_period(rows.month))
    evidence = "On the above-scale list, but no return, tax row or quarter " + since + "."
    effect = ibis.ifelse(
        rows.in_headline, "In the headline on older evidence.", "None: nothing of it is in the headline of the year."
    )
    told = rows.mutate(headline_change=ibis.literal(0))
    return cases(
        told, LOST, case_id=numbered(LOST, told), proposed=ibis.literal(SEARCH), evidence=evidence, effect=effect
    )


def _last_months(context: StageContext) -> ir.Table:
    """The month in which the last statement of each unit ends, counted from the year 0."""
    returns, bases = context.read("returns"), context.read("revenue_bases")
    year_end = bases.taxable_revenue.notnull()
    month = ibis.ifelse(year_end, MONTHS_IN_YEAR, bases.quarters * MONTHS_IN_QUARTER)
    told = returns.select("unit_id", month=(returns.period * MONTHS_IN_YEAR + MONTHS_IN_YEAR).cast("int32")).union(
        bases.select("unit_id", month=(bases.period * MONTHS_IN_YEAR + month).cast("int32"))
    )
    return told.group_by("unit_id").agg(month=told.month.max())


def _as_period(month: ir.IntegerValue) -> ir.StringValue:
    within = (month - 1) % MONTHS_IN_YEAR + 1
    return ((month - within) // MONTHS_IN_YEAR).cast("string") + "-" + within.cast("string").lpad(2, "0")


def _leaving(context: StageContext, reach: ir.Table, value: ir.Table) -> ir.Table:
    """Units whose revenue is known and below the threshold in every one of the last years."""
    year = context.workspace.last_year
    years = context.catalogue.parameter("coverage/years_below").at(year)
    known = reach.filter(reach.period > year - years, reach.revenue < reach.threshold)
    below = known.group_by("unit_id").agg(years=known.count()).filter(ibis._.years == years)
    last = reach.filter(reach.period == year, reach.in_frame, reach.in_frame_next, ~reach.asked)
    rows = with_value(last.semi_join(below, "unit_id"), value)
    evidence = (
        ibis.literal(f"Below the threshold in {years} years in a row; revenue of {year} ") + in_wan(rows.revenue) + ": "
        + percent_of(rows.revenue, rows.threshold) + " of " + in_wan(rows.threshold) + " of " + rows.industries + "."
    )  # fmt: skip
    effect = ibis.ifelse(
        rows.in_headline,
        "In the headline with its own return; after its exit by estimate.",
        "None: no part of it is in the headline.",
    )
    told = rows.mutate(headline_change=ibis.literal(0))
    return cases(
        told, EXIT, case_id=numbered(EXIT, told), proposed=ibis.literal(REMOVE), evidence=evidence, effect=effect
    )
