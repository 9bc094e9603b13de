"""Events: births, deaths and moves of units."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.places.official import SUBDISTRICT_LENGTH

ACTIVE, CLOSED = "active", "closed"
NO = ibis.literal(value=False)


def with_life(units: ir.Table) -> ir.Table:
    """Add status, birth and death from the dates of establishment and cancellation.

    Args:
        units: One row for each unit and year.
    """
    closed = (units.cancelled.year() <= units.period).fill_null(NO)
    return units.mutate(
        status=ibis.ifelse(closed, CLOSED, ACTIVE),
        born=(units.established.year() == units.period).fill_null(NO),
        died=(units.cancelled.year() == units.period).fill_null(NO),
    )


def with_moves(units: ir.Table) -> ir.Table:
    """Add moves against the year before; a unit without a year before has not moved.

    Args:
        units: One row for each unit and year, with `area` and `in_district`.
    """
    life = ibis.window(group_by="unit_id", order_by="period")
    before = units.mutate(
        year_before=units.period.lag().over(life),
        area_before=units.area.lag().over(life),
        inside_before=units.in_district.lag().over(life),
    )
    known = (before.year_before == before.period - 1).fill_null(NO)
    inside, was_inside = before.in_district, before.inside_before.fill_null(NO)
    named = (before.area.length() == SUBDISTRICT_LENGTH) & (before.area_before.length() == SUBDISTRICT_LENGTH)
    elsewhere = (named & (before.area != before.area_before)).fill_null(NO)
    return before.mutate(
        moved_in=known & inside & ~was_inside,
        moved_out=known & ~inside & was_inside,
        moved_within=known & inside & was_inside & elsewhere,
    ).drop("year_before", "area_before", "inside_before")
