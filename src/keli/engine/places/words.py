"""Words: the roads, street numbers and buildings that an address names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.engine.places.official import without_names
from keli.engine.text import matches_of, normalised
from keli.model.codes import CodeList

BUILDING, ROAD = "building", "road"
_NUMERALS = "一二三四五六七八九十"
_COMPASS = "[东西南北]"
_SHORTEST = {BUILDING: 3, ROAD: 2}
WORDS = ("address", "kind", "name", "number")


def place_words(addresses: ir.Table, areas: CodeList, district: str, words: dict[str, Any]) -> ir.Table:
    """The roads, street numbers and buildings that each address names.

    Method: names of areas, remarks, floors and rooms are taken out. A road is a run of Chinese characters up to the
    first ending of a road name (福华三路, 深南大道), with the number that follows it; a building is what is left up to
    an ending of a building name (天安数码城, 八卦岭工业区), or a whole run that has none. Words that join or point
    (与, 交汇处, 东侧) are cut off; names too common to say where (裙楼, 综合楼) are none.

    Args:
        addresses: Addresses as delivered: `address`, each once.
        areas: City, districts, subdistricts and communities, whose names are taken out.
        district: Code of the district.
        words: Value of the parameter places/words.

    Returns:
        One row for each address and word: `address`, `kind` (road or building), `name`, `number` (of a road, or null).
    """
    text = without_names(normalised(addresses.address), areas, district)
    inside = f"(?:\\d+(?:-\\d+)?|[{_NUMERALS}]+)(?:{_any(words['inside'])})"
    text = text.re_replace(_any(words["remarks"]), "|").re_replace(inside, "|")
    text = text.re_replace(f"({_any(words['zone'])})(\\p{{Han}}{{2}})", r"\1|\2")
    # Kept, so that the text is cut once and not once for every word that is looked for.
    texts = addresses.select("address", text=text).filter(ibis._.text.notnull()).cache()
    roads, buildings = _roads(texts, words), _buildings(texts, words)
    return ibis.union(roads, buildings).distinct()


def _roads(texts: ir.Table, words: dict[str, Any]) -> ir.Table:
    side = f"(?:{_COMPASS}?侧)?"
    token = texts.select("address", token=matches_of(texts.text, f"{_road(words)}{side}\\d*")).unnest("token")
    name = token.token.re_extract(f"^({_road(words)})", 1).re_replace(_pointing(words), "")
    number = token.token.re_extract(r"(\d*)$", 1).try_cast("int64")
    named = token.select("address", kind=ibis.literal(ROAD), name=name, number=number)
    return named.filter(named.name.length() >= _SHORTEST[ROAD])


def _buildings(texts: ir.Table, words: dict[str, Any]) -> ir.Table:
    rest = texts.text.re_replace(_road(words), "|")
    runs = texts.select("address", run=matches_of(rest, r"\p{Han}{2,}")).unnest("run")
    runs = runs.select("address", run=runs.run.re_replace(_pointing(words), ""))
    found = matches_of(runs.run, f"\\p{{Han}}+?(?:{_any(words['building'])})+")
    # A run without any ending may be a name of its own: 阳光四季, 求是.
    parts = runs.select("address", name=ibis.ifelse(found.length() > 0, found, ibis.array([runs.run]))).unnest("name")
    names = parts.select("address", name=parts.name.re_replace(_pointing(words), ""))
    told = (names.name.length() >= _SHORTEST[BUILDING]) & names.name.notin(words["common"])
    return names.filter(told).select("address", kind=ibis.literal(BUILDING), name=names.name, number=ibis.null("int64"))


def _road(words: dict[str, Any]) -> str:
    ending = _any(words["road"])
    return f"\\p{{Han}}{{1,10}}?(?:{ending})(?:[{_NUMERALS}]+(?:{ending}))?"


def _pointing(words: dict[str, Any]) -> str:
    return f"^(?:{_any(words['pointing'])})+"


def _any(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
