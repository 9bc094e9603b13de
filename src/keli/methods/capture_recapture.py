"""Size of a population that two lists cover in part, and how much of it neither list names."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class ChapmanEstimate:
    """A population estimated from two lists.

    Args:
        population: Estimated number of units.
        standard_error: Its standard error.
        unseen: Estimated number of units that neither list names.
    """

    population: float
    standard_error: float
    unseen: float


def chapman(first: int, second: int, both: int) -> ChapmanEstimate:
    """Number of units of a population from two lists that were made apart from each other.

    Args:
        first: Units on the first list.
        second: Units on the second list.
        both: Units on both.

    Method: N = (n1 + 1)(n2 + 1) / (m + 1) - 1, which is the units on a list and (n1 - m)(n2 - m) / (m + 1) unseen ones;
    variance (n1 + 1)(n2 + 1)(n1 - m)(n2 - m) / ((m + 1)^2 (m + 2)); Chapman 1951, Seber 1970. It has almost no bias
    where m > 6; it assumes a closed population, lists that are independent and linked without error, and the same
    chance for every unit of a list. One list that holds the other whole leaves a standard error of 0: the formula
    knows nothing of its assumptions.

    Raises:
        ValueError: A number is negative, or more units are on both lists than on one of them.

    >>> found = chapman(9461, 12000, 8200)
    >>> round(found.population, 2), round(found.standard_error, 2)
    (13845.29, 31.41)
    """
    if min(first, second, both) < 0 or both > min(first, second):
        raise ValueError(f"{first} and {second} units on two lists cannot have {both} in common.")
    apart = (first - both) * (second - both)
    variance = (first + 1) * (second + 1) * apart / ((both + 1) ** 2 * (both + 2))
    unseen = apart / (both + 1)
    return ChapmanEstimate(first + second - both + unseen, math.sqrt(variance), unseen)
