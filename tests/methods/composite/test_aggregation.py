"""Aggregation by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from keli.methods.composite import aggregation
from keli.methods.composite.tree import Node, gathered, scored, without

NAN = float("nan")


def test_three_means_with_a_missing_part() -> None:
    """1 and 4 with weights 1/4 and 3/4; without the first part the second has all the weight."""
    parts, weights = np.array([[1.0, 4.0], [NAN, 4.0], [NAN, NAN]]), np.array([0.25, 0.75])
    arithmetic, geometric, harmonic = (
        mean(parts, weights) for mean in (aggregation.arithmetic, aggregation.geometric, aggregation.harmonic)
    )
    assert arithmetic[:2].tolist() == pytest.approx([3.25, 4])
    assert geometric[:2].tolist() == pytest.approx([4**0.75, 4])
    assert harmonic[:2].tolist() == pytest.approx([1 / (0.25 + 0.75 / 4), 4])
    assert np.isnan([arithmetic[2], geometric[2], harmonic[2]]).all()


def test_weights_of_each_cell() -> None:
    parts, weights = np.array([[1.0, 3.0], [1.0, 3.0]]), np.array([[1.0, 0.0], [1.0, 1.0]])
    assert aggregation.arithmetic(parts, weights).tolist() == [1, 2]


@pytest.mark.parametrize("mean", [aggregation.geometric, aggregation.harmonic])
def test_zero_has_no_geometric_mean(mean: object) -> None:
    assert callable(mean)
    with pytest.raises(ValueError, match="not positive"):
        mean(np.array([[0.0, 1.0]]), np.array([0.5, 0.5]))


def test_topsis_by_hand() -> None:
    """Lengths 5 and 5; r = (0.6, 0.8), (0.8, 0.6): both lie as far from the best as from the worst.

    With the weights 3/4 and 1/4 unit 1 is 0.15 from the best and 0.05 from the worst.
    """
    parts = np.array([[3.0, 4.0], [4.0, 3.0]])
    assert aggregation.topsis(parts, np.array([0.5, 0.5])).tolist() == pytest.approx([0.5, 0.5])
    assert aggregation.topsis(parts, np.array([0.75, 0.25])).tolist() == pytest.approx([0.25, 0.75])


def test_topsis_without_division_by_length() -> None:
    """0, 1 and 3 of 4: distances 3, 2, 1 of 4 parts."""
    assert aggregation.topsis(np.array([[0.0], [1.0], [4.0]]), np.ones(1), vector=False).tolist() == [0, 0.25, 1]
    assert aggregation.topsis(np.zeros((2, 1)), np.ones(1)).tolist() == [0, 0]


def test_copeland_by_hand() -> None:
    """Unit 1 ties unit 2 in part 2 (1/4), is ahead of unit 3 there (1/2): 0.75; unit 2 0.75 + 0.5, unit 3 0.5 + 0.5."""
    parts, weights = np.array([[1.0, 2.0], [2.0, 2.0], [3.0, 1.0]]), np.array([0.5, 0.5])
    assert aggregation.copeland(parts, weights).tolist() == pytest.approx([0.75, 1.25, 1.0])
    assert aggregation.copeland_wins(parts, weights).tolist() == [-1, 1, 0]


TREE = Node("top", (Node("left", (Node("a", column=0), Node("b", column=1))), Node("c", column=2)))


def test_a_tree_is_scored_from_the_bottom_up() -> None:
    scores = np.array([[1.0, 3.0, 10.0]])
    found = scored(TREE, scores, lambda _, parts: parts.mean(axis=1))
    assert {name: score.tolist() for name, score in found.items()} == {"left": [2], "top": [6]}
    assert [node.name for node in TREE.branches()] == ["top", "left"]
    assert [leaf.name for leaf in TREE.leaves()] == ["a", "b", "c"]


def test_a_tree_without_a_part() -> None:
    rest = without(TREE, "b")
    assert rest is not None
    assert [leaf.name for leaf in rest.leaves()] == ["a", "c"]
    lone = without(rest, "a")
    assert lone is not None
    assert [node.name for node in lone.branches()] == ["top"]
    assert without(lone, "c") is None


def test_weights_of_indicators_are_summed_to_their_branch() -> None:
    assert gathered(TREE, np.array([0.1, 0.2, 0.3])).tolist() == pytest.approx([0.5, 0.5])


def test_geometric_mean_of_three_by_hand() -> None:
    found = aggregation.geometric(np.array([[2.0, 4.0, 8.0]]), np.full(3, 1 / 3))[0]
    assert math.isclose(found, 4)
