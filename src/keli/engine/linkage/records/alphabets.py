"""Alphabets: traditional characters with their simplified form, characters with their sound."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import ibis
import ibis.expr.types as ir
import opencc
from pypinyin.constants import Style
from pypinyin.pinyin_dict import pinyin_dict
from pypinyin.style import convert

TRADITIONAL = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
FIRST_HAN, LAST_HAN = 0x4E00, 0x9FFF


@cache
def simplified_characters() -> tuple[str, str]:
    """Return traditional characters and, at the same places, their simplified forms, the first of several."""
    rows = [line.split("\t") for line in TRADITIONAL.read_text(encoding="utf-8").splitlines() if "\t" in line]
    pairs = sorted((row[0], row[1].split(" ")[0]) for row in rows)
    changed = [(old, new) for old, new in pairs if old != new and FIRST_HAN <= ord(old) <= LAST_HAN and len(new) == 1]
    return "".join(old for old, _ in changed), "".join(new for _, new in changed)


@cache
def sounds() -> ir.Table:
    """Return one row for each Chinese character: `letter` and `sound`, its commonest reading without the tone."""
    letters = [point for point in sorted(pinyin_dict) if FIRST_HAN <= point <= LAST_HAN]
    rows = [
        {"letter": chr(point), "sound": convert(pinyin_dict[point].split(",")[0], Style.NORMAL, strict=True)}
        for point in letters
    ]
    return ibis.memtable(rows, schema={"letter": "string", "sound": "string"})


def simplified(text: ir.StringValue) -> ir.StringValue:
    """The text in simplified characters; only texts that hold a traditional one are translated."""
    old, new = simplified_characters()
    return ibis.ifelse(text.re_search(f"[{old}]"), text.translate(old, new), text)


def spoken(texts: ir.Table, column: str) -> ir.Table:
    """The sound of each different text, such as `shen zhen` of 深圳.

    Args:
        texts: Rows with the column.
        column: Name of the column of text.

    Returns:
        One row for each different text: the column and `sound`; characters without a reading stand for themselves.
    """
    different = texts.select(text=texts[column]).filter(lambda row: row.text.notnull()).distinct()
    places = different.mutate(place=ibis.range(0, different.text.length()).unnest())
    letters = places.mutate(letter=places.text.substr(places.place, 1))
    known = letters.left_join(sounds(), "letter")
    heard = known.mutate(heard=ibis.coalesce(known.sound, known.letter))
    joined = heard.group_by("text").agg(sound=heard.heard.group_concat(sep=" ", order_by=heard.place))
    return joined.rename({column: "text"})
