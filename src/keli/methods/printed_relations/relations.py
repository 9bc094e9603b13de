"""Relations between printed figures, on values and on intervals of rounding."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction

from keli.base.errors import KeliError
from keli.base.printed import Interval

PERCENT = 100
SUMS = frozenset({"sum", "diff", "ppdiff"})
"""Relations that add and subtract: each figure may miss by half a printed unit."""

QUOTIENTS = frozenset({"ratio", "density", "mean"})
BOUNDED = frozenset({"cumulative", "subset"})
"""Relations that bound the printed figure from below: it is at least as large as each argument."""

_FORMULAS: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "ratio": lambda args: PERCENT * args[0] / args[1],
    "growth": lambda args: PERCENT * (args[0] / args[1] - 1),
    "density": lambda args: args[0] / args[1],
    "mean": lambda args: args[0] / args[1],
    "diff": lambda args: args[0] - args[1],
    "ppdiff": lambda args: args[0] - args[1],
    "sum": lambda args: sum(args, Fraction(0)),
    "cumulative": max,
    "subset": max,
}
_DIVIDING = QUOTIENTS | {"growth"}
RELATIONS = tuple(_FORMULAS)
PAIRED = _DIVIDING | {"diff", "ppdiff"}
"""Relations of two arguments."""


def check_arguments(relation: str, args: Sequence[Interval]) -> None:
    """Check that a relation is known and can be worked out.

    Raises:
        KeliError: It is unknown, has too few or too many arguments, or a divisor that may be zero.
    """
    if relation not in _FORMULAS:
        raise KeliError(f'There is no relation "{relation}".', next_step=f"Relations are: {', '.join(RELATIONS)}.")
    wanted = 2 if relation in PAIRED else 1
    if len(args) < wanted or (relation in PAIRED and len(args) > wanted):
        number = "exactly 2 arguments" if relation in PAIRED else "at least 1 argument"
        raise KeliError(
            f'The relation "{relation}" needs {number}; {len(args)} were given.',
            example='{"id": "a", "rel": "ratio", "args": [624.92, 5341.2], "printed": 11.7, "dp": 1}',
        )
    if relation in _DIVIDING and args[1].holds(Fraction(0)):
        raise KeliError(f'The second argument of "{relation}" is zero, or prints as zero; nothing is divided by it.')


def recomputed(relation: str, args: Sequence[Fraction]) -> Fraction:
    """The value of a relation at its arguments as printed.

    Method: ratio 100 a / b; growth 100 (a / b - 1); density and mean a / b; diff and ppdiff a - b; sum of all;
    cumulative and subset: the largest argument, which the printed figure must reach.

    >>> round(float(recomputed("ratio", [Fraction(195), Fraction(828)])), 2)
    23.55
    """
    return _FORMULAS[relation](args)


def propagated(relation: str, args: Sequence[Interval]) -> Interval:
    """All values of a relation while its arguments lie in their intervals.

    Method: each relation rises or falls in each argument, so its extremes lie at ends of the intervals. A divisor does
    not hold zero (`check_arguments`).
    """
    if relation not in PAIRED:
        return Interval(
            recomputed(relation, [arg.low for arg in args]), recomputed(relation, [arg.high for arg in args])
        )
    values = [recomputed(relation, ends) for ends in itertools.product(*((arg.low, arg.high) for arg in args))]
    return Interval(min(values), max(values))
