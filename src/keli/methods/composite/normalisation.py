"""One scale for all indicators: values that already point upwards, measured against a reference that can be frozen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keli.methods.composite.ranks import Array, rising


@dataclass(frozen=True)
class Reference:
    """What indicators are measured against, one number a column.

    Args:
        low: Smallest value.
        high: Largest value.
        mean: Mean.
        deviation: Standard deviation.
    """

    low: Array
    high: Array
    mean: Array
    deviation: Array


def reference_of(values: Array, *, population: bool = False) -> Reference:
    """Return the reference that some rows make: all of them, or those of a base period (a frozen frontier).

    Args:
        values: Units in rows, indicators in columns, pointing upwards; nan is missing.
        population: The standard deviation has the divisor n, not n - 1.
    """
    return Reference(
        np.nanmin(values, axis=0), np.nanmax(values, axis=0), np.nanmean(values, axis=0),
        np.nanstd(values, axis=0, ddof=0 if population else 1),
    )  # fmt: skip


def directed(values: Array, direction: Array, ideal: Array) -> Array:
    """Turn every indicator so that more is better.

    Args:
        values: Units in rows, indicators in columns.
        direction: 1 where more is better, -1 where less is.
        ideal: Value that is best, for moderate indicators (适度指标); nan for the others.

    Method: x, -x, or -|x - ideal|; reversal before scaling as in COINr.
    """
    return np.where(np.isnan(ideal), values * direction, -np.abs(values - ideal))


def minmax(values: Array, against: Reference, low: float = 0.0, high: float = 100.0) -> Array:
    """Place between the smallest and the largest value of the reference, on the scale low to high.

    Source: OECD/JRC 2008, 5.3. Values outside a frozen reference lie outside the scale.

    >>> minmax(np.array([[10.0], [20.0], [40.0]]), reference_of(np.array([[10.0], [40.0]]))).ravel().round(4).tolist()
    [0.0, 33.3333, 100.0]
    """
    return (values - against.low) / (against.high - against.low) * (high - low) + low


def zscore(values: Array, against: Reference, mean: float = 0.0, deviation: float = 1.0) -> Array:
    """Standard scores with a chosen mean and standard deviation; OECD/JRC 2008, 5.2.

    Args:
        values: Units in rows, indicators in columns.
        against: The reference; its standard deviation says which divisor was taken.
        mean: Mean of the scores.
        deviation: Their standard deviation.
    """
    return (values - against.mean) / against.deviation * deviation + mean


def percentile(values: Array, ties: str = "min") -> Array:
    """Percentile rank (r - 1) / (n - 1) within the column, from 0 to 1; n counts the values there are.

    >>> percentile(np.array([3.0, 5.0, 5.0, 1.0])).round(4).tolist()
    [0.3333, 0.6667, 0.6667, 0.0]
    """
    places: Array = (rising(values, ties) - 1) / (np.sum(~np.isnan(values), axis=0) - 1)
    return places


def borda(values: Array, ties: str = "min") -> Array:
    """Borda score: rank less one, that is the number of units below; Borda 1784, OECD/JRC 2008, 6.9."""
    return rising(values, ties) - 1


def to_target(values: Array, against: Reference, target: Array) -> Array:
    """Distance to a target: 1 at the target, 0 at the smallest value of the reference.

    Method: 1 - (target - x) / (target - min), as n_dist2targ of COINr.

    Args:
        values: Units in rows, indicators in columns.
        against: The reference.
        target: Target of each column, turned like the values.
    """
    return 1 - (target - values) / (target - against.low)


def to_frontier(values: Array, worst: Array, best: Array, scale: float = 100.0) -> Array:
    """Distance to a frontier: 0 at the worst, the scale at the best performance, both given; what lies beyond is cut.

    Source: World Bank, Doing Business, distance to frontier: (worst - y) / (worst - frontier).

    >>> to_frontier(np.array([20.0, 5.0, 70.0]), np.array(60.0), np.array(5.0)).round(4).tolist()
    [72.7273, 100.0, 0.0]
    """
    return np.clip((worst - values) / (worst - best), 0.0, 1.0) * scale


def to_maximum(values: Array, against: Reference) -> Array:
    """Distance to the maximum: 1 - (max - x) / (max - min), as n_dist2max of COINr."""
    return 1 - (against.high - values) / (against.high - against.low)


def share_of(values: Array, leader: Array, direction: Array) -> Array:
    """Share of a leading or base value: x / x_leader where more is better, x_leader / x where less is.

    Source: distance to a reference, OECD/JRC 2008, 5.4. Values must be positive, and are not turned beforehand.

    Args:
        values: Units in rows, indicators in columns.
        leader: Value that counts as 1, one for each column or cell.
        direction: 1 or -1 for each column.

    >>> share_of(np.array([[5.0, 5.0]]), np.array([4.0, 4.0]), np.array([1.0, -1.0])).tolist()
    [[1.25, 0.8]]
    """
    return np.where(direction > 0, values / leader, leader / values)
