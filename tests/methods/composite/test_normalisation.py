"""Normalisation by hand, and the distance to frontier of the World Bank."""

from __future__ import annotations

import numpy as np
import pytest

from keli.methods.composite import normalisation as scale

NAN = float("nan")
X = np.array([[10.0, 200.0, 3.0], [20.0, 150.0, 5.0], [40.0, 100.0, 4.0], [30.0, 50.0, 8.0]])


def test_minmax_of_the_worked_table() -> None:
    """The table of the domain specification: columns 0, 1/3, 1, 2/3; 1, 2/3, 1/3, 0; 0, 0.4, 0.2, 1."""
    z = scale.minmax(X, scale.reference_of(X), 0, 1)
    assert pytest.approx(np.array([[0, 1 / 3, 1, 2 / 3], [1, 2 / 3, 1 / 3, 0], [0, 0.4, 0.2, 1]])) == z.T
    assert scale.minmax(X, scale.reference_of(X), 1, 100)[:, 0].tolist() == pytest.approx([1, 34, 100, 67])


def test_a_frozen_reference_lets_later_values_beyond_the_scale() -> None:
    base = scale.reference_of(np.array([[10.0], [40.0]]))
    assert scale.minmax(np.array([[55.0]]), base)[0, 0] == 150


def test_zscore_with_both_divisors() -> None:
    """1, 2, 3: sample deviation 1, population deviation root of 2/3."""
    values = np.array([[1.0], [2.0], [3.0], [NAN]])
    assert scale.zscore(values, scale.reference_of(values))[:3, 0].tolist() == [-1, 0, 1]
    by_all = scale.zscore(values, scale.reference_of(values, population=True), 50, 10)
    assert by_all[:3, 0].tolist() == pytest.approx([50 - 10 * 1.5**0.5, 50, 50 + 10 * 1.5**0.5])


def test_direction_and_ideal() -> None:
    """Less is better in column 2; 100 is ideal in column 3."""
    turned = scale.directed(np.array([[1.0, 2.0, 90.0]]), np.array([1.0, -1.0, 1.0]), np.array([NAN, NAN, 100.0]))
    assert turned.tolist() == [[1, -2, -10]]


def test_percentiles_and_borda_scores() -> None:
    values = np.array([[3.0], [5.0], [5.0], [1.0], [NAN]])
    assert scale.percentile(values)[:4, 0].tolist() == pytest.approx([1 / 3, 2 / 3, 2 / 3, 0])
    assert scale.borda(values)[:4, 0].tolist() == [1, 2, 2, 0]
    assert scale.borda(values, "average")[:4, 0].tolist() == [1, 2.5, 2.5, 0]


def test_distance_to_target_frontier_and_maximum() -> None:
    """Frontier: worst 60, best 5 in the domain specification; 20 gives 40/55, 70 is cut."""
    values = np.array([[10.0], [20.0], [40.0]])
    against = scale.reference_of(values)
    assert scale.to_target(values, against, np.array([30.0])).ravel().tolist() == pytest.approx([0, 0.5, 1.5])
    assert scale.to_maximum(values, against).ravel().tolist() == pytest.approx([0, 1 / 3, 1])
    found = scale.to_frontier(np.array([20.0, 5.0, 70.0]), np.array(60.0), np.array(5.0))
    assert found.tolist() == pytest.approx([72.7273, 100, 0], abs=1e-4)


def test_shares_of_a_leader() -> None:
    found = scale.share_of(np.array([[5.0, 5.0]]), np.array([10.0, 4.0]), np.array([1.0, -1.0]))
    assert found.tolist() == [[0.5, 0.8]]
