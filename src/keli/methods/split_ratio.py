"""Splitting starred classes: the combined ratio of a sample, and parts of a unit that add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

CENTS = 100
# Ranks and cents to hand out are small whole numbers; any bound above the number of parts turns a sign into a step.
_BOUND = 64
_FEWEST_FOR_VARIANCE = 2


@dataclass(frozen=True)
class SampleRatio:
    """The digital share of a class from a probability sample.

    Args:
        share: Combined ratio of digital to total revenue.
        variance: Its variance; None where one sampled unit stands for several.
        units: Sampled units.
    """

    share: float
    variance: float | None
    units: int


def combined_ratio(revenue: ArrayLike, digital_revenue: ArrayLike, weight: ArrayLike, population: int) -> SampleRatio:
    """Digital share of a starred class: the combined ratio of a probability sample, with its variance.

    Method: s = sum w Rdig / sum w R (not the mean of ratios); v(s) = (1-f) n/(n-1) sum (w e)^2 / (sum w R)^2 with
    e = Rdig - s R and f = n/N. With equal weights this is (1-f)/(n Rbar^2) sum e^2 / (n-1) (Cochran, Sampling
    Techniques, ch. 6).

    Args:
        revenue: (n,) revenue of the sampled units.
        digital_revenue: (n,) digital revenue of the same units.
        weight: (n,) design weights.
        population: Units that the sample stands for, the sampled ones included.

    Raises:
        ValueError: There is no revenue to form a ratio on.
    """
    weighted = np.asarray(weight, dtype=float) * np.asarray(revenue, dtype=float)
    digital = np.asarray(weight, dtype=float) * np.asarray(digital_revenue, dtype=float)
    total, units = float(weighted.sum()), len(weighted)
    if total <= 0:
        raise ValueError("a ratio needs sampled units with revenue")
    share = float(digital.sum()) / total
    fraction = min(units / population, 1.0) if population else 1.0
    if fraction == 1.0:
        return SampleRatio(share, 0.0, units)
    if units < _FEWEST_FOR_VARIANCE:
        return SampleRatio(share, None, units)
    spread = float(((digital - share * weighted) ** 2).sum())
    return SampleRatio(share, (1 - fraction) * units / (units - 1) * spread / total**2, units)


def scale_of_shares(total: float) -> float:
    """Factor that brings shares which add up to more than the whole unit back to the whole.

    >>> scale_of_shares(1.25), scale_of_shares(0.75)
    (0.8, 1.0)
    """
    return 1.0 / total if total > 1 else 1.0


def digital_part(total: Any, share: Any) -> Any:
    """Digital part of an amount in whole cents, halves up: one class and the non-digital rest.

    Method: with two parts the largest remainder is the same as rounding.

    Args:
        total: Amount in yuan, two places.
        share: Digital share.
    """
    return (total * CENTS * share + 0.5) // 1 / CENTS


def digital_quotas(total: Any, shares: Sequence[Any]) -> list[Any]:
    """Quotas of the digital classes and of the non-digital rest in an amount, in cents and fractions of a cent.

    Args:
        total: Amount in yuan, two places; it may be negative.
        shares: Digital shares, adding up to at most 1.

    Returns:
        One quota for each share and one for the rest.
    """
    cents = (total * CENTS + 0.5) // 1
    quotas = [cents * share for share in shares]
    rest = cents
    for quota in quotas:
        rest = rest - quota
    return [*quotas, rest]


def digital_parts(quotas: Sequence[Any]) -> list[Any]:
    """Digital parts of an amount by class in whole cents; parts and non-digital rest add up to the amount.

    Method: largest remainder (Hamilton): every part gets the whole cents of its quota, the cents that are left go to
    the largest remainders, ties to the part that stands first, the rest last. Arithmetic operators only: floor
    division turns the sign of a difference into 0 or -1, so numbers, arrays and columns are served alike.

    Args:
        quotas: Quotas of the classes and, last, of the rest (`digital_quotas`).

    Returns:
        One part in yuan for each class.
    """
    remainders = [quota - quota // 1 for quota in quotas]
    left = remainders[0] + 0.5
    for remainder in remainders[1:]:
        left = left + remainder
    left = left // 1
    return [
        (quotas[part] // 1 - (_rank(part, remainders) - left) / _BOUND // 1) / CENTS for part in range(len(quotas) - 1)
    ]


def _rank(part: int, remainders: Sequence[Any]) -> Any:
    """Number of parts that are served before this one: larger remainders, and equal ones that stand earlier."""
    own, rank = remainders[part], part
    for other, remainder in enumerate(remainders):
        if other < part:
            rank = rank + (remainder - own) // 1
        elif other > part:
            rank = rank - (own - remainder) // 1
    return rank
