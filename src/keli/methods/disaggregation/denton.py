"""Denton: a series that moves as its indicator does and adds up to what is known."""

from __future__ import annotations

import numpy as np

from keli.base.errors import ConfigurationError
from keli.methods.disaggregation.conversion import Array
from keli.methods.disaggregation.shocks import summed
from keli.methods.disaggregation.solution import smallest_shocks

PROPORTIONAL, ADDITIVE = "proportional", "additive"
CRITERIA = (PROPORTIONAL, ADDITIVE)
ORDERS = (0, 1, 2)


def denton(
    low: Array, indicator: Array, weights: Array, *, criterion: str = PROPORTIONAL, h: int = 1, cholette: bool = True
) -> Array:
    """Series of short periods whose corrections of the indicator change as little as may be.

    Args:
        low: (m,) figures of the long periods.
        indicator: (n,) indicator, the same unit not needed for the proportional criterion; ones where there is none.
        weights: (m, n) conversion matrix.
        criterion: proportional: corrections y / x; additive: corrections y - x.
        h: Order of the differences of the corrections that are kept small: 0, 1 or 2.
        cholette: Leave the first h corrections free, as Cholette does; Denton's own method takes the corrections
            before the first period as nothing, which bends the series at its beginning.

    Returns:
        (n,) series, periods outside the long ones extrapolated with the corrections of the ends.

    Method: minimise |D^h P^-1 (y - x)|^2 subject to C y = low; P = diag(x) or the identity. Denton (1971), JASA 66,
    p. 99-102; Dagum and Cholette (2006), eq. 6.8.

    Raises:
        ConfigurationError: No such criterion or order, a proportional indicator that is zero, too few long periods.
    """
    _check(indicator, criterion, h)
    scale = indicator / np.abs(indicator).mean() if criterion == PROPORTIONAL else np.ones(len(indicator))
    spread = scale[:, None] * summed(len(indicator), h)
    free = h if cholette else 0
    found = smallest_shocks(low - weights @ indicator, weights @ spread[:, :free], weights @ spread[:, free:])
    return np.asarray(indicator + spread @ np.concatenate([found.coefficients, found.shocks]))


def uniform(low: Array, indicator: Array, weights: Array) -> Array:
    """Series of short periods with what is missing spread evenly; without an indicator, steps.

    Args:
        low: (m,) figures of the long periods.
        indicator: (n,) indicator; ones where there is none.
        weights: (m, n) conversion matrix.

    Method: Denton, additive, differences of order 0.
    """
    return denton(low, indicator, weights, criterion=ADDITIVE, h=0)


def _check(indicator: Array, criterion: str, h: int) -> None:
    if criterion not in CRITERIA:
        raise ConfigurationError(f'"{criterion}" is no criterion.', example=f"--criterion {' or '.join(CRITERIA)}")
    if h not in ORDERS:
        raise ConfigurationError(f"{h} is no order of differences.", example="--h 1 (0 levels, 1 first, 2 second)")
    if criterion == PROPORTIONAL and not indicator.all():
        raise ConfigurationError(
            "The indicator is zero in a period: a proportional correction cannot move it.",
            example="--criterion additive",
        )
