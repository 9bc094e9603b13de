"""Rounding once for print: half up as bulletins do, half even as GB/T 8170 does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from keli.base.quantities import YUAN_IN, round_printed


@pytest.mark.parametrize(
    ("value", "decimals", "up", "even"),
    [(624.915, 2, "624.92", "624.92"), (0.845, 2, "0.85", "0.84"), (11.7507, 1, "11.8", "11.8"), (-2.5, 0, "-3", "-2")],
)
def test_both_conventions(value: float, decimals: int, up: str, even: str) -> None:
    assert round_printed(value, decimals) == Decimal(up)
    assert round_printed(value, decimals, "half_even") == Decimal(even)


def test_a_decimal_is_taken_as_it_is() -> None:
    assert round_printed(Decimal("0.84999999999999999"), 2) == Decimal("0.85")


def test_money_units() -> None:
    assert YUAN_IN["亿元"] / YUAN_IN["万元"] == 10_000
