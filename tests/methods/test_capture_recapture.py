"""Chapman's estimate on the worked example, small cases by hand, and cases where a list says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keli.methods.capture_recapture import chapman
from keli.methods.growth import share

# Wholesale, retail, accommodation and catering of a city, economic census of 2018: units, and revenue in 亿元.
UNITS_OF_CITY, INDUSTRIES = 147_762, (84_429, 42_888, 4_659, 15_786)
REACHING, ON_REGISTER, NOT_COVERED = 31_642, 9_461, 22_181
REVENUE_REACHING, REVENUE_ON_REGISTER, REVENUE_NOT_COVERED = 123_321.01, 89_367.29, 33_953.73


def test_worked_example() -> None:
    found = chapman(9461, 12_000, 8200)
    assert (round(found.population, 2), round(found.standard_error, 2)) == (13_845.29, 31.41)
    # 9461 + 12000 - 8200 = 13261 units are on a list; 13845.29 - 13261 = 584.29 are on none.
    assert round(found.unseen, 2) == 584.29


def test_small_lists_by_hand() -> None:
    """4 and 5 units, 2 in common: 5 x 6 / 3 - 1 = 9; variance 5 x 6 x 2 x 3 / (9 x 4) = 5."""
    found = chapman(4, 5, 2)
    assert (found.population, found.unseen) == (9, 2)
    assert found.standard_error == pytest.approx(5**0.5)


@pytest.mark.parametrize(
    ("first", "second", "both", "population", "error"),
    [
        (0, 0, 0, 0, 0),
        (0, 7, 0, 7, 0),
        (7, 7, 7, 7, 0),
        (3, 7, 3, 7, 0),
        (2, 3, 0, 11, 6.0),
    ],
)
def test_degenerate_lists(first: int, second: int, both: int, population: float, error: float) -> None:
    """Empty, equal and nested lists add nothing; lists without a common unit still have an estimate.

    (2 + 1)(3 + 1) / 1 - 1 = 11, variance 3 x 4 x 2 x 3 / (1 x 2) = 36.
    """
    found = chapman(first, second, both)
    assert (found.population, found.standard_error) == (population, error)


@pytest.mark.parametrize(("first", "second", "both"), [(-1, 2, 0), (2, -1, 0), (2, 2, -1), (2, 5, 3), (5, 2, 3)])
def test_numbers_that_no_two_lists_have_are_refused(first: int, second: int, both: int) -> None:
    with pytest.raises(ValueError, match="in common"):
        chapman(first, second, both)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_population_holds_both_lists(both: int, first_only: int, second_only: int) -> None:
    found = chapman(both + first_only, both + second_only, both)
    assert found.population >= both + first_only + second_only
    assert found.unseen >= 0 <= found.standard_error


def test_coverage_of_the_reference_case() -> None:
    """9461 of the 31642 units that reach the threshold are covered, with 89367.29 of 123321.01 亿元."""
    assert sum(INDUSTRIES) == UNITS_OF_CITY
    assert ON_REGISTER + NOT_COVERED == REACHING
    assert pytest.approx(REVENUE_REACHING, abs=0.011) == REVENUE_ON_REGISTER + REVENUE_NOT_COVERED
    assert round(share(ON_REGISTER, REACHING), 2) == 29.90
    assert round(share(REVENUE_ON_REGISTER, REVENUE_REACHING), 2) == 72.47
    assert (round(share(ON_REGISTER, UNITS_OF_CITY), 1), round(share(NOT_COVERED, UNITS_OF_CITY), 1)) == (6.4, 15.0)
