"""Do printed figures agree? The recomputed value, its interval, the verdict, and what explains a difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from keli.base.printed import Interval, Printed
from keli.base.quantities import round_printed
from keli.methods.printed_relations.assumptions import INPUTS_ROUNDED, Explanation, Plausibility, explained
from keli.methods.printed_relations.relations import (
    BOUNDED,
    SUMS,
    check_arguments,
    propagated,
    recomputed,
)
from keli.methods.printed_relations.slips import TYPING_SLIP, UNIT_SLIP, slipped_addends, slips

ROUNDED = "由未修约的数计算 worked out from figures before rounding"


class Verdict(StrEnum):
    """What the audit says of a printed figure."""

    CONSISTENT = "consistent"
    ROUNDING = "consistent_rounding"
    IF = "consistent_if"
    INCONSISTENT = "inconsistent"


@dataclass(frozen=True)
class Judgement:
    """The audit of one printed figure.

    Args:
        verdict: What it says.
        value: The recomputed value, from the arguments as printed.
        between: All values that it may have behind the rounding of its arguments.
        explanations: Assumptions under which it agrees, or likely slips, the likeliest first.
    """

    verdict: Verdict
    value: Fraction
    between: Interval
    explanations: tuple[Explanation, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A printed figure and the values that may stand behind it.

    Args:
        printed: As printed.
        behind: Rounding, or the width of its qualifier.
    """

    printed: Printed
    behind: Interval

    @property
    def told(self) -> Interval:
        """What is told of the value: the figure itself, or the interval where there is more to it than rounding."""
        return self.behind if self.vague else Interval(self.printed.value, self.printed.value)

    @property
    def vague(self) -> bool:
        """There is more to the figure than rounding."""
        return self.behind != self.printed.rounded


def judged(
    relation: str, args: Sequence[Figure], printed: Figure, limits: Plausibility, convention: str = "half_up"
) -> Judgement:
    """Judge a printed figure by the figures that it is said to come from.

    Args:
        relation: One of `RELATIONS`.
        args: The figures that it comes from, in the order of the relation.
        printed: The figure.
        limits: How far implied values may lie.
        convention: Rounding convention of print.

    Returns:
        `consistent`: the recomputed value prints the same (with qualifiers: may be the value meant).
        `consistent_rounding`: a sum misses by at most half a printed unit for each addend. `consistent_if`: only under
        the assumption named first. `inconsistent`: with the likely slip, if there is one.

    Raises:
        KeliError: The relation cannot be worked out.
    """
    check_arguments(relation, [arg.behind for arg in args])
    value = recomputed(relation, [arg.printed.value for arg in args])
    between = propagated(relation, [arg.behind for arg in args])
    if relation in BOUNDED:
        verdict, found = _bounded(printed, value, between, limits)
    else:
        verdict = _agreement(relation, args, printed, value, between, convention)
        found = [] if verdict else _explanations(relation, args, printed, value, between, limits)
    return Judgement(verdict or _weighed(found), value, between, tuple(found))


def _agreement(
    relation: str, args: Sequence[Figure], printed: Figure, value: Fraction, between: Interval, convention: str
) -> Verdict | None:
    """The verdict on figures that agree; nothing where they do not."""
    vague = printed.vague or any(arg.vague for arg in args)
    if prints_as(value, printed.printed, convention) or (vague and between.meets(printed.behind)):
        return Verdict.CONSISTENT
    missed = abs(value - printed.printed.value)
    return Verdict.ROUNDING if relation in SUMS and missed <= len(args) * printed.printed.step / 2 else None


def _explanations(
    relation: str, args: Sequence[Figure], printed: Figure, value: Fraction, between: Interval, limits: Plausibility
) -> list[Explanation]:
    """What may stand behind a difference: rounding of the inputs first, then assumptions, then slips."""
    assumed = explained(relation, [arg.told for arg in args], printed.behind, limits)
    if between.meets(printed.behind):
        return [Explanation(INPUTS_ROUNDED, between, ROUNDED), *assumed]
    addends = slipped_addends([arg.printed for arg in args], printed.printed) if relation == "sum" else []
    return [*assumed, *slips(value, printed.printed, limits), *addends]


def _weighed(found: Sequence[Explanation]) -> Verdict:
    """The verdict on figures that do not agree as they stand: the likeliest explanation decides."""
    return Verdict.IF if found and found[0].name not in {UNIT_SLIP, TYPING_SLIP} else Verdict.INCONSISTENT


def _bounded(
    printed: Figure, value: Fraction, between: Interval, limits: Plausibility
) -> tuple[Verdict | None, list[Explanation]]:
    """A whole is no less than its parts, a cumulative figure no less than those before it."""
    if printed.printed.value >= value:
        return Verdict.CONSISTENT, []
    if printed.behind.high >= between.low:
        return None, [Explanation(INPUTS_ROUNDED, between, ROUNDED)]
    return None, slips(value, printed.printed, limits)


def prints_as(value: Fraction, printed: Printed, convention: str = "half_up") -> bool:
    """Tell whether a value prints as a figure, to the last place that is printed."""
    places = value / printed.step
    exact = Decimal(places.numerator) / Decimal(places.denominator)
    return round_printed(exact, 0, convention) == Decimal(int(printed.value / printed.step))
