"""Units that operate elsewhere than they are registered (错地)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.engine.places.official import OUTSIDE, SUBDISTRICT_LENGTH, address_areas, coded_area
from keli.line.cover.cases.form import PLACE, cases, with_value


def cases_of_places(context: StageContext, value: ir.Table) -> list[ir.Table]:
    """Units whose return or tax list of the last year names another subdistrict than register or frame.

    Method: the place of operation is the subdistrict of the return, the address of the return, the subdistrict of the
    tax list, in this order; the seat is the subdistrict of register or frame, else the address. Both must name a
    subdistrict of the district or a place outside; the line places a unit where it operates.

    Args:
        context: The stage's room.
        value: One unit in the headline of the last year: `digital_value_added`.
    """
    year, district = context.workspace.last_year, context.workspace.area
    seats = context.read("units")
    returns, bases = (context.read(name).filter(ibis._.period == year) for name in ("returns", "revenue_bases"))
    named = _named(context, seats, returns)
    seat = seats.left_join(named, "address").select(
        "unit_id", seat=ibis.coalesce(coded_area(seats.subdistrict, district), named.named_area)
    )
    told = returns.left_join(named, "address").select(
        "unit_id", told=ibis.coalesce(coded_area(returns.subdistrict, district), named.named_area)
    )
    taxed = bases.select("unit_id", taxed=coded_area(bases.subdistrict, district))
    states = context.read("unit_period").filter(ibis._.period == year).select("unit_id", "period", "area")
    rows = states.inner_join(seat, "unit_id").left_join(told, "unit_id").drop("unit_id_right")
    rows = rows.left_join(taxed, "unit_id").drop("unit_id_right")
    rows = rows.mutate(place=ibis.coalesce(rows.told, rows.taxed), by_return=rows.told.notnull())
    apart = rows.filter(_precise(rows["seat"]), _precise(rows["place"]), rows["seat"] != rows["place"])
    return [_cases(context, apart, value)]


def _named(context: StageContext, seats: ir.Table, returns: ir.Table) -> ir.Table:
    """The area that addresses name, of units without a subdistrict only: most units have one."""
    bare = seats.filter(seats.subdistrict.isnull()).select("address")
    told = returns.filter(returns.subdistrict.isnull()).select("address")
    named = address_areas(bare.union(told), context.catalogue.areas, context.workspace.area)
    return named.select("address", "named_area")


def _precise(area: ir.StringValue) -> ir.BooleanValue:
    return (area.length() == SUBDISTRICT_LENGTH) | (area == OUTSIDE)


def _cases(context: StageContext, rows: ir.Table, value: ir.Table) -> ir.Table:
    district = context.workspace.area
    names = {code: area.name_zh for code, area in context.catalogue.areas.codes.items() if code.startswith(district)}
    joined = with_value(rows, value)
    source = ibis.ifelse(joined.by_return, "return", "tax list")
    evidence = (
        "Registered in " + joined["seat"].substitute(names) + "; the " + source + " of the year names "
        + joined["place"].substitute(names) + "."
    )  # fmt: skip
    # What operates outside has no account here, so its part of the headline is not known.
    leaves, enters = joined["place"] == OUTSIDE, joined["seat"] == OUTSIDE
    effect = ibis.cases(
        (leaves, "Not in the headline: it operates outside; by its seat it would be."),
        (~joined.in_headline, "None: no part of it is in the headline."),
        (enters, "In the headline where it operates; by its seat it would not be."),
        else_="None for the district: in the subdistrict where it operates.",
    )
    told = joined.mutate(headline_change=ibis.literal(0))
    number = ibis.literal("place/") + told.unit_id.cast("string") + "/" + told["seat"] + "/" + told["place"]
    return cases(told, PLACE, case_id=number, proposed=told["place"], evidence=evidence, effect=effect)
