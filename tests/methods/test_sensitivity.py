"""Primary rules on four cells that were worked out by hand, p = 10 and (n, k) = (2, 85)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keli.base.errors import ConfigurationError
from keli.methods.sensitivity import dominated, largest_sum, p_percent, too_few

VECTORS = [
    ([90.0, 5.0, 3.0, 2.0], True, True),
    ([40.0, 30.0, 20.0, 10.0], False, False),
    ([60.0, 28.0, 8.0, 4.0], False, True),
    ([50.0, 45.0, 5.0], False, True),
]


@pytest.mark.parametrize(("cell", "by_p", "by_dominance"), VECTORS)
def test_worked_cells(cell: list[float], by_p: bool, by_dominance: bool) -> None:
    x1, x2, total = cell[0], cell[1], sum(cell)
    assert p_percent(x1, x2, total, 10) is by_p
    assert dominated(largest_sum(x1, x2, 2), total, 85) is by_dominance


def test_worked_cells_as_arrays() -> None:
    x1, x2, total = (np.array([f(cell) for cell, _, _ in VECTORS]) for f in (lambda c: c[0], lambda c: c[1], sum))
    assert p_percent(x1, x2, total, 10).tolist() == [True, False, False, False]
    assert dominated(largest_sum(x1, x2, 2), total, 85).tolist() == [True, False, True, True]


def test_a_tie_dominates_but_is_not_closer_than_p() -> None:
    assert dominated(largest_sum(85.0, 10.0, 1), 100.0, 85)
    assert not dominated(largest_sum(84.99, 10.0, 1), 100.0, 85)
    assert not p_percent(50.0, 45.0, 100.0, 10)
    assert p_percent(50.0, 45.01, 100.0, 10)


def test_counts_below_three_are_too_few_and_none_is_not() -> None:
    assert too_few(np.array([0, 1, 2, 3]), 3).tolist() == [False, True, True, False]


def test_a_cell_whose_contributions_are_all_zero_tells_each_of_them() -> None:
    assert dominated(0.0, 0.0, 85)


def test_more_than_the_two_largest_are_not_kept() -> None:
    with pytest.raises(ConfigurationError, match="dominance_n is 3"):
        largest_sum(1.0, 1.0, 3)


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=2))
def test_one_or_two_contributors_always_break_the_p_rule(cell: list[int]) -> None:
    first, *others = sorted(cell, reverse=True)
    second = others[0] if others else 0
    assert p_percent(first, second, sum(cell), 10)
