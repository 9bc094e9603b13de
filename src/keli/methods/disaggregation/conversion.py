"""Conversion: how the periods of a year, or the months of a quarter, make up its figure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keli.base.errors import ConfigurationError

Array = NDArray[np.float64]

SUM, AVERAGE, FIRST, LAST = "sum", "average", "first", "last"
CONVERSIONS = (SUM, AVERAGE, FIRST, LAST)


def conversion_weights(kind: str, ratio: int) -> Array:
    """Weights of the short periods in a long one: flows are summed, indices averaged, stocks taken at one end.

    Args:
        kind: sum, average, first or last.
        ratio: Short periods in a long one: 4, 12 or 3.

    Returns:
        (ratio,) weights.

    Raises:
        ConfigurationError: The kind is none of these.
    """
    if kind == SUM:
        return np.ones(ratio)
    if kind == AVERAGE:
        return np.full(ratio, 1 / ratio)
    if kind in {FIRST, LAST}:
        return np.asarray(np.eye(ratio)[0 if kind == FIRST else ratio - 1])
    raise ConfigurationError(f'"{kind}" is no conversion.', example=f"--conversion {' or '.join(CONVERSIONS)}")


def conversion_matrix(kind: str, ratio: int, low: int, before: int = 0, after: int = 0) -> Array:
    """Conversion matrix C: figures of long periods = C times figures of short ones.

    Args:
        kind: sum, average, first or last.
        ratio: Short periods in a long one.
        low: Long periods.
        before: Short periods before the first long one.
        after: Short periods after the last long one.

    Returns:
        (low, before + ratio * low + after) matrix; periods outside the long ones weigh nothing, so that they are
        extrapolated by the same model.

    Method: I kron w', with columns of zeros on both sides; Chow and Lin (1971); Sax and Steiner (2013), The R
    Journal 5(2).
    """
    inside = np.kron(np.eye(low), conversion_weights(kind, ratio))
    return np.hstack([np.zeros((low, before)), inside, np.zeros((low, after))])
