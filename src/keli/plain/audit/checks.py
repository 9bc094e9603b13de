"""Checks of the figures of a text: each pair that stands in a relation, what it implies, whether it agrees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from keli.base.printed import Interval, Printed
from keli.methods.printed_relations.assumptions import divided
from keli.methods.printed_relations.relations import PERCENT, propagated
from keli.methods.printed_relations.verdicts import Figure, Judgement, judged
from keli.plain.audit.figures import CHANGE, DENSITY, GAP, GROWTH, LEVEL, SHARE, SUBSET, TOTAL, Said
from keli.plain.audit.known import Known, total_of
from keli.plain.audit.rules import AuditRules

HUNDRED_PER_CENT = Interval(Fraction(PERCENT), Fraction(PERCENT))


@dataclass(frozen=True)
class Finding:
    """One check.

    Args:
        sentence: Number of the sentence.
        about: What is worked out, in words.
        figures: The figures that it rests on, as written.
        implied: Values that it may have.
        unit: Its unit with its multiple, for print.
        multiple: The multiple.
        judgement: Whether figures agree; nothing where there is no figure to compare with.
        explained_in: Unit with its multiple, and the multiple, of what an assumption implies.
    """

    sentence: int
    about: str
    figures: tuple[str, ...]
    implied: Interval
    unit: str
    multiple: int = 1
    judgement: Judgement | None = None
    explained_in: tuple[str, int] = ("", 1)


class Checker:
    """Checks the figures of one text.

    Args:
        text: The text, for the areas that it names.
        known: Totals known from elsewhere.
        rules: Rules of the audit.
    """

    def __init__(self, text: str, known: Sequence[Known], rules: AuditRules) -> None:
        self._text = "".join(text.split())
        self._known = known
        self._rules = rules

    def check(self, figures: Sequence[Said]) -> list[Finding]:
        """Return the findings, sentence by sentence."""
        return [
            finding
            for _, sentence in groupby(figures, lambda said: said.sentence)
            for finding in self._sentence(list(sentence))
        ]

    def _sentence(self, figures: Sequence[Said]) -> Iterator[Finding]:
        last: dict[str, Said] = {}
        checks: dict[str, tuple[str, Callable[[Said, Said], Finding | None]]] = {
            SHARE: (LEVEL, _whole), GROWTH: (LEVEL, _previous), TOTAL: (LEVEL, _mean), DENSITY: (LEVEL, self._density),
            SUBSET: (LEVEL, self._subset), GAP: (GROWTH, _other_rate), CHANGE: (SHARE, _previous_share),
        }  # fmt: skip
        for said in figures:
            base, check = checks.get(said.role, ("", None))
            found = check(last[base], said) if check and base in last else None
            closure = self._closure(last, said) if said.role == CHANGE else None
            yield from (finding for finding in (found, closure) if finding is not None)
            last[said.role] = said

    def _closure(self, last: dict[str, Said], change: Said) -> Finding | None:
        """Level, growth, share and its change together: do they close with the whole of the year before?"""
        if not {LEVEL, GROWTH, SHARE} <= set(last):
            return None
        level, growth, share = last[LEVEL], last[GROWTH], last[SHARE]
        year = level.year - 1 if level.year else None
        whole = total_of(self._known, self._text, share.of, year)
        if whole is None:
            return None
        before = propagated("diff", [share.figure.behind, change.figure.behind])
        base = _part_of(whole.figure.behind, before)
        middle = (base.low + base.high) / 2
        previous = Figure(Printed(middle, level.figure.printed.step), base)
        judgement = judged("growth", [level.figure, previous], growth.figure, self._rules.limits)
        named = (
            level.words,
            growth.words,
            share.words,
            change.words,
            f"{whole.indicator} {whole.period} {whole.printed}",
        )
        about = "现价增速 growth at current prices"
        return Finding(
            level.sentence, about, named, judgement.between, "%", judgement=judgement, explained_in=_unit(level)
        )

    def _density(self, count: Said, density: Said) -> Finding | None:
        implied = divided(count.figure.told, density.figure.behind)
        if implied is None:
            return None
        unit = density.of
        area = total_of(self._known, self._text, unit)
        judgement = None
        figures: tuple[str, ...] = (count.words, density.words)
        if area is not None:
            judgement = judged("density", [count.figure, area.figure], density.figure, self._rules.limits)
            figures = (*figures, f"{area.indicator} {area.printed}")
        about = f"密度的分母 denominator of the density, {unit}"
        return Finding(count.sentence, about, figures, implied, unit, judgement=judgement, explained_in=(unit, 1))

    def _subset(self, whole: Said, part: Said) -> Finding | None:
        if whole.unit != part.unit:
            return None
        judgement = judged("subset", [part.figure], whole.figure, self._rules.limits)
        share = propagated("ratio", [part.figure.told, whole.figure.told])
        return Finding(
            whole.sentence, "部分占比 share of the part", (part.words, whole.words), share, "%", judgement=judgement
        )


def _whole(level: Said, share: Said) -> Finding | None:
    part = level.figure.told
    implied = divided(Interval(part.low * PERCENT, part.high * PERCENT), share.figure.behind)
    return _implied(level, share, f"{share.of or '总量'} implied whole", implied)


def _previous(level: Said, growth: Said) -> Finding | None:
    rate = growth.figure.behind
    factors = Interval(1 + rate.low / PERCENT, 1 + rate.high / PERCENT)
    about = "上年数 implied value of the year before, on one price basis"
    return _implied(level, growth, about, divided(level.figure.told, factors))


def _implied(level: Said, other: Said, about: str, implied: Interval | None) -> Finding | None:
    """What two figures imply; nothing where the divisor prints as zero."""
    if implied is None:
        return None
    return Finding(level.sentence, about, (level.words, other.words), implied, *_unit(level))


def _other_rate(growth: Said, gap: Said) -> Finding:
    implied = propagated("ppdiff", [growth.figure.behind, gap.figure.behind])
    return Finding(growth.sentence, f"{gap.of}增速 implied growth", (growth.words, gap.words), implied, "%")


def _previous_share(share: Said, change: Said) -> Finding:
    implied = propagated("ppdiff", [share.figure.behind, change.figure.behind])
    return Finding(share.sentence, f"{change.of}占比 implied share", (share.words, change.words), implied, "%")


def _mean(count: Said, total: Said) -> Finding | None:
    if total.place != count.place + 1:
        return None
    implied = propagated("mean", [total.figure.told, count.figure.told])
    about = f"平均每{count.unit} implied mean"
    return Finding(count.sentence, about, (total.words, count.words), implied, f"万{total.unit}", 10_000)


def _part_of(whole: Interval, share: Interval) -> Interval:
    """All parts of a whole by shares in per cent, all of them positive."""
    return Interval(whole.low * share.low / PERCENT, whole.high * share.high / PERCENT)


def _unit(level: Said) -> tuple[str, int]:
    """Unit of a level with the multiple that it is printed in."""
    multiple = level.figure.printed.multiple
    return f"{MULTIPLES.get(multiple, '')}{level.unit}", multiple


MULTIPLES = {10**8: "亿", 10**4: "万", 10**3: "千", 10**12: "万亿", 10**16: "亿亿"}
