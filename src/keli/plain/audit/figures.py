"""Figures in a text: what is printed, what it is called, and what it is said to be of another figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from keli.base.printed import TENS, Printed, read_printed
from keli.methods.printed_relations.verdicts import Figure
from keli.model.catalogue import Catalogue
from keli.plain.audit.rules import YEAR, AuditRules

LEVEL, SHARE, GROWTH, CHANGE, GAP, TOTAL, DENSITY, SUBSET = (
    "level", "share", "growth", "change", "gap", "total", "density", "subset",
)  # fmt: skip
POINTS, PER_CENT = ("个百分点", "百分点"), "%"
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九十", 1)}
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
_SENTENCE = re.compile(r"[。；;！？!?]")


@dataclass(frozen=True)
class Said:
    """A figure in a text.

    Args:
        place: Its number in the text, from 1.
        sentence: Number of its sentence, from 1.
        words: The figure with its unit, as written.
        subject: The words before it, back to the figure or the mark before.
        role: What it is: a level, or the share, growth, change, gap, total, density or part of another.
        of: What it is compared with, as written.
        year: The year that was named last.
        figure: The figure with the values that may stand behind it.
    """

    place: int
    sentence: int
    words: str
    subject: str
    role: str
    of: str
    year: int | None
    figure: Figure

    @property
    def unit(self) -> str:
        """Unit without multiple, as 元 or 个."""
        return self.figure.printed.unit


class Reader:
    """Reads figures by the wording of the catalogue.

    Args:
        catalogue: Facts.
        rules: Rules of the audit.
    """

    def __init__(self, catalogue: Catalogue, rules: AuditRules) -> None:
        wording: dict[str, Any] = catalogue.parameter("audit/wording").at(YEAR)
        self._rules = rules
        idle = (re.escape(word) for word, qualifier in rules.words.items() if not qualifier)
        self._idle = re.compile(f"^({'|'.join(sorted(idle, key=len, reverse=True))})")
        self._falling = re.compile(wording["falling"])
        self._cues = {role: re.compile(pattern) for role, pattern in wording["cues"].items()}
        self._subset = re.compile(wording["subset"])
        words = "|".join(sorted(map(re.escape, rules.words), key=len, reverse=True))
        tens = "|".join(word for word in TENS if word)
        units = "|".join(sorted(map(re.escape, wording["units"]), key=len, reverse=True))
        number = rf"(?<![\dA-Za-z.+/〔\-])\d[\d,]*(?:\.\d+)?(?:余|多)?(?:{tens})?(?:{units})(?:左右|以上|上下)?"
        self._figure = re.compile(rf"(?:{words})?{number}|(?:约|近)?[一二三四五六七八九十]分之[一二三四五六七八九十]")

    def read(self, text: str) -> list[Said]:
        """Return the figures of a text in their order."""
        plain = re.sub(r"\s+", "", text).replace("％", "%")
        found: list[Said] = []
        year: int | None = None
        for number, sentence in enumerate(_SENTENCE.split(plain), 1):
            for words, before, named in self._sentence(sentence, year):
                year = named
                found.append(self._said((len(found) + 1, number), words, before, named))
        return found

    def _sentence(self, sentence: str, year: int | None) -> Iterator[tuple[str, str, int | None]]:
        """Figures of a sentence as written, each with the words before it and the year that was named last."""
        end = 0
        for match in self._figure.finditer(sentence):
            before = sentence[end : match.start()]
            for named in _YEAR.finditer(before):
                year = year if self._compared(before, named.end()) else int(named[1])
            yield match[0], before, year
            end = match.end()

    @staticmethod
    def _compared(before: str, end: int) -> bool:
        """The year is one that is compared with, not the year of the figure."""
        return bool(re.search(r"(较|比)$", before[: end - len("2020年")]))

    def _said(self, places: tuple[int, int], words: str, before: str, year: int | None) -> Said:
        printed = _printed(words, self._rules)
        subject = re.split(r"[，,、]", before)[-1] or before
        role, of = self._role(before, printed.unit)
        if role in {GROWTH, CHANGE, GAP} and self._falling.search(subject):
            printed = Printed(-printed.value, printed.step, printed.qualifier, printed.unit)
        return Said(*places, self._idle.sub("", words), subject, role, of, year, self._rules.figure(printed))

    def _role(self, before: str, unit: str) -> tuple[str, str]:
        """What a figure is by the words before it and its unit."""
        clause = re.split(r"[，,。；（(]", before)[-1]
        for role in (CHANGE, GAP) if unit in POINTS else (GROWTH, SHARE) if unit in {PER_CENT, ""} else (TOTAL,):
            found = self._cues[role].search(clause)
            if found is not None:
                return role, found.groupdict().get("of") or ""
        if "/" in unit:
            return DENSITY, unit.partition("/")[2]
        if self._subset.search(before) or re.search(r"[（(][^（）()]*$", before):
            return SUBSET, ""
        return LEVEL, ""


def _printed(words: str, rules: AuditRules) -> Printed:
    """A figure as written; 五分之一 is 20 per cent."""
    fraction = re.search(r"(.)分之(.)$", words)
    if fraction is None:
        return read_printed(words, rules.words)
    value = Fraction(100 * _DIGITS[fraction[2]], _DIGITS[fraction[1]])
    return Printed(value, Fraction(1), rules.words.get(words[:-4], ""), "")
