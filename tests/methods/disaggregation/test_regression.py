"""Chow-Lin, Fernandez and Litterman against the textbook formulas, by hand, and what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keli.base.errors import ConfigurationError
from keli.methods.disaggregation.conversion import CONVERSIONS, conversion_matrix
from keli.methods.disaggregation.denton import denton
from keli.methods.disaggregation.regression import (
    FAST_RHO,
    MAXLOG,
    MINRSS_ECOTRIM,
    MINRSS_QUILIS,
    OBJECTIVES,
    Spread,
    best_rho,
    estimated,
    regressed,
    rival_rho,
)
from keli.methods.disaggregation.shocks import autoregressive, summed, walk

Array = np.ndarray


def covariance(spread: Spread, periods: int, rho: float) -> Array:
    """Covariances of the residuals as the papers print them."""
    lag = np.abs(np.subtract.outer(np.arange(periods), np.arange(periods)))
    if spread is autoregressive:
        return np.asarray(np.power(rho, lag) / (1 - rho**2))
    difference, step = (np.eye(periods) - size * np.eye(periods, k=-1) for size in (1, rho))
    return np.asarray(np.linalg.inv(difference.T @ step.T @ step @ difference))


def textbook(low: Array, x: Array, weights: Array, cov: Array) -> tuple[Array, Array, float, float]:
    """Series, coefficients, sum of squares and log-likelihood; Sax and Steiner (2013), The R Journal 5(2), eq. 4-10."""
    long_cov = weights @ cov @ weights.T
    inverse = np.linalg.inv(long_cov)
    long_x = weights @ x
    beta = np.linalg.solve(long_x.T @ inverse @ long_x, long_x.T @ inverse @ low)
    residual = low - long_x @ beta
    square_sum = float(residual @ inverse @ residual)
    rows = len(low)
    likelihood = -rows / 2 * (1 + np.log(2 * np.pi * square_sum / rows)) - np.linalg.slogdet(long_cov)[1] / 2
    return x @ beta + cov @ weights.T @ inverse @ residual, beta, square_sum, float(likelihood)


def example(seed: int, conversion: str = "sum", rows: int = 15, before: int = 0, after: int = 3) -> tuple[Array, ...]:
    """Years, constant and indicator, conversion: quarters that wander about 5 + 0.3 x."""
    rng = np.random.default_rng(seed)
    weights = conversion_matrix(conversion, 4, rows, before, after)
    indicator = 100 + np.cumsum(rng.normal(1, 2, weights.shape[1]))
    series = 5 + 0.3 * indicator + np.cumsum(rng.normal(0, 1, len(indicator)))
    return weights @ series, np.column_stack([np.ones(len(indicator)), indicator]), weights


@pytest.mark.parametrize("conversion", CONVERSIONS)
@pytest.mark.parametrize(
    ("spread", "rho"),
    [*((autoregressive, rho) for rho in (-0.6, 0, 0.5, 0.95, FAST_RHO)), *((walk, rho) for rho in (-0.6, 0, 0.9))],
)
def test_the_textbook_formula(spread: Spread, rho: float, conversion: str) -> None:
    low, x, weights = example(3, conversion, before=2)
    fit = regressed(low, x, weights, spread, rho)
    series, beta, *_ = textbook(low, x, weights, covariance(spread, len(x), rho))
    assert fit.series == pytest.approx(series, rel=1e-8)
    assert fit.coefficients == pytest.approx(beta, rel=1e-8)
    assert weights @ fit.series == pytest.approx(low, rel=1e-10)


def test_two_years_and_a_constant_by_hand() -> None:
    """Years of two halves, 2 and 6, rho 0: the constant is 8 / 4 = 2, the residuals -2 and 2 are spread evenly."""
    fit = regressed(np.array([2.0, 6.0]), np.ones((5, 1)), conversion_matrix("sum", 2, 2, 0, 1), autoregressive, 0.0)
    assert fit.coefficients == pytest.approx([2])
    assert fit.series == pytest.approx([1, 1, 3, 3, 2])


def test_fernandez_by_hand() -> None:
    """Last values 2 and 6 of two halves, no trend: y(2) = 2b + ..., walk from zero, indicator all ones.

    Var of u(2), u(4) is 2, 4, covariance 2. b = (1'W^-1 y) / (1'W^-1 1) with W^-1 = [[4, -2], [-2, 2]] / 4:
    (8 - 12 - 4 + 12) / 4 = 1 over (4 - 4 + 2) / 4 = 1/2 is 2. Residuals 0 and 4: between them a straight line.
    """
    fit = regressed(np.array([2.0, 6.0]), np.ones((4, 1)), conversion_matrix("last", 2, 2), walk, 0.0)
    assert fit.coefficients == pytest.approx([2])
    assert fit.series == pytest.approx([2, 2, 4, 6])


@pytest.mark.parametrize("spread", [autoregressive, walk])
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_no_rho_nearby_is_better(spread: Spread, objective: str) -> None:
    """The objective is written here as in the papers: likelihood, or sum of squares by correlations or covariances."""

    def loss(rho: float) -> float:
        *_, square_sum, likelihood = textbook(low, x, weights, covariance(spread, len(x), rho))
        by_correlation = square_sum / (1 - rho**2)
        return {MAXLOG: -likelihood, MINRSS_ECOTRIM: by_correlation, MINRSS_QUILIS: square_sum}[objective]

    low, x, weights = example(1)
    fit = estimated(low, x, weights, spread, objective=objective, least_rho=-1)
    assert not fit.truncated
    near = [rho for rho in (fit.rho - 1e-3, fit.rho + 1e-3) if abs(rho) <= 0.999]
    assert near
    assert all(loss(rho) >= loss(fit.rho) for rho in near)
    assert fit.series == pytest.approx(regressed(low, x, weights, spread, fit.rho).series, rel=1e-12)


def test_the_search_is_as_exact_as_the_machine_allows() -> None:
    """Halving the unit of the figures changes nothing; a grid of ten millionths round rho finds no better one."""
    low, x, weights = example(1)
    fit = estimated(low, x, weights, autoregressive, objective=MINRSS_ECOTRIM, least_rho=-1)
    again = estimated(low / 2, x, weights, autoregressive, objective=MINRSS_ECOTRIM, least_rho=-1)
    assert again.rho == pytest.approx(fit.rho, abs=1e-6)
    assert 2 * again.series == pytest.approx(fit.series, rel=1e-7)
    assert best_rho(lambda rho: (rho - 0.123456789) ** 2) == pytest.approx(0.123456789, abs=1e-9)


def test_a_negative_rho_is_truncated() -> None:
    """Residuals of years that alternate: the best rho is negative, and zero is taken unless -1 allows all."""
    weights = conversion_matrix("sum", 4, 8)
    indicator = np.arange(1.0, 33)
    low = weights @ indicator + np.tile([5.0, -5], 4)
    x = np.column_stack([np.ones(32), indicator])
    free = estimated(low, x, weights, autoregressive, objective=MAXLOG, least_rho=-1)
    held = estimated(low, x, weights, autoregressive, objective=MAXLOG)
    assert free.rho < 0
    assert (held.rho, held.truncated) == (0, True)
    assert held.series == pytest.approx(regressed(low, x, weights, autoregressive, 0.0).series)


def test_an_indicator_that_explains_all_leaves_nothing_to_spread() -> None:
    _, x, weights = example(5)
    series = x @ [7.0, 2.0]
    for objective in OBJECTIVES:
        fit = estimated(weights @ series, x, weights, autoregressive, objective=objective)
        assert fit.series == pytest.approx(series, rel=1e-9)
        assert fit.rival is None


def test_figures_that_are_all_zero_stay_zero() -> None:
    _, x, weights = example(5)
    fit = estimated(np.zeros(15), x, weights, autoregressive, objective=MAXLOG)
    assert not fit.series.any()


def test_another_optimum_is_named() -> None:
    def loss(rho: float) -> float:
        return min((rho - 0.1) ** 2, (rho - 0.9) ** 2 - 0.01)

    assert rival_rho(loss, 0.1, 0.0) == pytest.approx(0.9)
    assert rival_rho(loss, 0.9, 0.0) is None
    assert rival_rho(lambda rho: -rho, 0.0, 0.98) is None


def test_fast_is_nearly_cholette() -> None:
    """Without an indicator: rho near one makes levels a random walk. Cholette's smooth series, to a thousandth."""
    low, x, weights = example(2, after=0)
    fast = regressed(low, x[:, :1], weights, autoregressive, FAST_RHO).series
    assert fast == pytest.approx(denton(low, np.ones(len(x)), weights), rel=1e-3)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1), st.sampled_from(CONVERSIONS), st.sampled_from([autoregressive, walk]),
    st.sampled_from(OBJECTIVES), st.integers(4, 10), st.integers(0, 5), st.integers(0, 5),
)  # fmt: skip
def test_the_series_agrees_with_what_is_known(
    seed: int, conversion: str, spread: Spread, objective: str, rows: int, before: int, after: int
) -> None:
    low, x, weights = example(seed, conversion, rows, before, after)
    fit = estimated(low, x, weights, spread, objective=objective)
    assert weights @ fit.series == pytest.approx(low, rel=1e-10)
    assert len(fit.series) == 4 * rows + before + after
    assert 0 <= fit.rho < 1


def test_what_cannot_be_regressed_is_refused() -> None:
    low, x, weights = example(1)
    with pytest.raises(ConfigurationError, match="not between -1 and 1"):
        regressed(low, x, weights, autoregressive, 1.0)
    with pytest.raises(ConfigurationError, match="told apart"):
        regressed(low, np.column_stack([x, x[:, 1] * 2 + 3]), weights, autoregressive, 0.5)
    with pytest.raises(ConfigurationError, match="told apart"):
        regressed(low, np.column_stack([x, np.zeros(len(x))]), weights, autoregressive, 0.5)
    short = conversion_matrix("sum", 4, 2, 0, 55)
    with pytest.raises(ConfigurationError, match="2 long periods are too few for 2 coefficients: at least 3"):
        regressed(low[:2], x, short, autoregressive, 0.5)


def test_sums_of_shocks() -> None:
    assert summed(3, 0).tolist() == np.eye(3).tolist()
    assert summed(3, 2).tolist() == [[1, 0, 0], [2, 1, 0], [3, 2, 1]]
