"""The one problem behind all methods: the smallest shocks that meet what is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keli.base.errors import ConfigurationError
from keli.methods.disaggregation.conversion import Array

RANK_TOLERANCE = 1e-11
"""Part of a column, of length one, that must be left when the columns before it are taken out."""


@dataclass(frozen=True)
class Solution:
    """The smallest shocks.

    Args:
        coefficients: (k,) free coefficients b.
        shocks: (n,) shocks z.
        square_sum: z'z, the generalised sum of squared residuals.
    """

    coefficients: Array
    shocks: Array
    square_sum: float


def smallest_shocks(wanted: Array, free: Array, spread: Array) -> Solution:
    """Free coefficients and the smallest shocks that together give what is wanted.

    Args:
        wanted: (m,) figures of the long periods.
        free: (m, k) what a unit of each free coefficient adds to them.
        spread: (m, n) what a unit of each shock adds to them.

    Method: minimise z'z subject to free b + spread z = wanted. Where spread spread' = W is regular, b is the
    generalised least squares estimator with covariance W and z'z its sum of squares (Paige 1979; Björck 1990,
    section 4.3). No matrix is inverted or squared: W is never formed.

    Raises:
        ConfigurationError: There are fewer long periods than coefficients, or the columns of `free` depend on
            each other.
    """
    count = free.shape[1]
    length = np.linalg.norm(free, axis=0)
    _require_rank(free, length)
    rotation, triangle = np.linalg.qr(free / length, mode="complete")
    along, across = rotation[:, :count], rotation[:, count:]
    shocks = _smallest(across.T @ spread, across.T @ wanted)
    scaled = np.linalg.solve(triangle[:count], along.T @ (wanted - spread @ shocks))
    return Solution(scaled / length, shocks, float(shocks @ shocks))


def log_determinant(spread: Array) -> float:
    """Logarithm of the determinant of W = spread spread'."""
    triangle = np.linalg.qr(spread.T, mode="r")
    return float(2 * np.log(np.abs(np.diag(triangle))).sum())


def _smallest(spread: Array, wanted: Array) -> Array:
    """The shortest z with spread z = wanted, refined once."""
    rotation, triangle = np.linalg.qr(spread.T)
    shocks = rotation @ np.linalg.solve(triangle.T, wanted)
    return np.asarray(shocks + rotation @ np.linalg.solve(triangle.T, wanted - spread @ shocks))


def _require_rank(free: Array, length: Array) -> None:
    """Check that the coefficients can be told apart."""
    rows, count = free.shape
    if rows < count:
        raise ConfigurationError(
            f"{rows} long periods do not determine {count} coefficients.",
            next_step="Give more years, fewer indicators, or a smaller --h.",
        )
    lengths_told = length.all() and np.isfinite(length).all()
    left = np.abs(np.diag(np.linalg.qr(free / length, mode="r"))) if lengths_told else np.zeros(1)
    if count and left.min() < RANK_TOLERANCE:
        raise ConfigurationError(
            "The indicators cannot be told apart in the long periods: one is a combination of the others, or of the "
            "constant.",
            next_step="Leave an indicator out, or use --no-constant.",
        )
