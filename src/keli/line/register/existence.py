"""Existence: the years of the account in which a unit exists."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext

YES, NO = ibis.literal(value=True), ibis.literal(value=False)


def spoken_years(context: StageContext) -> ir.Table:
    """Years for which a source with a year speaks of a unit.

    Returns:
        One row for each unit and year: `has_return`, `listed` (on a list of the district: return, tax or quarterly).
    """
    returns = context.read("returns").select("unit_id", "period", has_return=YES, listed=YES)
    bases = context.read("revenue_bases").select("unit_id", "period", has_return=NO, listed=YES)
    evidence = context.read("split_evidence").filter(ibis._.unit_id.notnull())
    stated = evidence.select("unit_id", "period", has_return=NO, listed=NO)
    told = ibis.union(returns, bases, stated)
    return told.group_by("unit_id", "period").agg(has_return=told.has_return.any(), listed=told.listed.any())


def first_years(context: StageContext, spoken: ir.Table, frame: ir.Table) -> ir.Table:
    """The first year in which any source speaks of a unit, for units whose date of establishment may be unknown.

    A register is a stock: it speaks of the year in which it was received, and of the last year of the account where it
    came later.

    Args:
        context: The stage's room.
        spoken: One row for each unit and year of which a source speaks.
        frame: One row for each membership of the frame: `unit_id`, `entry_date`, `exit_date`.

    Returns:
        One row for each unit: `first_year`, `on_list` (a return, tax list or frame of the district names it).
    """
    last = context.workspace.last_year
    undated = context.read("units").filter(lambda units: units.established.isnull()).select("unit_id")
    registers = context.read("accepted_register")
    received = registers.group_by("source").agg(first_year=registers.received.year().min())
    rows = context.read("unit_rows").filter(ibis._.kind == "register").semi_join(undated, "unit_id")
    stock = rows.inner_join(received, "source")
    seen = ibis.union(
        spoken.select("unit_id", first_year="period", on_list="listed"),
        frame.select("unit_id", first_year=frame.entry_date.year(), on_list=YES),
        stock.select("unit_id", first_year=ibis.least(stock.first_year, last).cast("int32"), on_list=NO),
    )
    return seen.group_by("unit_id").agg(first_year=seen.first_year.min(), on_list=seen.on_list.any())


def existing_units(context: StageContext, spoken: ir.Table, first: ir.Table) -> ir.Table:
    """Units in the years in which they exist.

    Method: a registered unit exists from the year of its establishment, or of its first mention where the date is
    unknown, to the year of its cancellation; every unit exists in a year for which a return, a tax list or split
    evidence speaks of it. An unregistered unit exists in those years only.

    Args:
        context: The stage's room.
        spoken: One row for each unit and year of which a source speaks.
        first: One row for each unit with the year of its first mention.

    Returns:
        One row for each unit and year: the columns of `units`, `has_return`, `on_list`.
    """
    years = ibis.memtable({"period": list(context.workspace.years)}, schema={"period": "int32"})
    units = context.read("units").left_join(first, "unit_id").drop("unit_id_right")
    all_years = units.cross_join(years)
    told = all_years.left_join(spoken, ["unit_id", "period"]).drop("unit_id_right", "period_right")
    start = ibis.coalesce(told.established.year(), told.first_year)
    alive = (
        told.registered & (start <= told.period) & (told.cancelled.isnull() | (told.cancelled.year() >= told.period))
    )
    existing = told.filter(told.listed.notnull() | alive.fill_null(NO))
    return existing.mutate(has_return=existing.has_return.fill_null(NO), on_list=existing.on_list.fill_null(NO)).drop(
        "listed", "first_year"
    )
