"""Laspeyres, Paasche, Fisher, Törnqvist, Walsh: six goods of the CPI Manual, by hand, and the tests of Fisher."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keli.base.errors import ConfigurationError
from keli.methods.index_numbers.bilateral import (
    FORMULAS,
    basket,
    fisher,
    laspeyres,
    paasche,
    tornqvist,
    volume_index,
    walsh,
)
from keli.methods.index_numbers.chained import chained_series, fixed_base_series, linked

# ILO, IMF, OECD, UNECE, Eurostat, World Bank: Consumer Price Index Manual (2004), chapter 19: six goods, five periods.
PRICES = [
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    [1.2, 3.0, 1.3, 0.7, 1.4, 0.8],
    [1.0, 1.0, 1.5, 0.5, 1.7, 0.6],
    [0.8, 0.5, 1.6, 0.3, 1.9, 0.4],
    [1.0, 1.0, 1.6, 0.1, 2.0, 0.2],
]
QUANTITIES = [
    [1.0, 1.0, 2.0, 1.0, 4.5, 0.5],
    [0.8, 0.9, 1.9, 1.3, 4.7, 0.6],
    [1.0, 1.1, 1.8, 3.0, 5.0, 0.8],
    [1.2, 1.2, 1.9, 6.0, 5.6, 1.3],
    [0.9, 1.2, 2.0, 12.0, 6.5, 2.5],
]
FIXED = {
    "laspeyres": [1.0, 1.4200, 1.3450, 1.3550, 1.4400],
    "paasche": [1.0, 1.3824, 1.2031, 1.0209, 0.7968],
    "fisher": [1.0, 1.4011, 1.2721, 1.1762, 1.0712],
    "walsh": [1.0, 1.4017, 1.2850, 1.2193, 1.1850],
    "tornqvist": [1.0, 1.4052, 1.2890, 1.2268, 1.2477],
}
TWO = basket([10, 20], [4, 1], [12, 18], [3, 2])


@pytest.mark.parametrize("name", FORMULAS)
def test_six_goods_against_the_first_period(name: str) -> None:
    assert fixed_base_series(FORMULAS[name], PRICES, QUANTITIES) == pytest.approx(FIXED[name], abs=5e-5)


def test_two_goods_by_hand() -> None:
    """p0 q0 = 60, p1 q0 = 66; p0 q1 = 70, p1 q1 = 72; roots of q0 q1 are r12 and r2."""
    assert laspeyres(TWO) == pytest.approx(66 / 60)
    assert paasche(TWO) == pytest.approx(72 / 70)
    assert fisher(TWO) ** 2 == pytest.approx(66 / 60 * 72 / 70)
    assert walsh(TWO) == pytest.approx((12 * 12**0.5 + 18 * 2**0.5) / (10 * 12**0.5 + 20 * 2**0.5))
    assert tornqvist(TWO) == pytest.approx(1.2 ** ((40 / 60 + 36 / 72) / 2) * 0.9 ** ((20 / 60 + 36 / 72) / 2))


def test_volumes_by_hand() -> None:
    """Laspeyres volume: p0 q1 / p0 q0 = 70 / 60; with the Paasche price index it gives the value, 72 / 60."""
    assert volume_index(laspeyres, TWO) == pytest.approx(70 / 60)
    assert volume_index(laspeyres, TWO) * paasche(TWO) == pytest.approx(72 / 60)


def test_chained_links() -> None:
    """Laspeyres, third period: 1.42 times the index against the second, by its quantities."""
    link = np.dot(PRICES[2], QUANTITIES[1]) / np.dot(PRICES[1], QUANTITIES[1])
    chained = chained_series(laspeyres, PRICES, QUANTITIES)
    assert chained[:3] == pytest.approx([1, 1.42, 1.42 * link])
    again = chained_series(laspeyres, PRICES, QUANTITIES, reference=4)
    assert again[4] == 1
    assert again / again[0] == pytest.approx(chained)
    assert linked([1.02, 1.05], 1) == pytest.approx([1 / 1.02, 1, 1.05])


AMOUNT = st.floats(0.1, 100)


@given(st.lists(st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT), min_size=1, max_size=8))
def test_what_a_good_index_does(goods: list[tuple[float, float, float, float]]) -> None:
    """Between the smallest and the largest price change; the other way round it is the inverse (not the two first)."""
    there = basket(*zip(*goods, strict=True))
    back = dataclasses.replace(
        there, price_base=there.price, price=there.price_base, quantity_base=there.quantity,
        quantity=there.quantity_base,
    )  # fmt: skip
    relative = there.price / there.price_base
    for formula in FORMULAS.values():
        assert relative.min() * (1 - 1e-9) <= formula(there) <= relative.max() * (1 + 1e-9)
    for formula in (fisher, tornqvist, walsh):
        assert formula(there) * formula(back) == pytest.approx(1)
    value = there.price @ there.quantity / (there.price_base @ there.quantity_base)
    assert fisher(there) * volume_index(fisher, there) == pytest.approx(value)


def test_goods_that_come_and_go_weigh_nothing_with_walsh() -> None:
    goods = basket([10, 20], [4, 0], [12, 90], [3, 2])
    assert walsh(goods) == pytest.approx(1.2)
    with pytest.raises(ConfigurationError, match="both periods"):
        walsh(basket([10, 20], [4, 0], [12, 90], [0, 2]))
    with pytest.raises(ConfigurationError, match="price is missing"):
        volume_index(tornqvist, goods)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"price": [12.0]}, "same goods"),
        ({"price": [12.0, 0.0]}, "price is missing"),
        ({"price_base": [12.0, float("nan")]}, "price is missing"),
        ({"quantity": [1.0, -1.0]}, "quantity is missing"),
        ({"quantity_base": [0.0, 0.0]}, "quantity is missing"),
    ],
)
def test_a_wrong_basket_is_refused(change: dict[str, list[float]], message: str) -> None:
    given_goods = {"price_base": [10.0, 20], "quantity_base": [4.0, 1], "price": [12.0, 18], "quantity": [3.0, 2]}
    with pytest.raises(ConfigurationError, match=message):
        basket(**(given_goods | change))


def test_tables_of_two_shapes_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="one shape"):
        chained_series(fisher, PRICES, QUANTITIES[:4])
    with pytest.raises(ConfigurationError, match="one shape"):
        fixed_base_series(fisher, PRICES[0], QUANTITIES[0])
