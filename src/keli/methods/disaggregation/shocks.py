"""How shocks spread over time: what stands between a preliminary series and the final one."""

from __future__ import annotations

import numpy as np

from keli.methods.disaggregation.conversion import Array


def summed(periods: int, times: int) -> Array:
    """Shocks to the differences of some order, added up to levels.

    Args:
        periods: Short periods n.
        times: Order h of the differences: 0 levels, 1 first, 2 second differences.

    Returns:
        (n, n) matrix D^-h; D takes first differences and leaves the first period as it is.
    """
    step = np.tri(periods)
    return np.linalg.matrix_power(step, times)


def autoregressive(periods: int, rho: float) -> Array:
    """Shocks to a stationary autoregression of order one.

    Args:
        periods: Short periods n.
        rho: Autoregressive parameter, between -1 and 1.

    Returns:
        (n, n) matrix F with F F' = Q, q(i, j) = rho^|i - j| / (1 - rho^2).

    Method: u(1) = e(1) / sqrt(1 - rho^2), u(t) = rho u(t-1) + e(t). Chow and Lin (1971).
    """
    decay = decaying(periods, rho)
    decay[:, 0] /= np.sqrt(1 - rho * rho)
    return decay


def decaying(periods: int, rho: float) -> Array:
    """Shocks to an autoregression of order one that begins at zero: rho^(i - j) at and below the diagonal."""
    lag = np.subtract.outer(np.arange(periods), np.arange(periods))
    return np.where(lag >= 0, np.power(float(rho), np.maximum(lag, 0)), 0.0)


def walk(periods: int, rho: float) -> Array:
    """Shocks to a random walk whose steps are autoregressive, both from zero before the first period.

    Args:
        periods: Short periods n.
        rho: Autoregressive parameter of the steps; 0 is the random walk of Fernandez.

    Returns:
        (n, n) matrix F with F F' = (D' H' H D)^-1.

    Method: u(t) = u(t-1) + v(t), v(t) = rho v(t-1) + e(t), u(0) = v(0) = 0. Fernandez (1981), Litterman (1983).
    """
    return np.asarray(np.cumsum(decaying(periods, rho), axis=0))
