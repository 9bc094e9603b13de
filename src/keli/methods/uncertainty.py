"""Uncertainty of value added that is estimated by a rate on revenue, and of digital shares from a sample."""

from __future__ import annotations

import math
from typing import Any

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


def share_moves(share: Any, shift: Any) -> tuple[Any, Any]:
    """How far a share moves down and up by a shift, staying within 0 and 1.

    Method: the smaller of share and shift, and of 1 - share and shift. Arithmetic operators only: numbers, arrays and
    columns are served alike.

    Args:
        share: Share between 0 and 1.
        shift: Shift, not negative.
    """
    return _smaller(share, shift), _smaller(1 - share, shift)


def _smaller(one: Any, other: Any) -> Any:
    difference = one - other
    return (one + other - (difference * difference) ** 0.5) / 2


def sensitivity_range(value: ArrayLike, down: ArrayLike, up: ArrayLike) -> tuple[Any, Any]:
    """Range of totals when the shares without a sampling variance that they rest on all move down, and all up.

    Method: value - down and value + up, the smaller first: of units with negative value added a larger share makes the
    total smaller. Purposive, catalogue, census, coefficient and default evidence has no sampling variance; this range
    is not an interval with a stated confidence.

    Args:
        value: (n,) totals.
        down: (n,) what they lose if the shares move down.
        up: (n,) what they gain if the shares move up.
    """
    lowered, raised = np.subtract(value, down), np.add(value, up)
    return np.minimum(lowered, raised), np.maximum(lowered, raised)


def residual_correlation(products: float, squares: float, squares_previous: float) -> float:
    """Correlation of a unit's relative residual with its own of the year before.

    Method: rho = sum u_t u_(t-1) / sqrt(sum u_t^2 sum u_(t-1)^2) with u = (VA - r R) / R, around zero as the model
    has it, over units that report in both years.

    Args:
        products: Sum of products of the residuals of both years.
        squares: Sum of squares in the year.
        squares_previous: Sum of squares in the year before.

    Returns:
        The correlation, 0 where there is no spread.
    """
    spread = math.sqrt(squares * squares_previous)
    return products / spread if spread else 0.0


def error_covariance(products: Any, correlation: Any, variance: Any, variance_previous: Any) -> Any:
    """Covariance of the estimation errors of two years' totals through units estimated in both.

    Method: rho sqrt(c2_t c2_(t-1)) sum sR_t sR_(t-1) over the estimated units of a rate cell of each year.

    Args:
        products: Sum of digital share times revenue of the year times the same of the year before, in yuan squared.
        correlation: Correlation of residuals over the two years.
        variance: Residual variance of the rate cell of the year.
        variance_previous: Residual variance of the rate cell of the year before.
    """
    return correlation * (variance * variance_previous) ** 0.5 * products


def change_variance(variance: Any, variance_previous: Any, covariance: Any) -> Any:
    """Variance of the change between two years' totals: v_t + v_(t-1) - 2 cov.

    >>> change_variance(4.0, 9.0, 3.0)
    7.0
    """
    return variance + variance_previous - 2 * covariance


def growth_variance(value: Any, previous: Any, variances: tuple[Any, Any], covariance: Any) -> Any:
    """Variance of the growth rate of a total, as a share of the year before.

    Method: of the ratio q = Y_t / Y_(t-1), linearised: var(Y_t - q Y_(t-1)) / Y_(t-1)^2 =
    (v_t + q^2 v_(t-1) - 2 q cov) / Y_(t-1)^2 (Cochran, Sampling Techniques, ch. 6).

    Args:
        value: Total of the year.
        previous: Total of the year before, not zero.
        variances: Variances of both.
        covariance: Covariance of their errors.

    >>> round(growth_variance(120.0, 100.0, (25.0, 16.0), 10.0), 6)
    0.002404
    """
    ratio = value / previous
    now, before = variances
    return change_variance(now, ratio**2 * before, ratio * covariance) / previous**2
