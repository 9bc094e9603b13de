"""Imputation: means by hand; the algorithm against the closed form of the monotone pattern."""

from __future__ import annotations

import numpy as np
import pytest

from keli.methods.composite.imputation import by_em, by_group_mean, by_mean, by_median

NAN = float("nan")


def test_mean_and_median_of_the_column() -> None:
    values = np.array([[1.0, 7.0], [2.0, NAN], [NAN, NAN], [9.0, NAN]])
    assert by_mean(values).tolist() == [[1, 7], [2, 7], [4, 7], [9, 7]]
    assert by_median(values).tolist() == [[1, 7], [2, 7], [2, 7], [9, 7]]


def test_a_column_without_values_stays_missing() -> None:
    empty = np.array([[NAN, 1.0], [NAN, 2.0]])
    assert np.isnan(by_mean(empty)[:, 0]).all()
    assert np.isnan(by_median(empty)[:, 0]).all()


def test_mean_of_the_group() -> None:
    values = np.array([[1.0], [3.0], [NAN], [10.0], [NAN], [NAN]])
    filled = by_group_mean(values, ["n", "n", "n", "s", "s", "w"])
    assert filled.ravel()[:5].tolist() == [1, 3, 2, 10, 10]
    assert np.isnan(filled[5, 0])


def test_em_with_one_incomplete_column_is_the_regression_of_the_complete_rows() -> None:
    """Little and Rubin, 7.2: in a monotone pattern the likelihood factors; rows 1-3 give y = 1.5 x."""
    x = np.array([1.0, 2.0, 3.0, 4.0, 6.0])
    y = np.array([1.0, 4.0, 4.0, NAN, NAN])
    slope, intercept = np.polyfit(x[:3], y[:3], 1)  # 1.5 and 0: means 2 and 3, products 3 over squares 2
    assert (slope, intercept) == (pytest.approx(1.5), pytest.approx(0.0))
    filled = by_em(np.column_stack([x, y]))
    assert filled[3:, 1].tolist() == pytest.approx([6.0, 9.0], abs=1e-6)
    assert filled[:3, 1].tolist() == [1, 4, 4]


def test_em_with_a_row_without_any_value_gives_the_means() -> None:
    complete = np.array([[1.0, 2.0], [2.0, 1.0], [4.0, 5.0], [5.0, 4.0]])
    filled = by_em(np.vstack([complete, [[NAN, NAN]]]))
    assert filled[4].tolist() == pytest.approx([3.0, 3.0], abs=1e-6)


def test_em_refuses_what_has_no_solution() -> None:
    with pytest.raises(ValueError, match="two different values"):
        by_em(np.array([[1.0, 2.0], [1.0, NAN], [1.0, 3.0]]))
    line = np.arange(6.0)
    with pytest.raises(ValueError, match="collinear"):
        by_em(np.column_stack([line, 2 * line, [1.0, 3.0, 2.0, NAN, 5.0, 4.0]]))
    values = np.array([[1.0, 1.0], [2.0, 4.0], [3.0, 4.0], [4.0, NAN]])
    with pytest.raises(ValueError, match="after 2 rounds"):
        by_em(values, rounds=2)
