"""Denton and Cholette against published tables, by hand, and what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keli.base.errors import ConfigurationError
from keli.methods.disaggregation.conversion import CONVERSIONS, conversion_matrix
from keli.methods.disaggregation.denton import CRITERIA, ORDERS, denton, uniform

YEARS = np.array([500.0, 400, 300, 400, 500])
QUARTERS = np.tile([50.0, 100, 150, 100], 5)
# Denton (1971), Journal of the American Statistical Association 66, p. 101, the table as printed by the manual of
# tempdisagg 1.1.1 (td): the original method, rounded to whole numbers.
PUBLISHED = {
    ("additive", 0): "75 125 175 125 50 100 150 100 25 75 125 75 50 100 150 100 75 125 175 125",
    ("additive", 1): "67 127 180 126 65 105 145 85 27 73 123 78 37 96 154 112 69 124 178 129",
    ("additive", 2): "62 125 182 130 70 106 142 81 24 72 124 80 38 96 155 112 68 123 178 132",
    ("proportional", 0): "56 122 200 122 50 100 150 100 44 78 100 78 50 100 150 100 56 122 200 122",
    ("proportional", 1): "57 124 194 125 58 107 146 89 40 74 109 77 43 94 153 110 58 123 190 129",
    ("proportional", 2): "55 122 194 129 61 109 145 85 39 73 110 78 43 94 154 110 58 121 189 131",
}  # fmt: skip


@pytest.mark.parametrize(("criterion", "h"), PUBLISHED)
def test_the_table_of_denton(criterion: str, h: int) -> None:
    found = denton(YEARS, QUARTERS, conversion_matrix("sum", 4, 5), criterion=criterion, h=h, cholette=False)
    assert found.round().astype(int).tolist() == [int(value) for value in PUBLISHED[criterion, h].split()]


def test_the_example_of_the_quarterly_accounts_manual() -> None:
    """IMF, Quarterly National Accounts Manual (2001), chapter VI: two benchmarks, the third year extrapolated."""
    indicator = np.array([98.2, 100.8, 102.2, 100.8, 99.0, 101.6, 102.7, 101.5, 100.5, 103.0, 103.5, 101.5])
    published = [969.8, 998.4, 1018.3, 1013.4, 1007.2, 1042.9, 1060.3, 1051.0, 1040.6, 1066.5, 1071.7, 1051.0]
    found = denton(np.array([4000.0, 4161.4]), indicator, conversion_matrix("sum", 4, 2, 0, 4))
    assert found == pytest.approx(published, abs=0.1)


def test_one_year_is_spread_as_the_indicator() -> None:
    """Pro rata: 10, 20, 30, 40 to 200 are doubled, and so is the quarter after."""
    found = denton(np.array([200.0]), np.array([10.0, 20, 30, 40, 50]), conversion_matrix("sum", 4, 1, 0, 1))
    assert found == pytest.approx([20, 40, 60, 80, 100], abs=1e-12)


def test_one_year_is_raised_evenly() -> None:
    """Additive, first differences: 100 become 140, ten more each quarter."""
    found = denton(
        np.array([140.0]), np.array([10.0, 20, 30, 40]), conversion_matrix("sum", 4, 1), criterion="additive"
    )
    assert found == pytest.approx([20, 30, 40, 50], abs=1e-12)


def test_two_half_years_by_hand() -> None:
    """Years of two halves, 2 and 6, no indicator: corrections c with c1 + c2 = 0, c3 + c4 = 4 of ones, smallest steps.

    With c1 = -a and c4 = 2 + b: steps 2a, 2 - b - a, 2b; 4a^2 + (2 - a - b)^2 + 4b^2 is least at a = b = 1/3.
    """
    found = denton(np.array([2.0, 6.0]), np.ones(4), conversion_matrix("sum", 2, 2), criterion="additive")
    assert found == pytest.approx([2 / 3, 4 / 3, 8 / 3, 10 / 3], abs=1e-12)


def test_denton_bends_at_the_beginning_where_cholette_does_not() -> None:
    """An indicator in the right proportion keeps its form with Cholette; Denton pulls its first quarter to itself."""
    weights = conversion_matrix("sum", 4, 3)
    indicator = np.tile([1.0, 2, 3, 4], 3)
    assert denton(np.full(3, 20.0), indicator, weights) == pytest.approx(2 * indicator, abs=1e-12)
    bent = denton(np.full(3, 20.0), indicator, weights, cholette=False)
    assert bent[0] < 2 - 0.1
    assert weights @ bent == pytest.approx([20] * 3, abs=1e-12)


def test_uniform_makes_steps() -> None:
    assert uniform(np.array([4.0, 8.0]), np.ones(9), conversion_matrix("sum", 4, 2, 0, 1)) == pytest.approx(
        [1, 1, 1, 1, 2, 2, 2, 2, 1]
    )
    assert uniform(np.array([14.0]), np.array([1.0, 2, 3, 4]), conversion_matrix("sum", 4, 1)) == pytest.approx(
        [2, 3, 4, 5]
    )


def textbook(
    low: np.ndarray, indicator: np.ndarray, weights: np.ndarray, criterion: str, h: int, cholette: bool
) -> np.ndarray:
    """Denton (1971), eq. 2.2, with multipliers, solved as it is printed."""
    periods, rows = len(indicator), len(low)
    difference = np.linalg.matrix_power(np.eye(periods) - np.eye(periods, k=-1), h)
    if criterion == "proportional":
        difference = difference @ np.diag(indicator.mean() / indicator)
    kept = difference[h:] if cholette else difference
    square = kept.T @ kept
    system = np.block([[square, weights.T], [weights, np.zeros((rows, rows))]])
    solved: np.ndarray = np.linalg.solve(system, np.concatenate([square @ indicator, low]))[:periods]
    return solved


@settings(deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    conversion=st.sampled_from(CONVERSIONS),
    criterion=st.sampled_from(CRITERIA),
    h=st.sampled_from(ORDERS),
    cholette=st.booleans(),
    shape=st.tuples(st.sampled_from([3, 4, 12]), st.integers(3, 8), st.integers(0, 5), st.integers(0, 5)),
)
def test_adds_up_and_is_the_textbook(
    *, seed: int, conversion: str, criterion: str, h: int, cholette: bool, shape: tuple[int, int, int, int]
) -> None:
    ratio, rows, before, after = shape
    rng = np.random.default_rng(seed)
    weights = conversion_matrix(conversion, ratio, rows, before, after)
    indicator = np.asarray(rng.uniform(50, 150, size=(weights.shape[1],)))
    low = weights @ indicator * rng.uniform(0.8, 1.2, rows)
    found = denton(low, indicator, weights, criterion=criterion, h=h, cholette=cholette)
    assert weights @ found == pytest.approx(low, rel=1e-10)
    expected = textbook(low, indicator, weights, criterion, h, cholette)
    assert found == pytest.approx(expected, rel=1e-8, abs=1e-8 * float(np.abs(expected).max()))


def test_what_cannot_be_adjusted_is_refused() -> None:
    weights = conversion_matrix("sum", 4, 1)
    with pytest.raises(ConfigurationError, match="no criterion"):
        denton(np.ones(1), np.ones(4), weights, criterion="relative")
    with pytest.raises(ConfigurationError, match="no order"):
        denton(np.ones(1), np.ones(4), weights, h=3)
    with pytest.raises(ConfigurationError, match="is zero"):
        denton(np.ones(1), np.array([1.0, 0, 1, 1]), weights)
    with pytest.raises(ConfigurationError, match="1 long periods do not determine 2"):
        denton(np.ones(1), np.ones(4), weights, h=2)
    with pytest.raises(ConfigurationError, match="no conversion"):
        conversion_matrix("mean", 4, 1)


def test_the_weights_of_the_conversions() -> None:
    rows = {kind: conversion_matrix(kind, 4, 1, 1, 2).tolist()[0] for kind in CONVERSIONS}
    assert rows == {
        "sum": [0, 1, 1, 1, 1, 0, 0], "average": [0, 0.25, 0.25, 0.25, 0.25, 0, 0], "first": [0, 1, 0, 0, 0, 0, 0],
        "last": [0, 0, 0, 0, 1, 0, 0],
    }  # fmt: skip
