"""Uncertainty of value added that is estimated by a rate on revenue, and of digital shares from a sample."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike


def prediction_variance(
    estimated_revenue: float, revenue_squares: float, rate_variance: float, residual_variance: float
) -> float:
    """Variance of the estimated value added of the units of one rate cell.

    Method: v = (sum s R)^2 v(r) + sum (s R)^2 c2, the first term common to all units of the cell, the second their
    own; prediction under the ratio model VA = r R + e (Royall 1970). Cells add up as independent. The revenues of all
    areas and classes that use the cell's rate are added before squaring.

    Args:
        estimated_revenue: Sum over estimated units of digital share times revenue, in yuan.
        revenue_squares: Sum of squares of the same, in yuan squared.
        rate_variance: Variance of the rate.
        residual_variance: Variance of a unit's residual over its squared revenue.
    """
    return estimated_revenue**2 * rate_variance + revenue_squares * residual_variance


def split_variance(remainder_value_added: float, share_variance: float) -> float:
    """Variance of the digital value added of a sampled remainder: its value added squared times v(s)."""
    return remainder_value_added**2 * share_variance


def interval(value: float, variance: float, quantile: float) -> tuple[float, float]:
    """Lower and upper bound of an estimate: value -/+ quantile x standard error.

    >>> interval(100.0, 25.0, 2.0)
    (90.0, 110.0)
    """
    margin = quantile * math.sqrt(variance)
    return value - margin, value + margin


def sensitivity_range(value: float, value_added: float, share: float, shift: float) -> tuple[float, float]:
    """Range of a total when a share without a sampling variance is moved down and up, within 0 and 1.

    Method: value + value added x (moved share - share). Purposive, census, coefficient and default evidence has no
    sampling variance; this range is not an interval with a stated confidence.

    >>> sensitivity_range(50.0, 100.0, 0.3, 0.1)
    (40.0, 60.0)
    """
    low, high = max(share - shift, 0.0), min(share + shift, 1.0)
    return (
        round(value + value_added * (low - share), 10),
        round(value + value_added * (high - share), 10),
    )


def residual_correlation(residuals: ArrayLike, residuals_previous: ArrayLike) -> float:
    """Correlation of a unit's relative residual with its own of the year before.

    Method: rho = sum u_t u_(t-1) / sqrt(sum u_t^2 sum u_(t-1)^2) with u = (VA - r R) / R, around zero as the model
    has it, over units that report in both years.

    Args:
        residuals: (n,) relative residuals of the year.
        residuals_previous: (n,) relative residuals of the same units in the year before.

    Returns:
        The correlation, 0 where there is no spread.
    """
    now, before = np.asarray(residuals, dtype=float), np.asarray(residuals_previous, dtype=float)
    spread = math.sqrt(float((now**2).sum()) * float((before**2).sum()))
    return float((now * before).sum()) / spread if spread else 0.0


def error_covariance(
    revenue: ArrayLike,
    revenue_previous: ArrayLike,
    correlation: float,
    residual_variances: tuple[float, float],
) -> float:
    """Covariance of the estimation errors of two years' totals through units estimated in both.

    Method: rho sqrt(c2_t c2_(t-1)) sum R_t R_(t-1) over the matched estimated units of a rate cell.

    Args:
        revenue: (n,) digital share times revenue of the matched units in the year, in yuan.
        revenue_previous: (n,) the same in the year before.
        correlation: Correlation of residuals over the two years.
        residual_variances: Residual variances of the year and of the year before.
    """
    now, before = residual_variances
    products = float((np.asarray(revenue, dtype=float) * np.asarray(revenue_previous, dtype=float)).sum())
    return correlation * math.sqrt(now * before) * products


def change_variance(variance: float, variance_previous: float, covariance: float) -> float:
    """Variance of the change between two years' totals: v_t + v_(t-1) - 2 cov.

    >>> change_variance(4.0, 9.0, 3.0)
    7.0
    """
    return variance + variance_previous - 2 * covariance
