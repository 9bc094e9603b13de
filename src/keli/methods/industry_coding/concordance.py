"""Concordance: what a code of GB/T 4754-2011 is in the edition of 2017."""

from __future__ import annotations

from collections.abc import Sequence

from keli.model.codes import CodeList

DIVISION = 2
CURRENT, EARLIER = 2017, 2011
# 2017 put 79 土地管理业 in: divisions 79 to 96 of 2011 have the next number since (87 文化艺术业 is 88).
FIRST_MOVED = 79
# The last wins: a class before a group of the same name.
LEVELS = ("group", "class")


def current_codes(
    codes: Sequence[str], names: Sequence[str | None], gbt: CodeList, *, edition: int = 2017
) -> list[str | None]:
    """The code of 2017 that each label stands for.

    Args:
        codes: Codes of two to four digits.
        names: Official name of each code in its own edition, where known.
        gbt: GB/T 4754-2017.
        edition: 2011 or 2017.

    Returns:
        A code of each: of edition 2017 the code itself; of 2011 the class (or else the group) of the same name in the
        same division, else the division alone, under its number of 2017; none where 2017 has no such division.
    """
    by_name = {(code.code[:DIVISION], code.name_zh): code.code for level in LEVELS for code in gbt.at_level(level)}
    return [_current(code.strip(), name, gbt, by_name, edition) for code, name in zip(codes, names, strict=True)]


def _current(
    code: str, name: str | None, gbt: CodeList, by_name: dict[tuple[str, str], str], edition: int
) -> str | None:
    if edition == CURRENT:
        return code if code in gbt and len(code) >= DIVISION else None
    division = code[:DIVISION]
    if division.isdecimal() and int(division) >= FIRST_MOVED:
        division = str(int(division) + 1)
    fallback = division if division in gbt and len(division) == DIVISION else None
    return by_name.get((division, (name or "").strip()), fallback)
