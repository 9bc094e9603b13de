"""How much of a total the largest hold: concentration ratio, Herfindahl, Gini, Theil with its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from keli.base.errors import KeliError

Floats = npt.NDArray[np.float64]


def positive(values: Any) -> Floats:
    """Return values as numbers with a positive total.

    Raises:
        KeliError: There is none, one is negative or missing, or all are zero.
    """
    numbers = np.asarray(values, np.float64)
    if not numbers.size or not np.isfinite(numbers).all() or (numbers < 0).any() or not numbers.any():
        raise KeliError(
            "A measure of structure needs values that are not negative, not missing, and not all zero.",
            example="[60, 30, 10]",
            next_step="Leave out cells without a value, and parts whose value added is negative.",
        )
    return numbers


def concentration_ratio(values: Any, largest: int) -> float:
    """Share of the n largest in the total (CR_n), between 0 and 1.

    Args:
        values: (n,) values that are not negative.
        largest: Number of the largest.

    >>> concentration_ratio([40, 30, 20, 10], 2)
    0.7
    """
    numbers = positive(values)
    return float(np.sort(numbers)[::-1][:largest].sum() / numbers.sum())


def herfindahl(values: Any, *, normalised: bool = False) -> float:
    """Herfindahl-Hirschman index: sum of squared shares, between 1/n and 1; normalised between 0 and 1.

    Method: sum s^2; normalised (H - 1/n) / (1 - 1/n) (Hirschman 1964). In points of 10,000, as competition
    authorities print it, it is 10,000 times as large.

    >>> round(herfindahl([40, 30, 20, 10]), 10)
    0.3
    """
    numbers = positive(values)
    index = float(((numbers / numbers.sum()) ** 2).sum())
    if not normalised:
        return index
    least = 1 / numbers.size
    return 0.0 if numbers.size == 1 else (index - least) / (1 - least)


def gini(values: Any, weights: Any = None, *, normalised: bool = False) -> float:
    """Gini coefficient of a distribution, between 0 and 1 - 1/n; normalised between 0 and 1.

    Args:
        values: (n,) values that are not negative.
        weights: (n,) numbers of units that share each value; one each by default.
        normalised: Times n / (n - 1), without weights.

    Method: one less the sum of trapezia under the Lorenz curve, values in ascending order.

    >>> round(gini([1, 2, 3, 4]), 10)
    0.25
    """
    numbers = positive(values)
    sizes = np.ones_like(numbers) if weights is None else positive(weights)
    order = np.argsort(numbers, kind="stable")
    population = sizes[order] / sizes.sum()
    held = np.cumsum(numbers[order] * sizes[order])
    held = np.concatenate([[0.0], held / held[-1]])
    index = 1 - float((population * (held[1:] + held[:-1])).sum())
    return index * numbers.size / (numbers.size - 1) if normalised and numbers.size > 1 else index


@dataclass(frozen=True)
class TheilParts:
    """Theil index with its parts.

    Args:
        total: The index.
        between: What it would be if all of a group had the group's mean.
        within: The rest: indices of the groups, weighted by their shares of the total.
    """

    total: float
    between: float
    within: float


def theil(values: Any) -> float:
    """Theil's T: mean of x/mean ln(x/mean), between 0 and ln n.

    Method: Theil (1967); a zero contributes nothing, which is the limit of x ln x.

    >>> round(theil([1, 1, 1]), 10), round(theil([0, 0, 6]), 6)
    (0.0, 1.098612)
    """
    numbers = positive(values)
    return _mean_of_logs(numbers / numbers.mean())


def theil_parts(values: Any, groups: Any) -> TheilParts:
    """Theil's T within and between groups; both add up to the whole.

    Args:
        values: (n,) values that are not negative.
        groups: (n,) the group of each.

    Method: between: sum s ln(s / (n_g / n)); within: sum s T_g, with s the group's share of the total (Theil 1967;
    Shorrocks 1980).
    """
    numbers = positive(values)
    _, place = np.unique(np.asarray(groups), return_inverse=True)
    sums, counts = np.bincount(place, numbers), np.bincount(place)
    share, population = sums / numbers.sum(), counts / numbers.size
    held = share > 0
    between = float((share[held] * np.log(share[held] / population[held])).sum())
    total = theil(numbers)
    inside = [theil(numbers[place == group]) if held[group] else 0.0 for group in range(len(sums))]
    return TheilParts(total, between, float((share * inside).sum()))


def _mean_of_logs(ratios: Floats) -> float:
    """Mean of r ln r, with 0 ln 0 = 0."""
    held = ratios > 0
    return float((ratios[held] * np.log(ratios[held])).sum() / ratios.size)
