"""Primary confidentiality of magnitude cells: minimum count, dominance, p per cent rule.

Written with operators only: one function serves a single cell and arrays of cells. Contributions are absolute
values, summed by holder.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keli.base.errors import ConfigurationError

PERCENT = 100
LARGEST_KEPT = 2


def too_few(holders: Any, minimum: Any) -> Any:
    """Tell whether a cell has contributors, but fewer than the minimum.

    Args:
        holders: Number of contributors, counted by holder.
        minimum: Least number that may be shown.

    Method: 0 < n < minimum. A cell without contributors tells about nobody.
    """
    return (holders > 0) & (holders < minimum)


def largest_sum(x1: Any, x2: Any, count: int) -> Any:
    """Sum of the `count` largest contributions.

    Args:
        x1: Largest contribution of the cell.
        x2: Second largest.
        count: n of the dominance rule, 1 or 2.

    Raises:
        ConfigurationError: n is neither 1 nor 2; no more contributions than the two largest are kept.
    """
    if count == 1:
        return x1
    if count == LARGEST_KEPT:
        return x1 + x2
    raise ConfigurationError(f"protection/dominance_n is {count}.", example="1 or 2", next_step="Set it to 1 or 2.")


def dominated(largest: Any, total: Any, k_percent: Any) -> Any:
    """Tell whether the largest contributors make up k per cent of a cell or more ((n, k) rule).

    Args:
        largest: Sum of the n largest contributions.
        total: Sum of all absolute contributions.
        k_percent: k in per cent.

    Method: 100 * (x1 + .. + xn) >= k * X, a tie is dominance. Where all contributions are zero the cell tells
    each of them, and the rule holds.
    """
    return largest * PERCENT >= total * k_percent


def p_percent(x1: Any, x2: Any, total: Any, p: Any) -> Any:
    """Tell whether the second largest contributor can estimate the largest closer than p per cent.

    Args:
        x1: Largest contribution of the cell.
        x2: Second largest.
        total: Sum of all absolute contributions.
        p: p in per cent.

    Method: 100 * (X - x1 - x2) < p * x1, strictly; Hundepool et al., Statistical Disclosure Control, 2012,
    ch. 4.
    """
    return (total - x1 - x2) * PERCENT < x1 * p


def pq(x1: Any, x2: Any, total: Any, p: Any, q: Any) -> Any:
    """Tell whether the second largest contributor, who knew all others within q per cent, learns the largest within p.

    Args:
        x1: Largest contribution of the cell.
        x2: Second largest.
        total: Sum of all absolute contributions.
        p: p in per cent.
        q: What is known of every contribution beforehand, in per cent; 100 gives the p per cent rule.

    Method: q * (X - x1 - x2) < p * x1, strictly; Hundepool et al., Statistical Disclosure Control, 2012, ch. 4.
    """
    return (total - x1 - x2) * q < x1 * p


def weighted_largest(contributions: Sequence[Any], weight: Any, count: int) -> list[Any]:
    """Contributions of the `count` largest holders of the population, each counted as often as its weight says.

    Args:
        contributions: Largest contributions of the sample, in descending order.
        weight: How many holders of the population each stands for, at least 1.
        count: How many are wanted, as many as there are contributions at most.

    Method: a contribution with weight w takes w of the places; where a place is shared, in proportion (as in Hundepool
    et al. 2012, ch. 4.2, on samples).
    """
    taken: list[Any] = []
    for place in range(count):
        share = 0.0
        for rank, contribution in enumerate(contributions):
            start, end = rank * weight, (rank + 1) * weight
            share = share + contribution * np.clip(np.minimum(end, place + 1) - np.maximum(start, place), 0, 1)
        taken.append(share)
    return taken


def room_for_dominance(largest: Any, total: Any, k_percent: Any) -> Any:
    """How far above the cell nobody may estimate it, so that its largest contributors would not dominate.

    Method: 100 / k * (x1 + .. + xn) - X, at least zero; Hundepool et al. 2012, ch. 4.3.
    """
    return np.maximum(largest * PERCENT / k_percent - total, 0.0)


def room_for_pq(x1: Any, x2: Any, total: Any, p: Any, q: Any) -> Any:
    """How far above the cell nobody may estimate it, so that the second largest could not learn the largest.

    Method: p / q * x1 - (X - x1 - x2), at least zero; Hundepool et al. 2012, ch. 4.3.
    """
    return np.maximum(x1 * p / q - (total - x1 - x2), 0.0)
