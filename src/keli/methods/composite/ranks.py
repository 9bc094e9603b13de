"""Ranks of units, and the interval of ranks over replicates."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

Array = npt.NDArray[np.float64]


def rising(values: Array, ties: str = "min") -> Array:
    """Rank of each value within its column, 1 for the smallest.

    Args:
        values: Units in rows, indicators in columns, or one indicator; nan is missing and has no rank.
        ties: min (equal values share the lowest rank, as in sport), average, max or dense.

    Source: the rank statistic; ties as in R rank(ties.method).

    >>> [int(rank) for rank in rising(np.array([3.0, 5.0, 5.0, 1.0]))]
    [2, 3, 3, 1]
    """
    ranks: Any = rankdata(values, method=ties, axis=0, nan_policy="omit")
    return np.where(np.isnan(values), np.nan, ranks)


def standing(scores: Array) -> Array:
    """Place of each unit, 1 for the highest score; equal scores share the better place.

    Args:
        scores: One score a unit; nan has no place.
    """
    return rising(-scores)


def shift(places: Array, nominal: Array) -> float:
    """Mean absolute shift in rank against nominal places, over the units that have both; nan where none has.

    Source: Saisana, Saltelli, Tarantola 2005 (J. R. Statist. Soc. A 168), R_S.

    >>> shift(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0]))
    0.6666666666666666
    """
    apart = np.abs(places - nominal)
    return float(np.nanmean(apart)) if not np.isnan(apart).all() else float("nan")


def interval(places: Array, low: float, high: float) -> Array:
    """Low end, median and high end of the places of each unit over replicates.

    Args:
        places: Replicates in rows, units in columns.
        low: Percentile of the low end, 0 to 100.
        high: Percentile of the high end.

    Method: empirical quantiles with linear interpolation (Hyndman and Fan 1996, type 7, as R and numpy).
    """
    return np.percentile(places, [low, 50.0, high], axis=0)
