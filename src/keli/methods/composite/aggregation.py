"""One score from the scores of the parts."""

from __future__ import annotations

import numpy as np

from keli.methods.composite.ranks import Array, rising

TIE = 0.5


def arithmetic(parts: Array, weights: Array) -> Array:
    """Weighted arithmetic mean.

    Args:
        parts: Units in rows, parts in columns; nan is missing.
        weights: One for each part, or one for each cell; missing parts leave theirs to the others.

    Source: OECD/JRC 2008, 6.5; weights over available parts as a_amean of COINr.

    >>> arithmetic(np.array([[1.0, 3.0], [np.nan, 3.0]]), np.array([0.5, 0.5])).tolist()
    [2.0, 3.0]
    """
    return _mean(parts, weights)


def geometric(parts: Array, weights: Array) -> Array:
    """Weighted geometric mean, exp(sum w ln x / sum w); OECD/JRC 2008, 6.6.

    Raises:
        ValueError: A score is not positive.

    >>> geometric(np.array([[1.0, 4.0]]), np.array([0.5, 0.5])).tolist()
    [2.0]
    """
    return np.exp(_mean(np.log(_positive(parts)), weights))


def harmonic(parts: Array, weights: Array) -> Array:
    """Weighted harmonic mean, sum w / sum (w / x).

    Raises:
        ValueError: A score is not positive.

    >>> harmonic(np.array([[2.0, 6.0]]), np.array([0.5, 0.5])).tolist()
    [3.0]
    """
    return 1 / _mean(1 / _positive(parts), weights)


def topsis(parts: Array, weights: Array, *, vector: bool = True) -> Array:
    """Relative closeness to the ideal unit, from 0 to 1.

    Args:
        parts: Units in rows, parts in columns, pointing upwards, none missing.
        weights: One for each part, adding up to one.
        vector: Columns are first divided by their Euclidean length.

    Method: v = w r; distances to the best and to the worst value of each column, d- / (d+ + d-); Hwang and Yoon 1981.
    """
    length = np.sqrt((parts**2).sum(axis=0)) if vector else np.ones(parts.shape[1])
    weighted = parts / np.where(length > 0, length, 1.0) * weights
    best = np.sqrt(((weighted - weighted.max(axis=0)) ** 2).sum(axis=1))
    worst = np.sqrt(((weighted - weighted.min(axis=0)) ** 2).sum(axis=1))
    closeness: Array = worst / np.where(best + worst > 0, best + worst, 1.0)
    return closeness


def copeland(parts: Array, weights: Array) -> Array:
    """Row sums of the outranking matrix, as a_copeland of COINr.

    Args:
        parts: Units in rows, parts in columns, none missing.
        weights: One for each part, adding up to one.

    Method: unit i gets from each other unit the weights of the parts in which it is ahead, and half of those in which
    they are equal. Summed over the others this is the weighted sum of average ranks less one, which is worked out.

    >>> copeland(np.array([[1.0, 2.0], [2.0, 2.0], [3.0, 1.0]]), np.array([0.5, 0.5])).tolist()
    [0.75, 1.25, 1.0]
    """
    return (rising(parts, "average") - 1) @ weights


def copeland_wins(parts: Array, weights: Array) -> Array:
    """Pairwise wins less losses; Copeland 1951, OECD/JRC 2008, 6.9.

    Args:
        parts: Units in rows, parts in columns, none missing.
        weights: One for each part, adding up to one.

    Method: a unit beats another where the weights of the parts in which it is ahead, with half of those in which they
    are equal, exceed one half.
    """
    ahead = np.zeros((len(parts), len(parts)))
    for column, weight in zip(parts.T, weights, strict=True):
        ahead += weight * ((column[:, None] > column) + TIE * (column[:, None] == column))
    lead = np.round(ahead - TIE, 12)
    wins: Array = np.sign(lead).sum(axis=1)
    return wins


def _mean(parts: Array, weights: Array) -> Array:
    there = ~np.isnan(parts)
    if there.all() and weights.ndim == 1:
        whole: Array = parts @ weights / weights.sum()
        return whole
    given = np.where(there, weights, 0.0)
    total = given.sum(axis=1)
    added = (given * np.where(there, parts, 0.0)).sum(axis=1)
    return np.where(total > 0, added / np.where(total > 0, total, 1.0), np.nan)


def _positive(parts: Array) -> Array:
    if np.any(parts <= 0):
        raise ValueError("a score is not positive")
    return parts
