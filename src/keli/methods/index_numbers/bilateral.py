"""Price and volume indices between two periods: Laspeyres, Paasche, Fisher, Törnqvist, Walsh."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keli.base.errors import ConfigurationError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Basket:
    """Goods in two periods, in one order.

    Args:
        price_base: (n,) prices of the base period, above zero.
        quantity_base: (n,) quantities of the base period, not below zero.
        price: (n,) prices of the period compared, above zero.
        quantity: (n,) quantities of the period compared, not below zero.
    """

    price_base: Array
    quantity_base: Array
    price: Array
    quantity: Array


Formula = Callable[[Basket], float]


def basket(price_base: ArrayLike, quantity_base: ArrayLike, price: ArrayLike, quantity: ArrayLike) -> Basket:
    """Goods in two periods, checked.

    Raises:
        ConfigurationError: The four lists differ in length, a price is not above zero, a quantity is below zero, or a
            period has no quantities at all. A good without a price in one period has no place in an index.
    """
    prices = [np.asarray(given, dtype=float) for given in (price_base, price)]
    quantities = [np.asarray(given, dtype=float) for given in (quantity_base, quantity)]
    if len({given.shape for given in (*prices, *quantities)}) != 1 or prices[0].ndim != 1:
        raise ConfigurationError(
            "Prices and quantities are not of the same goods.",
            next_step="Give two prices and two quantities of each good, in one order.",
        )
    if not all((given > 0).all() and np.isfinite(given).all() for given in prices):
        raise ConfigurationError(
            "A price is missing, zero or negative.", next_step="Impute it, or leave the good out of both periods."
        )
    if not all((given >= 0).all() and np.isfinite(given).all() and given.any() for given in quantities):
        raise ConfigurationError(
            "A quantity is missing or negative, or a period has none at all.", next_step="See how they were counted."
        )
    return Basket(prices[0], quantities[0], prices[1], quantities[1])


def laspeyres(goods: Basket) -> float:
    """Price index with the quantities of the base period: sum p1 q0 / sum p0 q0. CPI Manual (2004), chapter 15."""
    return float(goods.price @ goods.quantity_base / (goods.price_base @ goods.quantity_base))


def paasche(goods: Basket) -> float:
    """Price index with the quantities of the period compared: sum p1 q1 / sum p0 q1. CPI Manual (2004), chapter 15."""
    return float(goods.price @ goods.quantity / (goods.price_base @ goods.quantity))


def fisher(goods: Basket) -> float:
    """Geometric mean of Laspeyres and Paasche. CPI Manual (2004), chapter 15.

    It gives the inverse when the periods change places, and price times volume is the change of the value.
    """
    return float(np.sqrt(laspeyres(goods) * paasche(goods)))


def tornqvist(goods: Basket) -> float:
    """Geometric mean of price relatives, weighted by mean shares in value. CPI Manual (2004), chapter 15.

    Method: exp(sum (s0 + s1) / 2 ln(p1 / p0)); s are shares in the value of their period.
    """
    value_base, value = goods.price_base * goods.quantity_base, goods.price * goods.quantity
    weight = (value_base / value_base.sum() + value / value.sum()) / 2
    return float(np.exp(weight @ np.log(goods.price / goods.price_base)))


def walsh(goods: Basket) -> float:
    """Price index with the geometric means of the quantities: sum p1 r(q0 q1) / sum p0 r(q0 q1), r the square root.

    CPI Manual (2004), chapter 15 A good that is absent in one period weighs nothing.

    Raises:
        ConfigurationError: No good has quantities in both periods.
    """
    quantity = np.sqrt(goods.quantity_base * goods.quantity)
    if not quantity.any():
        raise ConfigurationError(
            "No good has quantities in both periods.", next_step="Use another index, or a nearer base period."
        )
    return float(goods.price @ quantity / (goods.price_base @ quantity))


def volume_index(formula: Formula, goods: Basket) -> float:
    """Volume index of the same formula: prices and quantities change places.

    Args:
        formula: laspeyres, paasche, fisher, tornqvist or walsh.
        goods: Goods in two periods; for a volume index quantities must be above zero for `tornqvist`.

    Raises:
        ConfigurationError: A quantity is zero.
    """
    return formula(basket(goods.quantity_base, goods.price_base, goods.quantity, goods.price))


FORMULAS: dict[str, Formula] = {
    "laspeyres": laspeyres,
    "paasche": paasche,
    "fisher": fisher,
    "tornqvist": tornqvist,
    "walsh": walsh,
}
"""Name of an index -> its formula."""
