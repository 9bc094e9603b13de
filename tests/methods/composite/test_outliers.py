"""Outliers: type-2 moments as Excel has them, winsorising step by step, transformations by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from keli.methods.composite.outliers import (
    Rule,
    box_cox,
    kurtosis,
    logarithm,
    passes,
    shifted_logarithm,
    skewness,
    treated,
    winsorised,
)

NAN = float("nan")
RULE = Rule(skewness=2, kurtosis=3.5, points=5)
ONE_TO_TEN = [float(number) for number in range(1, 11)]


def test_moments_are_those_of_a_spreadsheet() -> None:
    """3, 4, 5, 2, 3, 4, 5, 6, 4, 7: SKEW 0.359543 and KURT -0.151800 in the documentation of Excel."""
    values = np.array([3.0, 4, 5, 2, 3, 4, 5, 6, 4, 7, NAN])
    assert skewness(values) == pytest.approx(0.359543, abs=1e-6)
    assert kurtosis(values) == pytest.approx(-0.151800, abs=1e-6)


def test_both_limits_must_be_reached() -> None:
    assert passes(np.array(ONE_TO_TEN), RULE)
    assert not passes(np.array([*ONE_TO_TEN, 30.0, 100.0]), RULE)
    assert passes(np.array([*ONE_TO_TEN, 30.0, 100.0]), Rule(2, 100, 5))


def test_few_or_equal_values_pass() -> None:
    assert passes(np.array([1.0, 2.0, 1000.0, NAN]), RULE)
    assert passes(np.array([5.0, 5.0, 5.0, 5.0]), RULE)


def test_winsorising_from_above() -> None:
    """100 becomes 30; then the two at 30 become 10: two points are drawn in."""
    drawn, low, high = winsorised(np.array([*ONE_TO_TEN, 30.0, 100.0, NAN]), Rule(1, 1, 5))
    assert drawn[:12].tolist() == [*ONE_TO_TEN, 10.0, 10.0]
    assert (low, high) == (0, 2)


def test_winsorising_stops_at_the_limit_of_points() -> None:
    drawn, low, high = winsorised(np.array([*ONE_TO_TEN, 30.0, 100.0]), Rule(1, 1, 1))
    assert drawn[10:].tolist() == [30.0, 30.0]
    assert (low, high) == (0, 1)


def test_winsorising_from_below() -> None:
    values = -np.array([*ONE_TO_TEN, 30.0, 100.0])
    drawn, low, high = winsorised(values, Rule(1, 1, 5))
    assert drawn[10:].tolist() == [-10.0, -10.0]
    assert (low, high) == (2, 0)


def test_transformations_by_hand() -> None:
    assert logarithm(np.array([1.0, math.e])).tolist() == pytest.approx([0, 1])
    assert shifted_logarithm(np.array([5.0, 15.0])).tolist() == pytest.approx([math.log(0.1), math.log(10.1)])
    assert box_cox(np.array([2.0, 5.0]), 0.5)[0].tolist() == pytest.approx([0, 2])
    assert box_cox(np.array([2.0, 5.0]), 0)[0].tolist() == pytest.approx([0, math.log(4)])
    with pytest.raises(ValueError, match="not positive"):
        logarithm(np.array([0.0, 1.0]))


def test_the_lambda_of_box_cox_has_the_largest_likelihood() -> None:
    """log-likelihood (lambda - 1) sum ln y - n/2 ln var: no lambda beside the one that was found has a larger one."""
    values = np.exp(np.array([0.0, 0.5, 0.9, 1.2, 1.4, 2.0, 2.9, 3.5]))
    positive = values - values.min() + 1

    def likelihood(exponent: float) -> float:
        changed = box_cox(values, exponent)[0]
        return float((exponent - 1) * np.log(positive).sum() - len(values) / 2 * np.log(changed.var()))

    _, found = box_cox(values)
    assert likelihood(found) > max(likelihood(found - 0.01), likelihood(found + 0.01))


def test_what_passes_is_left_alone() -> None:
    done = treated(np.array(ONE_TO_TEN), RULE)
    assert (done.values.tolist(), done.steps, done.passes) == (ONE_TO_TEN, (), True)


def test_winsorising_that_is_enough_ends_there() -> None:
    done = treated(np.array([*ONE_TO_TEN, 100.0]), Rule(2, 3.5, 5, then="log"))
    assert (done.steps, done.high, done.values[-1], done.passes) == (("winsorised",), 1, 10.0, True)


def test_a_transformation_starts_from_the_original_values() -> None:
    values = np.array([*ONE_TO_TEN, 30.0, 100.0])
    done = treated(values, Rule(1, 1, 1, then="shifted_log"))
    assert done.values.tolist() == shifted_logarithm(values).tolist()
    assert (done.steps, done.high, done.passes) == (("shifted_log",), 0, True)


def test_a_transformation_may_start_from_the_drawn_in_values() -> None:
    values = np.array([*ONE_TO_TEN, 30.0, 100.0])
    done = treated(values, Rule(1, 1, 1, then="log", combine=True))
    assert done.values[-1] == pytest.approx(math.log(30))
    assert (done.steps, done.high) == (("winsorised", "log"), 1)


def test_a_transformation_without_winsorising() -> None:
    done = treated(np.array([*ONE_TO_TEN, 30.0, 100.0]), Rule(1, 1, 5, winsorise=False, then="box_cox", exponent=0.0))
    assert (done.steps, done.exponent, done.passes) == (("box_cox",), 0.0, True)
    left = treated(np.array([*ONE_TO_TEN, 1e9]), Rule(2, 3.5, 5, winsorise=False))
    assert (left.steps, left.passes) == ((), False)
