"""Momentum of growth, and where a cell stands between size and growth."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from keli.methods.structure.concentration import Floats


class Quadrant(StrEnum):
    """Size and growth against a reference."""

    LEADING = "leading"
    RISING = "rising"
    MATURE = "mature"
    LAGGING = "lagging"


def growth_rates(series: Any) -> Floats:
    """Growth over the period before, in per cent.

    Args:
        series: (..., periods) values in time order; a rate over a base that is not positive is missing.

    Returns:
        (..., periods - 1).

    >>> growth_rates([100, 110, 99]).round(10).tolist()
    [10.0, -10.0]
    """
    values = np.asarray(series, np.float64)
    before, after = values[..., :-1], values[..., 1:]
    return 100 * (np.divide(after, before, out=np.full_like(after, np.nan), where=before > 0) - 1)


def momentum(series: Any, years: int) -> Floats:
    """Average yearly growth over the last years, in per cent.

    Args:
        series: (..., periods) values in time order.
        years: Number of years, less than the number of periods.

    Method: geometric mean, ((x_t / x_{t-k})^(1/k) - 1) x 100; missing where an end is not positive.

    >>> float(momentum([100, 110, 121], 2).round(10))
    10.0
    """
    values = np.asarray(series, np.float64)
    start, end = values[..., -1 - years], values[..., -1]
    ends = (start > 0) & (end > 0)
    ratio = np.divide(end, start, out=np.full_like(end, np.nan), where=ends)
    return np.asarray(100 * (ratio ** (1 / years) - 1))


def acceleration(series: Any) -> Floats:
    """Change of the growth rate in the last period, in percentage points.

    >>> float(acceleration([100, 110, 132]).round(10))
    10.0
    """
    rates = growth_rates(series)
    return np.asarray(rates[..., -1] - rates[..., -2])


def quadrants(size: Any, growth: Any, size_reference: float, growth_reference: float) -> npt.NDArray[np.str_]:
    """Quadrant of each cell: leading (large, fast), rising (small, fast), mature (large, slow), lagging.

    Args:
        size: (n,) value added or the like.
        growth: (n,) growth in per cent; a cell without growth has no quadrant and stays empty.
        size_reference: Size from which a cell is large, such as the median.
        growth_reference: Growth from which a cell is fast, such as that of the total.
    """
    large, fast = np.asarray(size) >= size_reference, np.asarray(growth) >= growth_reference
    named = np.select(
        [large & fast, ~large & fast, large & ~fast],
        [Quadrant.LEADING.value, Quadrant.RISING.value, Quadrant.MATURE.value],
        Quadrant.LAGGING.value,
    )
    return np.where(np.isnan(np.asarray(growth, np.float64)) | np.isnan(np.asarray(size, np.float64)), "", named)
