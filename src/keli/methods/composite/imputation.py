"""Values for missing cells: of the other units, of the group, or by the expectation-maximisation algorithm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from keli.methods.composite.ranks import Array

WORST_CONDITION = 1e12
LEAST_VALUES = 2


def by_mean(values: Array) -> Array:
    """Replace missing cells by the mean of the column.

    Args:
        values: Units in rows, indicators in columns; nan is missing. A column without any value stays missing.

    >>> by_mean(np.array([[1.0], [np.nan], [5.0]])).ravel().tolist()
    [1.0, 3.0, 5.0]
    """
    there = ~np.isnan(values)
    count = there.sum(axis=0)
    total = np.where(there, values, 0.0).sum(axis=0)
    return np.where(there, values, np.where(count > 0, total / np.maximum(count, 1), np.nan))


def by_median(values: Array) -> Array:
    """Replace missing cells by the median of the column; a column without any value stays missing."""
    filled = values.copy()
    for column in filled.T:
        missing = np.isnan(column)
        if missing.any() and not missing.all():
            column[missing] = np.median(column[~missing])
    return filled


def by_group_mean(values: Array, groups: Sequence[str]) -> Array:
    """Replace missing cells by the mean of the column in the unit's group; where the group has none they stay missing.

    Args:
        values: Units in rows, indicators in columns.
        groups: Group of each unit.
    """
    filled, label = values.copy(), np.asarray(groups)
    for group in sorted(set(groups)):
        filled[label == group] = by_mean(values[label == group])
    return filled


def by_em(values: Array, tolerance: float = 1e-10, rounds: int = 10_000) -> Array:
    """Replace missing cells by their expectation given the unit's other values.

    Args:
        values: Units in rows, indicators in columns.
        tolerance: Largest change of a moment, in standard deviations, at which the rounds end.
        rounds: Most rounds.

    Method: maximum-likelihood mean and covariance (divisor n) of a multivariate normal by expectation-maximisation,
    started at the moments of the observed values with zero covariances; then the conditional mean. Dempster, Laird and
    Rubin 1977; Little and Rubin, Statistical Analysis with Missing Data, 11.2. Deterministic: no draw is added.

    Raises:
        ValueError: A column has no two different values, columns are collinear, units are too few for the number of
            columns, or the rounds did not converge.
    """
    for column in values.T:
        if len(np.unique(column[~np.isnan(column)])) < LEAST_VALUES:
            raise ValueError("a column has no two different values")
    middle, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    scaled = (values - middle) / spread
    mean, covariance = np.zeros(values.shape[1]), np.eye(values.shape[1])
    patterns, member = np.unique(np.isnan(values), axis=0, return_inverse=True)
    for _ in range(rounds):
        filled, spare = _expected(scaled, mean, covariance, patterns, member.ravel())
        new_mean = filled.mean(axis=0)
        new_covariance = (filled - new_mean).T @ (filled - new_mean) / len(values) + spare
        change = max(float(np.abs(new_mean - mean).max()), float(np.abs(new_covariance - covariance).max()))
        mean, covariance = new_mean, new_covariance
        if change < tolerance:
            last, _ = _expected(scaled, mean, covariance, patterns, member.ravel())
            return np.where(np.isnan(values), last * spread + middle, values)
    raise ValueError(f"the moments still moved after {rounds} rounds")


def _expected(
    scaled: Array, mean: Array, covariance: Array, patterns: npt.NDArray[np.bool_], member: npt.NDArray[np.intp]
) -> tuple[Array, Array]:
    """Cells with expectations in the missing ones, and the covariance that these lack, over all units."""
    if np.linalg.cond(covariance) > WORST_CONDITION:
        raise ValueError("columns are collinear, or units are too few for so many columns")
    precision = np.linalg.inv(covariance)
    filled, spare = np.nan_to_num(scaled), np.zeros_like(covariance)
    for number, missing in enumerate(patterns):
        rows = np.flatnonzero(member == number)
        gap, rest = np.flatnonzero(missing), np.flatnonzero(~missing)
        if not len(gap):
            continue
        conditional = np.linalg.inv(precision[np.ix_(gap, gap)])
        slope = -conditional @ precision[np.ix_(gap, rest)]
        filled[np.ix_(rows, gap)] = mean[gap] + (scaled[np.ix_(rows, rest)] - mean[rest]) @ slope.T
        spare[np.ix_(gap, gap)] += conditional * (len(rows) / len(scaled))
    return filled, spare
