"""Constant prices: chained price indices and single deflation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PREVIOUS_YEAR = 100


def chained_index(index_previous_year: Mapping[int, float], base_year: int, year: int) -> float | None:
    """Cumulative price index of a year, base year = 1.

    Args:
        index_previous_year: One price series: year -> index with the previous year = 100.
        base_year: Year whose prices are the base.
        year: Year to be deflated.

    Returns:
        The index, or None where the series lacks a year between the two. Nothing is interpolated.

    Method: P(t) = product of I(s)/100 over s = base+1..t; for a year before the base the product of the years
    between is divided by. The links are price changes of single years, so that a change of base year leaves
    every growth rate as it was. NBS, 中国国民经济核算体系（2016）, constant-price accounts.

    >>> round(chained_index({2021: 102.0, 2022: 105.0}, 2020, 2022), 6)
    1.071
    """
    product = 1.0
    for linked in range(min(base_year, year) + 1, max(base_year, year) + 1):
        if linked not in index_previous_year:
            return None
        product *= index_previous_year[linked] / PREVIOUS_YEAR
    return product if year >= base_year else 1 / product


def constant_price_value(current: Any, index: Any) -> Any:
    """Volume of value added in prices of the base year, by single deflation.

    Args:
        current: Value added at current prices.
        index: Cumulative price index of the class, base year = 1.

    Method: VA(Q) = VA(V) / P, class by class; sums are taken after deflation.
    """
    return current / index


def implicit_deflator(current: Any, constant: Any) -> Any:
    """Implicit deflator of an aggregate, base year = 100.

    Args:
        current: Sum at current prices.
        constant: Sum at constant prices.

    Method: 100 * sum VA(V) / sum VA(Q).
    """
    return current / constant * PREVIOUS_YEAR
