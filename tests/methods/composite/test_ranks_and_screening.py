"""Ranks, intervals of ranks and screening, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from keli.methods.composite.ranks import interval, rising, shift, standing
from keli.methods.composite.screening import available, kept, nonzero

NAN = float("nan")


@pytest.mark.parametrize(
    ("ties", "expected"),
    [("min", [2, 3, 3, 1]), ("average", [2, 3.5, 3.5, 1]), ("max", [2, 4, 4, 1]), ("dense", [2, 3, 3, 1])],
)
def test_equal_values_as_in_r(ties: str, expected: list[float]) -> None:
    """rank(c(3, 5, 5, 1), ties.method) of R."""
    assert rising(np.array([3.0, 5.0, 5.0, 1.0]), ties).tolist() == expected


def test_a_missing_value_has_no_rank() -> None:
    ranks = rising(np.array([[3.0, 1.0], [NAN, 2.0], [1.0, 3.0]]))
    assert ranks[:, 1].tolist() == [1, 2, 3]
    assert ranks[[0, 2], 0].tolist() == [2, 1]
    assert np.isnan(ranks[1, 0])


def test_the_highest_score_stands_first_and_equals_share_the_place() -> None:
    assert standing(np.array([70.0, 90.0, 90.0, 10.0])).tolist() == [3, 1, 1, 4]


def test_mean_shift_leaves_out_units_without_a_place() -> None:
    assert shift(np.array([1.0, 3.0, 2.0, NAN]), np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(2 / 3)
    assert np.isnan(shift(np.array([NAN]), np.array([1.0])))


def test_interval_over_replicates() -> None:
    """Places 1, 2, 3, 4, 5 in five replicates: the quartiles are 2 and 4."""
    assert interval(np.array([[1.0], [2.0], [3.0], [4.0], [5.0]]), 25, 75).ravel().tolist() == [2, 3, 4]


def test_screening_by_availability_and_zeros() -> None:
    """Half of the values there, and half of those not zero, is enough at one half."""
    values = np.array([[1.0, 0.0, NAN, NAN], [1.0, NAN, NAN, NAN], [0.0, 0.0, 0.0, 1.0], [NAN] * 4])
    assert available(values).tolist() == [0.5, 0.25, 1.0, 0.0]
    assert nonzero(values).tolist() == [0.5, 1.0, 0.25, 0.0]
    assert kept(values, 0.5, 0.5).tolist() == [True, False, False, False]
    assert kept(values, 0.0, 0.0).all()
