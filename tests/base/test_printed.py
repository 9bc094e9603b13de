"""Printed figures: what print says of the value behind it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from keli.base.errors import KeliError
from keli.base.printed import Interval, Printed, printed_number, read_printed

WORDS = {"超": "over", "余": "over", "多": "over", "约": "about", "左右": "about", "近": "near", "达": ""}


def test_rounding_hides_half_a_unit_of_the_last_place() -> None:
    printed = printed_number(Decimal("11.7"))
    assert printed.rounded == Interval(Fraction("11.65"), Fraction("11.75"))
    assert printed_number(Decimal(15), 1).rounded == Interval(Fraction("14.95"), Fraction("15.05"))
    assert printed_number(Decimal("1E+2")).step == 1


@pytest.mark.parametrize(
    ("text", "value", "step", "qualifier", "unit", "multiple"),
    [
        ("624.92亿元", 62_492_000_000, 1_000_000, "", "元", 10**8),
        ("超3亿元", 300_000_000, 100_000_000, "over", "元", 10**8),
        ("5700余个", 5700, 1, "over", "个", 1),
        ("达2500多个", 2500, 1, "over", "个", 1),
        ("近1,000万元", 10_000_000, 10_000, "near", "元", 10**4),
        ("100家左右", 100, 1, "about", "家", 1),
        ("－5.1％", Fraction("-5.1"), Fraction("0.1"), "", "%", 1),
        ("30亿亿次", 30 * 10**16, 10**16, "", "次", 10**16),
    ],
)
def test_figures_in_print(text: str, value: Fraction, step: Fraction, qualifier: str, unit: str, multiple: int) -> None:
    assert read_printed(text, WORDS) == Printed(Fraction(value), Fraction(step), qualifier, unit, multiple)


@pytest.mark.parametrize("text", ["", "亿元", "大概3亿", "超3亿元左右", "1.2.3"])
def test_what_is_no_figure_is_told(text: str) -> None:
    with pytest.raises(KeliError, match="is not read as a printed figure"):
        read_printed(text, WORDS)


def test_intervals_meet_where_they_share_more_than_an_end() -> None:
    one = Interval(Fraction(1), Fraction(2))
    assert one.meets(Interval(Fraction("1.9"), Fraction(3)))
    assert not one.meets(Interval(Fraction(2), Fraction(3)))
    assert not one.meets(Interval(Fraction(3), Fraction(4)))
    assert not Interval(Fraction(3), Fraction(4)).meets(one)
    assert one.holds(Fraction(2))
    assert not one.holds(Fraction(0))
