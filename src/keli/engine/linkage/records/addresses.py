"""Addresses of Chinese firms: city, district, road with number, building, and what is left to compare."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.linkage.records.alphabets import simplified
from keli.engine.linkage.records.names import Words, one_of
from keli.engine.text import normalised

NUMERALS = ("一二三四五六七八九〇零", "12345678900")
MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
SHORT, LONG = 4, 6
STATE = "(?:中华人民共和国|中国)?"


def with_written_address(rows: ir.Table, column: str, words: Words, name_words: Words) -> ir.Table:
    """Add `written_<column>`: without remarks, marks and province, numerals as digits.

    Args:
        rows: Rows with the address as delivered.
        column: Name of its column.
        words: Facts of linkage/address_words.
        name_words: Facts of linkage/name_words, for the provinces.
    """
    text = simplified(normalised(rows[column]))
    text = text.re_replace(rf"\([^()]*{one_of(words['remarks'])}[^()]*\)", "").re_replace("[、,.~]+", "-")
    text = text.re_replace(r"[^\p{Han}A-Z0-9\-]", "")
    provinces = [word for word in name_words["provinces"] if word not in MUNICIPALITIES]
    land = rf"^{STATE}(?:{one_of(provinces)}(?:维吾尔|回族|壮族)?(?:省|自治区)?)?"
    return rows.mutate(**{f"written_{column}": text.re_replace(land, "").translate(*NUMERALS).nullif("")})


def with_area(rows: ir.Table, column: str, words: Words, name_words: Words) -> ir.Table:
    """Add `city_<column>`, `district_<column>`, and `rest_<column>`: what stands behind city, district, community."""
    written = rows[f"written_{column}"]
    municipal = one_of([*name_words["cities"], *MUNICIPALITIES])
    city = written.re_extract(f"^({municipal})", 1).nullif("")
    tail = written.re_replace(f"^{municipal}(?:市|地区|盟|州)?", "")
    ending = one_of(words["districts"])
    district = tail.re_extract(rf"^([^\d路街道号园]{{1,7}}?){ending}", 1).nullif("")
    rest = tail.re_replace(rf"^(?:[^\d路街道号园]{{1,7}}?{ending}){{1,2}}", "")
    rest = rest.re_replace(rf"^[^路号]{{1,7}}?{one_of(words['subdistricts'])}(.+)", r"\1")
    rest = rest.re_replace(rf"^[^路号]{{1,7}}?{one_of(words['communities'])}(.+)", r"\1")
    return rows.mutate(**{f"city_{column}": city, f"district_{column}": district, f"rest_{column}": rest})


def with_local(rows: ir.Table, column: str, words: Words) -> ir.Table:
    """Add `local_<column>`, `road_<column>`, `door_<column>` (road with number) and `building_<column>`."""
    rest = rows[f"rest_{column}"].re_replace("街道", "")
    local = rest.re_replace(rf"{one_of(words['parts'])}+", "-").re_replace("-+", "-").re_replace("^-|-$", "")
    way = rf"{one_of(words['roads'])}(?:东|西|南|北|中)?段?"
    road = rest.re_extract(rf"([^\d\-区园村镇社乡]{{1,8}}\d?{way})", 1).nullif("")
    number = rest.re_extract(rf"[^\d\-区园村镇社乡]{{1,8}}\d?{way}(\d+)", 1).nullif("")
    building = rest.re_extract(rf"([^\d\-号路街道弄栋层楼座区镇A-Z]{{2,10}}{one_of(words['buildings'])})", 1).nullif("")
    # 经济开发区 stands in every second town: without a number the district is part of what tells the place.
    numbered = local.re_search(r"\d")
    local = ibis.ifelse(numbered, local, rows[f"district_{column}"].fill_null("") + local)
    telling = local.length() >= ibis.ifelse(numbered, SHORT, LONG)
    return rows.mutate(
        **{
            f"local_{column}": ibis.ifelse(telling, local, ibis.null("string")),
            f"road_{column}": road,
            f"door_{column}": road + number,
            f"building_{column}": building,
        }
    )
