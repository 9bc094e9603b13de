"""Addresses: the area that a text names by official names. Street numbers are never guessed."""

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

from keli.engine.text import normalised
from keli.model.codes import Code, CodeList

OUTSIDE = "outside"
_COMMUNITY = "社区"
_DISTRICT = "区"
# Old functional districts are written with 新区: 坪山新区 is today's 坪山区.
_DISTRICT_WORD = "(?:新)?区"
# A city at the head of an address, known by the smaller area that follows it.
_CITY = r"^(?:\p{Han}{2,3}(?:省|自治区))?(\p{Han}{2,3}市)\p{Han}{1,5}(?:区|县|镇|街道)"


def coded_area(subdistrict: ir.StringValue, district: str) -> ir.StringValue:
    """The area of a delivered subdistrict code: itself in the district, else outside; null where there is none."""
    return ibis.cases((subdistrict.startswith(district), subdistrict), (subdistrict.notnull(), OUTSIDE))


def address_area(address: ir.StringValue, areas: CodeList, district: str) -> ir.StringValue:
    """The area that an address names.

    Method: a subdistrict of the district by its full official name; else, where the district is named too, a community
    whose name occurs once in the official list; else the district by name. Another city at the head, another district,
    or, where no district is named, a subdistrict of another one is outside. Nothing else is evidence: a street or a house
    number is not.

    Args:
        address: Address as delivered.
        areas: City, districts, subdistricts and communities.
        district: Code of the district.

    Returns:
        A subdistrict code, the district code, `outside` or null.
    """
    text = normalised(address)
    own, others = _subdistricts(areas, district)
    city = text.re_extract(_CITY, 1)
    named = _first(text, _districts(areas), _DISTRICT_WORD)
    return ibis.cases(
        ((city != "") & (city != areas[_city_of(areas, district)].name_zh), OUTSIDE),
        (named.notnull() & (named != district), OUTSIDE),
        (_first(text, own).notnull(), _first(text, own)),
        (named == district, ibis.coalesce(_first(text, _communities(areas, district)), district)),
        (_first(text, others).notnull(), OUTSIDE),
        (_first(text, _like_subdistricts(areas, district)).notnull(), district),
    )


def _first(text: ir.StringValue, codes: dict[str, str], ending: str = "") -> ir.StringValue:
    if not codes:
        return ibis.null("string").cast("string")
    names = "|".join(re.escape(name) for name in sorted(codes, key=lambda name: (-len(name), name)))
    return text.re_extract(f"({names}){ending}", 1).substitute(codes, else_=ibis.null("string"))


def _city_of(areas: CodeList, district: str) -> str:
    return areas.ancestors(district)[-1]


def _districts(areas: CodeList) -> dict[str, str]:
    return {area.name_zh.removesuffix(_DISTRICT): area.code for area in areas.at_level("district")}


def _subdistricts(areas: CodeList, district: str) -> tuple[dict[str, str], dict[str, str]]:
    codes = _named_once(areas.at_level("subdistrict"))
    own = {name: code for name, code in codes.items() if code.startswith(district)}
    return own, {name: code for name, code in codes.items() if name not in own}


def _like_subdistricts(areas: CodeList, district: str) -> dict[str, str]:
    codes = _named_once(areas.at_level("subdistrict_like"))
    return {name: code for name, code in codes.items() if code.startswith(district)}


def _communities(areas: CodeList, district: str) -> dict[str, str]:
    communities = [
        Code(area.code, area.level, area.parent, area.name_zh.partition(_COMMUNITY)[0] + _COMMUNITY)
        for area in areas.at_level("community")
        if area.code.startswith(district) and _COMMUNITY in area.name_zh
    ]
    return {name: areas[code].parent or district for name, code in _named_once(communities).items()}


def _named_once(areas: list[Code] | tuple[Code, ...]) -> dict[str, str]:
    names = [area.name_zh for area in areas]
    return {area.name_zh: area.code for area in areas if names.count(area.name_zh) == 1}
