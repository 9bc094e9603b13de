"""Primary rules on four cells that were worked out by hand, p = 10 and (n, k) = (2, 85)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keli.base.errors import ConfigurationError
from keli.methods.sensitivity import (
    dominated,
    largest_sum,
    p_percent,
    pq,
    room_for_dominance,
    room_for_pq,
    too_few,
    weighted_largest,
)

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


def test_pq_with_all_of_q_is_the_p_rule_and_knowing_more_makes_more_sensitive() -> None:
    for cell, by_p, _ in VECTORS:
        assert pq(cell[0], cell[1], sum(cell), 10, 100) is by_p
    # 50, 45, 5: all that is left is 5, known within half of it: 2.5 < 10 per cent of 50.
    assert pq(50.0, 45.0, 100.0, 10, 50)


def test_a_contribution_stands_for_as_many_as_its_weight() -> None:
    """10 and 6 at weight 2.5: of the population the largest two have 10, the third half of 10 and half of 6."""
    assert weighted_largest([10.0, 6.0], 2.5, 3) == [10, 10, 8]
    first, second = weighted_largest([np.array([10.0, 9]), np.array([6.0, 1])], np.array([1.0, 1.5]), 2)
    assert (first.tolist(), second.tolist()) == ([10, 9], [6, 5])


def test_room_is_what_lifts_the_cell_out_of_the_rule() -> None:
    """90, 5, 3, 2: at 95 / 0.85 = 111.76 the two largest have 85 per cent; 9 must be left beside 90 and 5, 5 are."""
    assert room_for_dominance(95.0, 100.0, 85) == pytest.approx(11.7647, abs=1e-4)
    assert room_for_pq(90.0, 5.0, 100.0, 10, 100) == pytest.approx(4)
    assert room_for_dominance(60.0, 100.0, 85) == room_for_pq(40.0, 30.0, 100.0, 10, 100) == 0


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=2))
def test_one_or_two_contributors_always_break_the_p_rule(cell: list[int]) -> None:
    first, *others = sorted(cell, reverse=True)
    second = others[0] if others else 0
    assert p_percent(first, second, sum(cell), 10)
