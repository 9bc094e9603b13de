"""Printed figures: what a figure in print says of the value behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from keli.base.errors import KeliError

TENS = {"亿亿": 10**16, "万亿": 10**12, "亿": 10**8, "万": 10**4, "千": 10**3, "": 1}
"""Multiples as they are printed before a unit."""

_FIGURE = re.compile(
    r"^(?P<before>[^\d+\-.]*)(?P<sign>[+\-])?(?P<digits>\d[\d,]*(?:\.\d+)?)"
    r"(?P<after>余|多)?(?P<tens>亿亿|万亿|亿|万|千)?(?P<unit>[^\d]*)$"
)
_AROUND = re.compile(r"(余|多|左右|以上|上下)$")
_WIDE = {ord(wide): plain for wide, plain in zip("０１２３４５６７８９．，＋－−％　", "0123456789.,+--% ", strict=True)}


@dataclass(frozen=True)
class Interval:
    """Values between two bounds, both held to be possible."""

    low: Fraction
    high: Fraction

    def holds(self, value: Fraction) -> bool:
        """Tell whether a value lies between the bounds."""
        return self.low <= value <= self.high

    def meets(self, other: Interval) -> bool:
        """Tell whether two intervals have more than an end in common: one of two ends that touch prints otherwise."""
        return self.low < other.high and other.low < self.high


@dataclass(frozen=True)
class Printed:
    """A figure as printed.

    Args:
        value: What it says, in whole units (元, 家, per cent).
        step: One unit of its last printed place, in whole units.
        qualifier: 余, 超, 约 and the like; empty for a plain figure.
        unit: What stands behind the number, without its multiple.
        multiple: The multiple it is printed in: 10,000 for 139.5万元.
    """

    value: Fraction
    step: Fraction
    qualifier: str = ""
    unit: str = ""
    multiple: int = 1

    @property
    def rounded(self) -> Interval:
        """Values that print so under rounding to the nearest."""
        return Interval(self.value - self.step / 2, self.value + self.step / 2)


def printed_number(number: Decimal, decimals: int | None = None) -> Printed:
    """Return a number as printed to its own decimals, or to those that are named.

    >>> printed_number(Decimal("11.7")).rounded
    Interval(low=Fraction(233, 20), high=Fraction(47, 4))
    """
    exponent = number.as_tuple().exponent
    own = max(0, -exponent) if isinstance(exponent, int) else 0
    places = own if decimals is None else decimals
    return Printed(Fraction(number), Fraction(10) ** -places)


def read_printed(text: str, qualifiers: Mapping[str, str]) -> Printed:
    """Read a figure in print, such as "超3亿元", "5700余个", "17.8%", "近1000万元".

    Args:
        text: The figure.
        qualifiers: Word of a qualifier -> the qualifier it stands for; empty for words that change nothing (达).

    Returns:
        The figure in whole units: 3亿元 is 300,000,000 元.

    Raises:
        KeliError: It holds no number, or words that are no qualifier.
    """
    plain = re.sub(r"\s", "", text.translate(_WIDE))
    found = _FIGURE.match(plain)
    if found is None:
        raise _unread(text)
    words = [found["before"], found["after"] or ""]
    unit = found["unit"]
    around = _AROUND.search(unit)
    if around is not None:
        words.append(around[1])
        unit = unit[: around.start()]
    told = {qualifiers.get(word) for word in words if word} - {""}
    if None in told or len(told) > 1:
        raise _unread(text)
    number = Decimal(f"{found['sign'] or ''}{found['digits'].replace(',', '')}")
    tens = TENS[found["tens"] or ""]
    plain_figure = printed_number(number)
    qualifier = "".join(word for word in told if word)
    return Printed(plain_figure.value * tens, plain_figure.step * tens, qualifier, unit, tens)


def _unread(text: str) -> KeliError:
    return KeliError(
        f'"{text}" is not read as a printed figure.',
        example='624.92, "超3亿元", "5700余个", "17.8%"',
        next_step="Write one number with its unit and one qualifier at most.",
    )
