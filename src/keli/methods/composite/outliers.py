"""Outliers of an indicator: found by skewness and kurtosis, drawn in by winsorising, else by a transformation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import boxcox_normmax

from keli.methods.composite.ranks import Array

LEAST_VALUES = 4
SHARE_OF_RANGE = 0.01


@dataclass(frozen=True)
class Rule:
    """When an indicator has outliers, and what is done.

    Args:
        skewness: Absolute skewness from which they are suspected.
        kurtosis: Excess kurtosis from which they are; both must be reached.
        points: Most values that are drawn in.
        winsorise: Draw values in first.
        then: Transformation if that was not enough: none, log, shifted_log, box_cox.
        exponent: Lambda of Box-Cox; found by maximum likelihood where it is nothing.
        combine: The transformation starts from the drawn-in values, not from the original ones.
    """

    skewness: float
    kurtosis: float
    points: int
    winsorise: bool = True
    then: str = "none"
    exponent: float | None = None
    combine: bool = False


@dataclass(frozen=True)
class Treated:
    """An indicator after treatment.

    Args:
        values: Its values; nan is missing.
        steps: What was done: winsorised, log, shifted_log, box_cox; nothing where it passed.
        low: Number of values drawn in from below.
        high: Number of values drawn in from above.
        exponent: Lambda of Box-Cox, where it was used.
        passes: The result has no outliers by the rule.
    """

    values: Array
    steps: tuple[str, ...]
    low: int
    high: int
    exponent: float | None
    passes: bool


def skewness(values: Array) -> float:
    """Skewness of a column, missing values left out.

    Method: G1 = g1 sqrt(n (n - 1)) / (n - 2), the type 2 of Joanes and Gill 1998, as Excel, SAS and COINr.

    >>> round(skewness(np.array([1.0, 2.0, 3.0, 10.0])), 6)
    1.763633
    """
    some = values[~np.isnan(values)]
    n, apart = len(some), some - some.mean()
    g1 = np.sqrt(n) * np.sum(apart**3) / np.sum(apart**2) ** 1.5
    return float(g1 * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(values: Array) -> float:
    """Excess kurtosis of a column, missing values left out.

    Method: G2 = ((n + 1) g2 + 6) (n - 1) / ((n - 2)(n - 3)), the type 2 of Joanes and Gill 1998, as Excel and COINr.

    >>> round(kurtosis(np.array([1.0, 2.0, 3.0, 10.0])), 6)
    3.228
    """
    some = values[~np.isnan(values)]
    n, apart = len(some), some - some.mean()
    g2 = n * np.sum(apart**4) / np.sum(apart**2) ** 2 - 3
    return float(((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)))


def passes(values: Array, rule: Rule) -> bool:
    """Whether a column has no outliers: |skewness| or kurtosis is below its limit.

    Source: JRC practice, COIN Tool and COINr: both must be reached to fail. A column of fewer than four values, or
    of equal values, has no kurtosis and passes.
    """
    some = values[~np.isnan(values)]
    if len(some) < LEAST_VALUES or some.min() == some.max():
        return True
    return abs(skewness(some)) < rule.skewness or kurtosis(some) < rule.kurtosis


def winsorised(values: Array, rule: Rule) -> tuple[Array, int, int]:
    """Draw the outermost values in, one value at a time, until the column passes or so many points are drawn in.

    Args:
        values: The column.
        rule: Limits, and the largest number of points.

    Method: the largest value (the smallest where skewness is negative) becomes the next one; ties move together and
    count each; the count is of the last step at each end, as in COINr. Returns the column and the numbers drawn in
    from below and from above.
    """
    drawn, low, high = values.copy(), 0, 0
    while not passes(drawn, rule) and low + high < rule.points:
        upper = skewness(drawn) >= 0
        end = np.nanmax(drawn) if upper else np.nanmin(drawn)
        there = drawn == end
        rest = drawn[~there & ~np.isnan(drawn)]
        drawn[there] = rest.max() if upper else rest.min()
        low, high = (low, int(there.sum())) if upper else (int(there.sum()), high)
    return drawn, low, high


def logarithm(values: Array) -> Array:
    """Natural logarithm.

    Raises:
        ValueError: A value is not positive.
    """
    if np.nanmin(values) <= 0:
        raise ValueError("the logarithm of a value that is not positive does not exist")
    return np.log(values)


def shifted_logarithm(values: Array) -> Array:
    """Natural logarithm of x - min + 0.01 (max - min); the COIN Tool's, log_CT of COINr.

    >>> [round(float(value), 4) for value in shifted_logarithm(np.array([0.0, 10.0]))]
    [-2.3026, 2.3125]
    """
    low, high = np.nanmin(values), np.nanmax(values)
    return np.log(values - low + SHARE_OF_RANGE * (high - low))


def box_cox(values: Array, exponent: float | None = None) -> tuple[Array, float]:
    """Box-Cox transformation of x - min + 1, and its lambda.

    Args:
        values: The column.
        exponent: Lambda; found by maximum likelihood where it is nothing.

    Method: (y^lambda - 1) / lambda, log y for 0; Box and Cox 1964, shifted as in COINr so that every value is positive.

    >>> box_cox(np.array([0.0, 3.0]), 2.0)[0].tolist()
    [0.0, 7.5]
    """
    positive = values - np.nanmin(values) + 1
    chosen = exponent
    if chosen is None:
        found: Any = boxcox_normmax(positive[~np.isnan(positive)], method="mle")
        chosen = float(found)
    changed = np.log(positive) if chosen == 0 else (positive**chosen - 1) / chosen
    return changed, chosen


def treated(values: Array, rule: Rule) -> Treated:
    """Return a column without outliers, as far as the rule goes.

    Args:
        values: The column; nan is missing.
        rule: Limits and steps.

    Method: OECD/JRC 2008 and COINr: nothing where it passes; winsorised; if it still fails, transformed, starting from
    the original values unless the rule combines both.

    Raises:
        ValueError: The plain logarithm is asked of values that are not positive.
    """
    drawn, low, high = winsorised(values, rule) if rule.winsorise else (values, 0, 0)
    done = ("winsorised",) if low + high else ()
    if passes(drawn, rule) or rule.then == "none":
        return Treated(drawn, done, low, high, None, passes(drawn, rule))
    if not rule.combine:
        drawn, done, low, high = values, (), 0, 0
    exponent = None
    if rule.then == "box_cox":
        drawn, exponent = box_cox(drawn, rule.exponent)
    else:
        drawn = logarithm(drawn) if rule.then == "log" else shifted_logarithm(drawn)
    return Treated(drawn, (*done, rule.then), low, high, exponent, passes(drawn, rule))
