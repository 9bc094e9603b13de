"""What coalitions know of cells, and which moves they can exclude."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keli.methods.linked_tables.tables import Change, Holder, LinkedTables
from keli.methods.suppression.knowledge import Knowledge

# Of B small (cell 7, 40): holder 0 gave 25, holder 1 gave 15. Holder 2 is alone in C small (cell 10, 100).
HOLDERS = [
    Holder(np.array([7]), np.array([25.0])),
    Holder(np.array([7, 8]), np.array([15.0, 100.0])),
    Holder(np.array([10]), np.array([100.0])),
]


def known(table: LinkedTables) -> Knowledge:
    """Two contributors in B small, one in C small."""
    contributors = table.contributors.copy()
    contributors[[7, 10]] = 2, 1
    return Knowledge(replace(table, contributors=contributors), HOLDERS)


def least(knowledge: Knowledge, members: tuple[int, ...], *cells: int) -> list[float]:
    """Below which a coalition knows that cells do not lie."""
    return [float(bound) for bound in knowledge.bounds(knowledge.coalition(members), np.array(cells))[0]]


def test_own_contributions_bound_a_cell_from_below(district: LinkedTables) -> None:
    knowledge = known(district)
    assert least(knowledge, (0,), 7) == [25]
    assert least(knowledge, (1,), 7, 8, 11) == [15, 100, 0]
    assert least(knowledge, (), 7) == [0]


def test_who_fills_a_cell_knows_it(district: LinkedTables) -> None:
    knowledge = known(district)
    alone, together = knowledge.coalition((2,)), knowledge.coalition((0, 1))
    assert (alone.least.tolist(), alone.most.tolist()) == ([100], [100])
    assert (together.least[0], together.most[0]) == (40, 40)
    assert knowledge.fills(together, 7)
    assert not knowledge.fills(together, 10)
    assert not knowledge.fills(knowledge.coalition((0,)), 7)


def test_contributions_bound_nothing_where_values_have_signs(district: LinkedTables) -> None:
    signed = replace(district, least=np.full(12, -np.inf))
    assert least(Knowledge(signed, HOLDERS), (0,), 7) == [-np.inf]


def test_known_cells_are_known(district: LinkedTables) -> None:
    fixed = np.arange(12) == 4
    knowledge = Knowledge(replace(district, known=fixed), [])
    assert [bound.tolist() for bound in knowledge.bounds(knowledge.public, np.array([4]))] == [[100], [100]]


def test_who_can_exclude_a_move(district: LinkedTables) -> None:
    knowledge = known(district)
    change = Change(np.array([7, 8, 10, 11]), np.array([-20.0, 20.0, 20.0, -20.0]))
    # Down to 20: less than holder 0 gave. C small is not what holder 2 knows it to be.
    assert knowledge.doubters(change, 1.0, knowledge.public, target=11) == [0, 2]
    assert knowledge.doubters(change, 1.0, knowledge.public, target=7) == [2]
    assert knowledge.doubters(change, 0.5, knowledge.public, target=11) == [2]
    assert knowledge.allows(change, 1.0, knowledge.coalition((0,)), target=7)
    assert not knowledge.allows(change, 1.0, knowledge.coalition((0,)), target=8)
    assert not knowledge.allows(change, 10.0, knowledge.public, target=8)


def test_two_together_exclude_more(district: LinkedTables) -> None:
    knowledge = known(district)
    change = Change(np.array([7, 8]), np.array([-5.0, 5.0]))
    # Neither 25 nor 15 excludes 35 in B small; both together know that it is 40.
    assert knowledge.doubters(change, 1.0, knowledge.public, target=8) == []
    assert knowledge.doubting_pairs(change, 1.0, target=8) == [(0, 1)]
    assert knowledge.doubting_pairs(change, 1.0, target=7) == []
    # Where others contribute too, they know nothing that speaks against more.
    crowd = Knowledge(district, HOLDERS)
    assert crowd.doubting_pairs(Change(np.array([7, 8]), np.array([5.0, -5.0])), 1.0, target=8) == []
    # Where one of them can already, the pair is not named.
    assert knowledge.doubting_pairs(change, 4.0, target=8) == []
    # Holder 1 alone with nobody else in B large: no pair there.
    assert knowledge.doubting_pairs(Change(np.array([8, 7]), np.array([5.0, 0.0])), 1.0, target=7) == []
