"""Periods: a quarter has three months."""

from keli.base.periods import MONTHS_IN_YEAR, QUARTERS_IN_YEAR


def test_a_quarter_has_three_months() -> None:
    assert MONTHS_IN_YEAR / QUARTERS_IN_YEAR == 3
