"""Regression on indicators: Chow-Lin, Fernandez, Litterman."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from keli.base.errors import ConfigurationError
from keli.methods.disaggregation.conversion import Array
from keli.methods.disaggregation.solution import Solution, log_determinant, smallest_shocks

MAXLOG, MINRSS_ECOTRIM, MINRSS_QUILIS = "maxlog", "minrss-ecotrim", "minrss-quilis"
OBJECTIVES = (MAXLOG, MINRSS_ECOTRIM, MINRSS_QUILIS)
RHO_BOUND = 0.999
FAST_RHO = 0.99999
EXACT = 1e-16
RIVALS = tuple(step / 40 for step in range(-39, 40))
"""Values of rho that are tried beside the one found: an optimum may be one of several."""
APART, BETTER = 0.05, 1e-6
"""How far a rival is from the rho found, and by what part its loss is smaller."""
NOTHING_LEFT = 1e-24
"""Part of the squared figures below which the residuals are rounding."""

Spread = Callable[[int, float], Array]


@dataclass(frozen=True)
class Fit:
    """A series and the regression that it comes from.

    Args:
        series: (n,) figures of the short periods.
        coefficients: (k,) coefficients of the indicators.
        rho: Autoregressive parameter.
        truncated: The best rho lay below the least that is allowed.
        rival: Another rho that is allowed and fits better, where the search came to one optimum of several.
    """

    series: Array
    coefficients: Array
    rho: float
    truncated: bool = False
    rival: float | None = None


def regressed(low: Array, indicators: Array, weights: Array, spread: Spread, rho: float) -> Fit:
    """Best linear unbiased series of short periods, the autoregressive parameter given.

    Args:
        low: (m,) figures of the long periods.
        indicators: (n, k) indicators of the short periods, a column of ones for the constant.
        weights: (m, n) conversion matrix.
        spread: How shocks spread: `autoregressive` (Chow-Lin) or `walk` (Litterman; Fernandez with rho 0).
        rho: Autoregressive parameter.

    Method: y = X b + Q C' (C Q C')^-1 (low - C X b), b by generalised least squares on the long periods. Chow and Lin
    (1971); periods outside the long ones come from the same formula.

    Raises:
        ConfigurationError: rho is not between -1 and 1, there are no more long periods than indicators, or the
            indicators depend on each other.
    """
    if not -1 < rho < 1:
        raise ConfigurationError(f"rho {rho:g} is not between -1 and 1.", example="--fixed-rho 0.5")
    found, spreading = _solved(low, indicators, weights, spread, rho)
    series = indicators @ found.coefficients + spreading @ found.shocks
    return Fit(np.asarray(series), found.coefficients, rho)


def estimated(
    low: Array, indicators: Array, weights: Array, spread: Spread, *, objective: str, least_rho: float = 0.0
) -> Fit:
    """Best linear unbiased series of short periods, the autoregressive parameter estimated.

    Args:
        low: (m,) figures of the long periods.
        indicators: (n, k) indicators of the short periods, a column of ones for the constant.
        weights: (m, n) conversion matrix.
        spread: How shocks spread: `autoregressive` (Chow-Lin) or `walk` (Litterman).
        objective: maxlog: the likelihood of the long periods is greatest. minrss: the generalised sum of squares is
            smallest, weighted by the correlations (ecotrim; Barcellan 2003) or by the covariances of unit shocks
            (quilis; Quilis 2009).
        least_rho: A best rho below this is set to it; -1 allows all.

    Method: rho by Brent's search from -0.999 to 0.999, then truncated, as in Sax and Steiner (2013), The R Journal
    5(2). The search comes to one optimum; where the loss has several, a better one is named as the rival.

    Raises:
        ConfigurationError: As `regressed`.
    """

    def loss(rho: float) -> float:
        return _loss(low, indicators, weights, spread, rho, objective)

    best = best_rho(loss)
    rho = max(best, least_rho)
    fit = regressed(low, indicators, weights, spread, rho)
    return Fit(fit.series, fit.coefficients, rho, best < least_rho, rival_rho(loss, rho, least_rho))


def best_rho(loss: Callable[[float], float]) -> float:
    """The rho between -0.999 and 0.999 whose loss is least.

    Method: golden section and parabolas (Brent 1973), to the precision of the machine.
    """
    found = minimize_scalar(loss, bounds=(-RHO_BOUND, RHO_BOUND), method="bounded", options={"xatol": EXACT})
    return float(found.x)


def rival_rho(loss: Callable[[float], float], rho: float, least_rho: float) -> float | None:
    """Another rho that is allowed and fits better than the one found, if any.

    Args:
        loss: What the best rho makes least.
        rho: The rho found.
        least_rho: The least rho that is allowed.
    """
    found = loss(rho)
    tried = {rho: found} | {other: loss(other) for other in RIVALS if other > least_rho and abs(other - rho) > APART}
    best = min(tried, key=lambda other: tried[other])
    return best if tried[best] < found - BETTER * abs(found) else None


def _solved(low: Array, indicators: Array, weights: Array, spread: Spread, rho: float) -> tuple[Solution, Array]:
    rows, count = len(low), indicators.shape[1]
    if rows <= count:
        raise ConfigurationError(
            f"{rows} long periods are too few for {count} coefficients: at least {count + 1} are needed.",
            next_step="Give more years, fewer indicators, or use denton-cholette.",
        )
    spreading = spread(weights.shape[1], rho)
    return smallest_shocks(low, weights @ indicators, weights @ spreading), spreading


def _loss(low: Array, indicators: Array, weights: Array, spread: Spread, rho: float, objective: str) -> float:
    """What the best rho makes least."""
    found, spreading = _solved(low, indicators, weights, spread, rho)
    square_sum = max(found.square_sum, NOTHING_LEFT * float(low @ low), np.finfo(float).tiny)
    if objective == MAXLOG:
        rows = len(low)
        return rows * float(np.log(square_sum / rows)) + log_determinant(weights @ spreading)
    if objective == MINRSS_ECOTRIM:
        return square_sum / (1 - rho * rho)
    return square_sum
