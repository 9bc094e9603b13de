"""Indices over many periods: against a fixed base, or linked from period to period."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from keli.base.errors import ConfigurationError
from keli.methods.index_numbers.bilateral import Array, Formula, basket

DIMENSIONS = 2
"""Of a table of prices: periods and goods."""


def fixed_base_series(formula: Formula, prices: ArrayLike, quantities: ArrayLike, base: int = 0) -> Array:
    """Index of every period against one base period, base = 1.

    Args:
        formula: laspeyres, paasche, fisher, tornqvist or walsh.
        prices: (t, n) prices, a row a period.
        quantities: (t, n) quantities, a row a period.
        base: Row of the base period.

    Returns:
        (t,) index.

    Raises:
        ConfigurationError: As `basket`; the tables differ in shape.
    """
    price, quantity = _tables(prices, quantities)
    return np.array([formula(basket(price[base], quantity[base], *now)) for now in zip(price, quantity, strict=True)])


def chained_series(formula: Formula, prices: ArrayLike, quantities: ArrayLike, reference: int = 0) -> Array:
    """Index of every period, linked from period to period; reference period = 1.

    Args:
        formula: laspeyres, paasche, fisher, tornqvist or walsh.
        prices: (t, n) prices, a row a period.
        quantities: (t, n) quantities, a row a period.
        reference: Row of the period that is 1; it changes the level and no growth rate.

    Returns:
        (t,) index.

    Method: I(t) = product of the indices of s against s - 1, s = 1..t. CPI Manual (2004), chapter 15. Chained
    volumes of parts do not add up to the chained volume of the whole.

    Raises:
        ConfigurationError: As `basket`; the tables differ in shape.
    """
    price, quantity = _tables(prices, quantities)
    links = [
        formula(basket(price[step - 1], quantity[step - 1], price[step], quantity[step]))
        for step in range(1, len(price))
    ]
    return linked(links, reference)


def linked(links: Sequence[float], reference: int = 0) -> Array:
    """Levels from changes period by period, reference period = 1.

    Args:
        links: Index of each period against the one before, the first period left out.
        reference: Position of the period that is 1, counted from the first period.

    >>> linked([1.02, 1.05]).round(4).tolist()
    [1.0, 1.02, 1.071]
    """
    level = np.cumprod([1.0, *links])
    return np.asarray(level / level[reference])


def _tables(prices: ArrayLike, quantities: ArrayLike) -> tuple[Array, Array]:
    price, quantity = np.asarray(prices, dtype=float), np.asarray(quantities, dtype=float)
    if price.shape != quantity.shape or price.ndim != DIMENSIONS:
        raise ConfigurationError(
            f"Prices are {price.shape}, quantities {quantity.shape}: they must be tables of one shape.",
            next_step="Give a row for each period and a column for each good.",
        )
    return price, quantity
