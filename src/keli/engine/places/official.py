"""Official names: the area that an address names itself."""

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

from keli.engine.text import normalised
from keli.model.codes import Code, CodeList

OUTSIDE = "outside"
SUBDISTRICT_LENGTH = 9
_COMMUNITY = "社区"
_CITY_ENDING = "市"
_DISTRICT = "区"
# Old functional districts are written with 新区: 坪山新区 is today's 坪山区.
_DISTRICT_WORD = "(?:新)?区"
# A city at the head of an address, known by the smaller area that follows it.
_CITY = r"^(?:\p{Han}{2,3}(?:省|自治区))?(\p{Han}{2,3}市)\p{Han}{1,5}(?:区|县|镇|街道)"


def coded_area(subdistrict: ir.StringValue, district: str) -> ir.StringValue:
    """The area of a delivered subdistrict code: itself in the district, else outside; null where there is none."""
    return ibis.cases((subdistrict.startswith(district), subdistrict), (subdistrict.notnull(), OUTSIDE))


def address_areas(addresses: ir.Table, areas: CodeList, district: str) -> ir.Table:
    """The area that each address names.

    Method: a subdistrict of the district by its full official name; else, where the district is named too, a community
    whose name occurs once in the official list; else the district by name. Another city at the head, another district,
    or, where no district is named, a subdistrict of another one is outside. Nothing else is evidence: a street or a
    house number is not.

    Args:
        addresses: Addresses as delivered: `address`, in any number of rows.
        areas: City, districts, subdistricts and communities.
        district: Code of the district.

    Returns:
        One row for each different address: `address`, `named_area` (a subdistrict code, the district code, `outside` or
        null), `named_community` (code of the community that it names too, or null).
    """
    own, others = _subdistricts(areas, district)
    districts, communities = _districts(areas), _communities(areas, district)
    distinct = addresses.select("address").filter(addresses.address.notnull()).distinct()
    # Kept, so that the text is normalised once and not once for every name that is looked for.
    texts = distinct.mutate(text=normalised(distinct.address)).cache()
    words = texts.mutate(
        city=texts.text.re_extract(_CITY, 1),
        district=_first(texts.text, districts, _DISTRICT_WORD),
        subdistrict=_first(texts.text, own),
        community=_first(texts.text, communities),
        other=_first(texts.text, others) != "",
        like=_first(texts.text, _like_subdistricts(areas, district)) != "",
    )
    found = words
    for word, codes in (("district", districts), ("subdistrict", own), ("community", communities)):
        found = _coded(found, word, codes)
    named = ibis.cases(
        ((found.city != "") & (found.city != areas[_city_of(areas, district)].name_zh), OUTSIDE),
        (found.district_code != district, OUTSIDE),
        (found.subdistrict_code.notnull(), found.subdistrict_code),
        (found.district_code == district, ibis.coalesce(found.community_code.substr(0, SUBDISTRICT_LENGTH), district)),
        (found.other, OUTSIDE),
        (found.like, district),
    )
    found = found.mutate(named_area=named)
    inside = found.community_code.substr(0, SUBDISTRICT_LENGTH) == found.named_area
    return found.select("address", "named_area", named_community=ibis.ifelse(inside, found.community_code, None))


def without_names(text: ir.StringValue, areas: CodeList, district: str) -> ir.StringValue:
    """The text without the names of province, city, district, subdistricts and communities: what is left to be read.

    Args:
        text: Addresses in normal form.
        areas: City, districts, subdistricts and communities.
        district: Code of the district.
    """
    own, _ = _subdistricts(areas, district)
    names = "|".join(re.escape(name) for name in sorted(own, key=lambda name: (-len(name), name)))
    communities = "|".join(
        re.escape(name) for name in sorted(_communities(areas, district), key=lambda name: (-len(name), name))
    )
    city = areas[_city_of(areas, district)].name_zh.removesuffix(_CITY_ENDING)
    own_district = areas[district].name_zh.removesuffix(_DISTRICT)
    head = rf"^(?:(?:中国)?(?:\p{{Han}}{{2,3}}省|\p{{Han}}{{2}})?{city}市?|{own_district}{_DISTRICT_WORD})+"
    found = text.re_replace(f"(?:{names})(?:办事处)?", "") if names else text
    found = found.re_replace(f"(?:{communities})(?:居委会)?", "") if communities else found
    return found.re_replace(head, "").re_replace(rf"^\p{{Han}}{{2,6}}{_COMMUNITY}", "")


def _first(text: ir.StringValue, codes: dict[str, str], ending: str = "") -> ir.StringValue:
    if not codes:
        return ibis.literal("")
    names = "|".join(re.escape(name) for name in sorted(codes, key=lambda name: (-len(name), name)))
    return text.re_extract(f"({names}){ending}", 1)


def _coded(texts: ir.Table, word: str, codes: dict[str, str]) -> ir.Table:
    schema = {f"{word}_name": "string", f"{word}_code": "string"}
    names = ibis.memtable(sorted(codes.items()) or {name: [] for name in schema}, schema=schema)
    return texts.left_join(names, texts[word] == names[f"{word}_name"])


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
    return _named_once(communities)


def _named_once(areas: list[Code] | tuple[Code, ...]) -> dict[str, str]:
    names = [area.name_zh for area in areas]
    return {area.name_zh: area.code for area in areas if names.count(area.name_zh) == 1}
