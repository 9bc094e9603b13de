"""Sensitivity against functions whose indices are known; alpha and correlations by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from keli.methods.composite.reliability import correlations, cronbach_alpha
from keli.methods.composite.sobol import design, indices

NAN = float("nan")


def test_the_design_exchanges_one_column_at_a_time() -> None:
    points = design(2, 3, seed=1).reshape(5, 2, 3)
    for factor in range(3):
        same = [column for column in range(3) if column != factor]
        assert points[2 + factor][:, same].tolist() == points[0][:, same].tolist()
        assert points[2 + factor][:, factor].tolist() == points[1][:, factor].tolist()
    assert design(2, 3, seed=1).tolist() == design(2, 3, seed=1).tolist()


def test_a_sum_has_no_interactions() -> None:
    """x1 + 2 x2 + 3 x3: shares 1, 4 and 9 of 14."""
    points = design(20_000, 3, seed=7)
    found = indices(points @ np.array([1.0, 2.0, 3.0]), 3)
    assert found.total.tolist() == pytest.approx([1 / 14, 4 / 14, 9 / 14], abs=0.02)
    assert found.first.tolist() == pytest.approx([1 / 14, 4 / 14, 9 / 14], abs=0.05)
    assert found.variance == pytest.approx(14 / 12, rel=0.02)


def test_the_function_of_ishigami() -> None:
    """Sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1: first 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437 (Ishigami 1990)."""
    x = (design(20_000, 3, seed=1) * 2 - 1) * math.pi
    found = indices(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]), 3)
    assert found.first.tolist() == pytest.approx([0.3139, 0.4424, 0], abs=0.03)
    assert found.total.tolist() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)


def test_what_does_not_vary_has_no_indices() -> None:
    found = indices(np.ones(8), 2)
    assert (found.first.tolist(), found.total.tolist(), found.variance) == ([0, 0], [0, 0], 0)


def test_estimators_by_hand() -> None:
    """A 0, 1; B 1, 0; one factor, A_B = B: V 1/3, first mean(B (B - A)) / V = 1.5, total mean((A - B)^2) / 2V = 1.5."""
    found = indices(np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0]), 1)
    assert found.variance == pytest.approx(1 / 3)
    assert (found.first[0], found.total[0]) == (pytest.approx(1.5), pytest.approx(1.5))


def test_alpha_by_hand() -> None:
    """Variances 1 and 7/3, of the sum 19/3: 2 (1 - 10/19) = 18/19; a row that lacks a part is left out."""
    assert cronbach_alpha(np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 5.0], [NAN, 9.0]])) == pytest.approx(18 / 19)


@pytest.mark.parametrize(
    "parts", [[[1.0], [2.0], [3.0]], [[1.0, 2.0], [2.0, 1.0]], [[1.0, 2.0], [2.0, 1.0], [0.0, 3.0]]]
)
def test_alpha_that_does_not_exist(parts: list[list[float]]) -> None:
    """One part; two units; a sum that is always three."""
    assert math.isnan(cronbach_alpha(np.array(parts)))


def test_correlations_of_complete_tables() -> None:
    """1, 2, 3 against 1, 4, 2: deviations -1, 0, 1 and -4/3, 5/3, -1/3 give 1 / root of (2 x 14/3)."""
    left, right = np.array([[1.0], [2.0], [3.0]]), np.array([[1.0], [4.0], [2.0]])
    assert correlations(left, right)[0, 0] == pytest.approx(1 / math.sqrt(2 * 14 / 3))
    assert correlations(left, right, ranks=True)[0, 0] == pytest.approx(0.5)


def test_correlations_leave_out_missing_values() -> None:
    left = np.array([[1.0, 5.0, NAN], [2.0, 5.0, NAN], [3.0, 5.0, 1.0], [NAN, 5.0, 2.0]])
    right = np.array([[1.0], [4.0], [9.0], [0.0]])
    found = correlations(left, right)
    assert found[0, 0] == pytest.approx(np.corrcoef([1, 2, 3], [1, 4, 9])[0, 1])
    assert np.isnan(found[1:, 0]).all()
    assert correlations(left, right, ranks=True)[0, 0] == pytest.approx(1)
