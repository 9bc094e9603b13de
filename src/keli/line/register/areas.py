"""Areas: where each unit is in each year, and what that rests on."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.engine.places.coder import coded_addresses, gazetteer_of
from keli.engine.places.official import OUTSIDE, SUBDISTRICT_LENGTH, coded_area

LOCAL_ACTIVITY = "local_activity"


def with_area(context: StageContext, units: ir.Table) -> ir.Table:
    """Add the area of each unit in each year.

    Method: the first that says something decides: subdistrict of the year's return, address of the return, subdistrict
    of the year's tax list, subdistrict of frame or register, address text of the register. Where the first names the
    district only, a later one may name the subdistrict in it; where none does, the workspace's gazetteer may place the
    address of the return, then that of the register. Without any evidence a unit that a list of the district
    names (return, tax, frame) is taken to be in the district, every other unit outside.

    Args:
        context: The stage's room.
        units: One row for each unit and year.

    Returns:
        The rows with `area`, `area_basis`, `in_district`.
    """
    district = context.workspace.area
    told = _with_evidence(context, units)
    evidence = (told.return_area, told.tax_area, told.seat_area, told.address_area)
    best = ibis.coalesce(*evidence)
    # A coarse first word, 福田区 alone, is made finer by the first later one that names a subdistrict of the district.
    finer = ibis.coalesce(*(ibis.cases((area.length() == SUBDISTRICT_LENGTH, area)) for area in evidence), district)
    unknown = ibis.ifelse(told.on_list & ~told.consolidated, district, OUTSIDE)
    named = ibis.cases((best.isnull(), unknown), (best == district, finer), else_=best)
    placed_by = ibis.coalesce(told.return_place, told.address_place)
    by_gazetteer = (named == district) & best.notnull() & placed_by.notnull()
    area = ibis.ifelse(by_gazetteer, placed_by, named)
    basis = ibis.cases(
        (by_gazetteer, "gazetteer"),
        (best.isnull(), "unknown"),
        (told.unit_type == LOCAL_ACTIVITY, "local_unit"),
        (told.return_area.notnull(), "return"),
        (told.tax_area.notnull() | told.seat_area.notnull(), "legal_seat"),
        else_="address",
    )
    placed = told.mutate(area=area, area_basis=basis, in_district=area != OUTSIDE)
    return placed.drop(
        "return_area", "tax_area", "seat_area", "address_area", "return_place", "address_place", "on_list"
    )


def _with_evidence(context: StageContext, units: ir.Table) -> ir.Table:
    district = context.workspace.area
    returns, bases, seats = context.read("returns"), context.read("revenue_bases"), context.read("units")
    told = returns.select("address").union(seats.select("address"))
    named = _placed(context, told).cache()
    by_return = returns.select(
        "unit_id", "period", "address", coded=coded_area(returns.subdistrict, district)
    ).left_join(named, "address")
    by_return = by_return.select(
        "unit_id",
        "period",
        return_area=ibis.coalesce(by_return.coded, by_return.named_area),
        return_place="gazetteer_area",
    )
    by_tax = bases.select("unit_id", "period", tax_area=coded_area(bases.subdistrict, district))
    by_seat = seats.select("unit_id", "address", seat_area=coded_area(seats.subdistrict, district))
    by_seat = by_seat.left_join(named, "address").select(
        "unit_id", "seat_area", address_area="named_area", address_place="gazetteer_area"
    )
    joined = units.left_join(by_return, ["unit_id", "period"]).drop("unit_id_right", "period_right")
    joined = joined.left_join(by_tax, ["unit_id", "period"]).drop("unit_id_right", "period_right")
    return joined.left_join(by_seat, "unit_id").drop("unit_id_right")


def _placed(context: StageContext, told: ir.Table) -> ir.Table:
    workspace, catalogue = context.workspace, context.catalogue
    files, district = workspace.gazetteer, workspace.area
    gazetteer = gazetteer_of(files, catalogue, district) if files else None
    placed = coded_addresses(told, gazetteer, catalogue, district=district, year=workspace.last_year)
    return placed.select("address", "named_area", "gazetteer_area")
