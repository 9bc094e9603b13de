"""Constant prices: three classes deflated, the figures carried to five decimals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keli.methods.price_index import chained_index, constant_price_value, implicit_deflator

BASE = np.array([100.0, 200.0, 50.0])
CURRENT = np.array([118.0, 230.0, 54.0])
INDEX = np.array([98.5, 102.0, 101.2])
INDEX_VALUES = st.floats(90, 115)


def test_worked_vector_at_constant_prices() -> None:
    constant = constant_price_value(CURRENT, INDEX / 100)
    assert [f"{value:.5f}" for value in constant] == ["119.79695", "225.49020", "53.35968"]
    assert f"{constant.sum():.5f}" == "398.64683"
    assert f"{implicit_deflator(CURRENT.sum(), constant.sum()):.4f}" == "100.8411"


def test_a_scalar_is_deflated_as_an_array_is() -> None:
    assert constant_price_value(118.0, 0.985) == pytest.approx(119.79695, abs=5e-6)


def test_indices_are_chained_to_the_base_year() -> None:
    series = {2021: 102.0, 2022: 105.0}
    assert chained_index(series, 2020, 2020) == 1.0
    assert chained_index(series, 2020, 2021) == pytest.approx(1.02)
    assert chained_index(series, 2020, 2022) == pytest.approx(1.02 * 1.05)


def test_a_year_before_the_base_is_divided_back() -> None:
    assert chained_index({2020: 125.0}, 2020, 2019) == pytest.approx(0.8)


def test_a_missing_link_is_not_guessed() -> None:
    assert chained_index({2021: 102.0, 2023: 101.0}, 2020, 2023) is None
    assert chained_index({}, 2020, 2019) is None


@given(INDEX_VALUES, INDEX_VALUES, INDEX_VALUES)
def test_a_change_of_base_leaves_price_changes_alone(first: float, second: float, third: float) -> None:
    series = {2019: first, 2020: second, 2021: third}
    old, new = [
        (chained_index(series, base, 2021) or 0) / (chained_index(series, base, 2020) or 1) for base in (2018, 2020)
    ]
    assert old == pytest.approx(new)
