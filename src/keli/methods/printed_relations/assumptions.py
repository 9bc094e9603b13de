"""Assumptions under which printed figures that do not agree would agree, each with what it implies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from keli.base.printed import Interval
from keli.methods.printed_relations.relations import PERCENT, QUOTIENTS

REVISED_BASE = "revised_base"
CONSTANT_PRICES = "constant_prices"
OTHER_DENOMINATOR = "other_denominator"
INPUTS_ROUNDED = "inputs_rounded"


@dataclass(frozen=True)
class Plausibility:
    """How far an implied value may lie from a known one.

    Args:
        revised_base: Of a revised figure, as a share of it.
        other_denominator: Of another denominator, as a share of it.
        deflator: Of a deflator from 1.
        power_of_ten: Of a quotient from a power of ten, as a share of it.
    """

    revised_base: Fraction
    other_denominator: Fraction
    deflator: Fraction
    power_of_ten: Fraction


@dataclass(frozen=True)
class Explanation:
    """Something that would make figures agree.

    Args:
        name: An assumption (figures agree under it) or a slip (they were written wrong).
        implied: What the value in question would have to be.
        words: The same in words, without the value.
    """

    name: str
    implied: Interval
    words: str


def explained(relation: str, args: Sequence[Interval], printed: Interval, limits: Plausibility) -> list[Explanation]:
    """Assumptions that explain a difference, the likeliest first; those that imply too much are left out.

    Args:
        relation: The relation.
        args: Its arguments as told: one value each, or an interval where they are known no better.
        printed: Values that the printed result may have.
        limits: How far implied values may lie.

    Method: growth: the previous value was revised to current / (1 + g), or the rate is at constant prices, with a
    deflator of (current / previous) / (1 + g); differences: the previous value was revised to a - printed;
    quotients: another denominator, a / printed.
    """
    if relation == "growth":
        factors = Interval(1 + printed.low / PERCENT, 1 + printed.high / PERCENT)
        revised = _if_near(_REVISED, divided(args[0], factors), args[1], limits.revised_base)
        nominal = divided(args[0], args[1])
        deflator = None if nominal is None else divided(nominal, factors)
        return [*revised, *_if_near(_CONSTANT, deflator, Interval(Fraction(1), Fraction(1)), limits.deflator)]
    if relation in {"diff", "ppdiff"}:
        implied = Interval(args[0].low - printed.high, args[0].high - printed.low)
        return _if_near(_REVISED, implied, args[1], limits.revised_base)
    if relation in QUOTIENTS:
        factor = PERCENT if relation == "ratio" else 1
        part = Interval(factor * args[0].low, factor * args[0].high)
        return _if_near(_OTHER, divided(part, printed), args[1], limits.other_denominator)
    return []


def divided(value: Interval, divisor: Interval) -> Interval | None:
    """All quotients of two intervals; none where the divisor may be zero."""
    if divisor.holds(Fraction(0)):
        return None
    ends = [one / other for one in (value.low, value.high) for other in (divisor.low, divisor.high)]
    return Interval(min(ends), max(ends))


_REVISED = (REVISED_BASE, "上年（基期）数经修订 the previous value was revised")
_OTHER = (OTHER_DENOMINATOR, "分母口径不同 another denominator was used")
_CONSTANT = (CONSTANT_PRICES, "按不变价计算 the rate is at constant prices, with this deflator")


def _if_near(named: tuple[str, str], implied: Interval | None, known: Interval, limit: Fraction) -> list[Explanation]:
    """The explanation, if what it implies meets the values that lie within the limit around what is known."""
    if implied is None:
        return []
    around = Interval(known.low - abs(known.low) * limit, known.high + abs(known.high) * limit)
    return [Explanation(named[0], implied, named[1])] if implied.meets(around) else []
