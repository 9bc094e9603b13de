"""How evenly a total is spread over its parts."""

from __future__ import annotations

from typing import Any

import numpy as np

from keli.methods.structure.concentration import positive


def shannon(values: Any, base: float = np.e) -> float:
    """Shannon entropy of the shares, between 0 and log n.

    Args:
        values: (n,) values that are not negative; zeros contribute nothing.
        base: Base of the logarithm; 2 gives bits.

    Method: - sum s log s (Shannon 1948).

    >>> shannon([1, 1, 1, 1], base=2)
    2.0
    """
    numbers = positive(values)
    shares = numbers / numbers.sum()
    shares = shares[shares > 0]
    return max(0.0, float(-(shares * np.log(shares)).sum() / np.log(base)))


def evenness(values: Any) -> float:
    """Pielou's evenness: entropy over its largest value log n, between 0 and 1; one part alone is even."""
    numbers = positive(values)
    return 1.0 if numbers.size == 1 else shannon(numbers) / float(np.log(numbers.size))


def related_variety(values: Any, groups: Any) -> tuple[float, float]:
    """Unrelated and related variety in bits: entropy between groups, and mean entropy within them.

    Args:
        values: (n,) values of detailed classes.
        groups: (n,) the broader class of each.

    Method: entropy of the groups' shares; sum of group share times entropy within (Frenken, van Oort and Verburg 2007).
    Both add up to the entropy of the detailed classes.
    """
    numbers = positive(values)
    _, place = np.unique(np.asarray(groups), return_inverse=True)
    sums = np.bincount(place, numbers)
    inside = [
        sums[group] / numbers.sum() * shannon(numbers[place == group], base=2)
        for group in range(len(sums))
        if sums[group] > 0
    ]
    return shannon(sums, base=2), float(np.sum(inside))
