"""Slips of the pen: another power of ten, digits exchanged, one digit wrong, missing or double."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from keli.base.printed import Interval, Printed
from keli.methods.printed_relations.assumptions import Explanation, Plausibility

UNIT_SLIP, TYPING_SLIP = "unit_slip", "typing_slip"
TENS = tuple(power for power in range(-8, 9) if power)
LONG_ENOUGH = 3
"""Digits from which one wrong digit counts as a slip: two short figures differ in one digit too easily."""


def slips(value: Fraction, printed: Printed, limits: Plausibility) -> list[Explanation]:
    """Slips by which the printed figure may have come from the recomputed value.

    Args:
        value: The recomputed value.
        printed: The figure in print.
        limits: How near to a power of ten.
    """
    return [*_unit_slip(value, printed, limits), *_typing_slip(value, printed)]


def slipped_addends(args: Sequence[Printed], printed: Printed) -> list[Explanation]:
    """Addends of which one slip of typing makes the sum right.

    Args:
        args: The addends.
        printed: The sum in print.
    """
    missing = printed.value - sum((arg.value for arg in args), Fraction(0))
    found = []
    for number, arg in enumerate(args, 1):
        meant = arg.value + missing
        if meant >= 0 and mistyped(_digits(arg.value, arg.step), _digits(meant, arg.step)):
            words = f"笔误：第 {number} 项 slip of typing in argument {number}"
            found.append(Explanation(TYPING_SLIP, Interval(meant, meant), words))
    return found


def mistyped(one: str, other: str) -> bool:
    """Tell whether two numbers differ by one slip: neighbours exchanged, one digit wrong, missing or double.

    >>> mistyped("448", "484"), mistyped("12", "13"), mistyped("1207", "127")
    (True, False, True)
    """
    if one == other:
        return False
    if len(one) == len(other):
        differ = [place for place, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
        exchanged = len(differ) == 2 and differ[1] == differ[0] + 1 and sorted(one) == sorted(other)  # noqa: PLR2004
        return exchanged or (len(differ) == 1 and len(one) >= LONG_ENOUGH)
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _unit_slip(value: Fraction, printed: Printed, limits: Plausibility) -> list[Explanation]:
    if value == 0:
        return []
    quotient = printed.value / value
    for power in TENS:
        if abs(quotient / Fraction(10) ** power - 1) <= limits.power_of_ten:
            words = f"单位错：相差 10 的 {power} 次方 slip of the unit: 10 to the power of {power}"
            return [Explanation(UNIT_SLIP, Interval(value, value), words)]
    return []


def _typing_slip(value: Fraction, printed: Printed) -> list[Explanation]:
    if not mistyped(_digits(printed.value, printed.step), _digits(value, printed.step)):
        return []
    return [Explanation(TYPING_SLIP, Interval(value, value), "笔误：数字错写 slip of typing in the printed figure")]


def _digits(value: Fraction, step: Fraction) -> str:
    """Digits of a value to the last printed place, without point and sign."""
    return str(int(abs(value) / step + Fraction(1, 2)))
