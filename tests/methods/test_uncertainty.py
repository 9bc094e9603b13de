"""Variances by hand, and the covariance between the errors of two years on a worked example."""

from __future__ import annotations

import ibis
import numpy as np
import pytest

from keli.methods.uncertainty import (
    change_variance,
    error_covariance,
    growth_variance,
    interval,
    prediction_variance,
    residual_correlation,
    sensitivity_range,
    share_moves,
    split_variance,
)


def test_prediction_variance_by_hand() -> None:
    # Revenues 30 and 40: (70)^2 * 0.0001 + (900 + 1600) * 0.01 = 0.49 + 25.
    assert prediction_variance(70.0, 2500.0, 0.0001, 0.01) == pytest.approx(25.49, rel=1e-12)


def test_revenues_of_a_cell_are_added_before_squaring() -> None:
    together = prediction_variance(70.0, 0.0, 0.01, 0.0)
    apart = prediction_variance(30.0, 0.0, 0.01, 0.0) + prediction_variance(40.0, 0.0, 0.01, 0.0)
    assert together == pytest.approx(49.0)
    assert apart == pytest.approx(25.0)


def test_split_variance_and_interval_by_hand() -> None:
    assert split_variance(1000.0, 0.0004) == pytest.approx(400.0)
    assert interval(500.0, 400.0, 1.96) == pytest.approx((460.8, 539.2))


@pytest.mark.parametrize(
    ("share", "moves"),
    [(0.3, (0.1, 0.1)), (0.05, (0.05, 0.1)), (0.95, (0.1, 0.05)), (0.0, (0.0, 0.1)), (1.0, (0.1, 0))],
)
def test_a_share_moves_within_nothing_and_all(share: float, moves: tuple[float, float]) -> None:
    assert share_moves(share, 0.1) == pytest.approx(moves)


def test_moves_serve_arrays_and_columns_like_numbers() -> None:
    shares = [0.0, 0.05, 0.3, 0.95, 1.0]
    numbers = [share_moves(share, 0.1) for share in shares]
    down, up = share_moves(np.array(shares), 0.1)
    table = ibis.memtable({"share": shares})
    moved_down, moved_up = share_moves(table.share, 0.1)
    column = table.select(down=moved_down, up=moved_up).to_pandas()
    assert list(zip(down, up, strict=True)) == numbers
    assert list(zip(column["down"], column["up"], strict=True)) == numbers


def test_sensitivity_range_by_hand() -> None:
    """50 of a unit with 100 on a share of 0.5 -/+ 0.1; -50 of a loss of 100 is smaller where the share is larger."""
    low, high = sensitivity_range([50.0, -50.0], [10.0, -10.0], [10.0, -10.0])
    assert (low.tolist(), high.tolist()) == ([40.0, -60.0], [60.0, -40.0])


def test_residual_correlation_by_hand() -> None:
    # Residuals 1, 2 and 2, 1: sum of products 2 + 2 = 4; squares 5 and 5.
    assert residual_correlation(4.0, 5.0, 5.0) == pytest.approx(0.8)
    assert residual_correlation(0.0, 0.0, 5.0) == 0.0


def test_covariance_of_two_years_by_hand() -> None:
    # Revenue 30, 40 now and 20, 50 before: products 600 + 2000 = 2600; 0.5 sqrt(0.04 * 0.01) 2600 = 26.
    assert error_covariance(2600.0, 0.5, 0.04, 0.01) == pytest.approx(26.0)
    assert change_variance(100.0, 29.0, 26.0) == 77.0


def test_covariance_agrees_with_simulated_errors() -> None:
    # Relative residuals with sd 0.2 and 0.1 and correlation 0.5 on 20,000 draws: within 10 % of the formula.
    draws = np.random.default_rng(7).multivariate_normal([0, 0], [[0.04, 0.01], [0.01, 0.01]], (20_000, 40))
    now, before = np.linspace(10, 90, 40), np.linspace(80, 20, 40)
    errors = (draws[:, :, 0] * now).sum(axis=1), (draws[:, :, 1] * before).sum(axis=1)
    expected = error_covariance((now * before).sum(), 0.5, 0.04, 0.01)
    assert np.cov(*errors)[0, 1] == pytest.approx(expected, rel=0.1)


def test_variance_of_growth_agrees_with_simulated_totals() -> None:
    """Totals 1,200 and 1,000 with standard errors 30 and 20 and correlation 0.6, drawn 200,000 times."""
    covariance = 0.6 * 30 * 20
    drawn = np.random.default_rng(7).multivariate_normal([1200, 1000], [[900, covariance], [covariance, 400]], 200_000)
    expected = growth_variance(1200.0, 1000.0, (900.0, 400.0), covariance)
    assert np.var(drawn[:, 0] / drawn[:, 1]) == pytest.approx(expected, rel=0.02)
    # By hand: (900 + 1.44 * 400 - 2 * 1.2 * 360) / 1,000,000 = 0.000612.
    assert expected == pytest.approx(0.000612)
