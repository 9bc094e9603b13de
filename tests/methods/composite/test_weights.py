"""Weights: the worked tables of the domain specification, and constructed cases whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from keli.methods.composite import weights
from keli.methods.composite.ahp import judged
from keli.methods.composite.benefit_of_doubt import benefit_of_doubt
from keli.methods.composite.ranks import Array

Z = np.array([[0.0, 1.0, 0.0], [1 / 3, 2 / 3, 0.4], [1.0, 1 / 3, 0.2], [2 / 3, 0.0, 1.0]])
RANDOM = {3: 0.58, 4: 0.90, 5: 1.12}


def test_entropy_of_the_worked_table() -> None:
    assert weights.entropy(Z).tolist() == pytest.approx([0.303354, 0.303354, 0.393293], abs=1e-6)


def test_critic_of_the_worked_table() -> None:
    assert weights.critic(Z).tolist() == pytest.approx([0.285012, 0.424542, 0.290446], abs=1e-6)


def test_entropy_by_hand() -> None:
    """Two units: (1, 0) tells them apart fully, e = 0; (1, 1) not at all, e = 1."""
    assert weights.entropy(np.array([[1.0, 1.0], [0.0, 1.0]])).tolist() == pytest.approx([1, 0])


def test_standard_deviation_by_hand() -> None:
    assert weights.standard_deviation(np.array([[0.0, 0.0], [1.0, 3.0]])).tolist() == pytest.approx([0.25, 0.75])


@pytest.mark.parametrize("scores", [[[-1.0, 1.0], [1.0, 0.0]], [[0.0, 1.0], [0.0, 2.0]]])
def test_entropy_refuses_what_it_cannot_divide(scores: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="not negative"):
        weights.entropy(np.array(scores))


def test_weights_that_add_up_to_nothing_are_refused() -> None:
    """Two indicators that run as one have no conflict: CRITIC gives neither a weight."""
    with pytest.raises(ValueError, match="run as one"):
        weights.critic(np.array([[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]]))


def test_first_component_of_two_indicators_is_half_and_half() -> None:
    assert weights.first_component(np.array([[1.0, 1.0], [2.0, 4.0], [3.0, 2.0]])).tolist() == pytest.approx([0.5, 0.5])


def test_first_component_of_three_indicators_by_its_equation() -> None:
    """The weights w times their sum solve R w = lambda w with the largest lambda."""
    scores = np.array([[1.0, 2.0, 4.0], [2.0, 1.0, 1.0], [3.0, 4.0, 3.0], [4.0, 3.0, 5.0], [5.0, 6.0, 4.0]])
    found, matrix = weights.first_component(scores), np.corrcoef(scores, rowvar=False)
    quotient = matrix @ found / found
    assert quotient == pytest.approx(np.full(3, np.linalg.eigvalsh(matrix)[-1]))
    assert found.sum() == pytest.approx(1)


def separate_blocks() -> Array:
    """Two pairs of indicators; within a pair r = 0.8 and 0.6, between them 0."""
    base = np.linalg.qr(np.column_stack([np.ones(8), np.random.default_rng(3).normal(size=(8, 4))]))[0][:, 1:]
    return np.column_stack(
        [base[:, 0], 0.8 * base[:, 0] + 0.6 * base[:, 1], base[:, 2], 0.6 * base[:, 2] + 0.8 * base[:, 3]]
    )


def test_rotated_factors_of_separate_pairs() -> None:
    """Eigenvalues 1.8 and 1.6 above 1, squared loadings 0.9 and 0.8 on the own factor: weights 0.9 and 0.8 of 3.4."""
    expected = [0.9 / 3.4, 0.9 / 3.4, 0.8 / 3.4, 0.8 / 3.4]
    assert weights.rotated_factors(separate_blocks()).tolist() == pytest.approx(expected)


def test_varimax_finds_the_simple_structure_again() -> None:
    simple = np.array([[0.9, 0.0], [0.8, 0.0], [0.0, 0.7], [0.0, 0.6]])
    turn = np.array([[np.cos(0.5), -np.sin(0.5)], [np.sin(0.5), np.cos(0.5)]])
    assert np.abs(weights.varimax(simple @ turn)) == pytest.approx(simple, abs=1e-6)


def test_one_round_of_varimax_only_turns() -> None:
    loadings = np.array([[0.9, 0.2], [0.7, 0.4], [0.1, 0.8]])
    turned = weights.varimax(loadings, rounds=1)
    assert (turned**2).sum(axis=1) == pytest.approx((loadings**2).sum(axis=1))


def test_paired_comparisons_of_the_worked_matrix() -> None:
    found = judged(np.array([[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]]), RANDOM)
    assert found.weights.tolist() == pytest.approx([0.648329, 0.229651, 0.122020], abs=1e-6)
    assert found.largest == pytest.approx(3.003695, abs=1e-6)
    assert found.ratio == pytest.approx(0.003185, abs=1e-6)


def test_two_parts_are_always_consistent() -> None:
    found = judged(np.array([[1, 3], [1 / 3, 1]]), {})
    assert (found.weights.tolist(), found.index, found.ratio) == (pytest.approx([0.75, 0.25]), 0, 0)


@pytest.mark.parametrize(
    ("matrix", "told"),
    [
        ([[1, 2, 3], [0.5, 1, 2]], "square"),
        ([[1, -2], [-0.5, 1]], "positive"),
        ([[1, 2], [1, 1]], r"entry \(1, 2\) times entry \(2, 1\) is not 1"),
        (np.ones((6, 6)), "random index for 6"),
    ],
)
def test_comparisons_that_are_none(matrix: list[list[float]], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        judged(np.array(matrix, dtype=float), RANDOM)


def test_benefit_of_the_doubt_by_hand() -> None:
    """(1, 1/2) and (1/2, 1) make the frontier; (1/2, 1/2) gets 2/3 at the weights 2/3, 2/3."""
    scores = np.array([[1.0, 0.5], [0.5, 1.0], [0.5, 0.5]])
    found, own = benefit_of_doubt(scores)
    assert found.tolist() == pytest.approx([1, 1, 2 / 3])
    assert own[2].tolist() == pytest.approx([2 / 3, 2 / 3])


def test_a_unit_may_be_on_the_frontier_without_being_best_in_anything() -> None:
    """(0.8, 0.8) beats every mixture of (1, 0) and (0, 1); (0.4, 0.4) gets half of it."""
    found, _ = benefit_of_doubt(np.array([[1.0, 0.0], [0.0, 1.0], [0.8, 0.8], [0.4, 0.4]]))
    assert found.tolist() == pytest.approx([1, 1, 1, 0.5])


def test_benefit_of_the_doubt_with_shares() -> None:
    """With equal shares of one half: 1/2 = w1 y1 = w2 y2 scaled so that the frontier does not pass one.

    Unit (1, 1/2) at w = (a, 2a): itself 2a, (1/2, 1) 2.5a at most 1, so a = 0.4 and the score 0.8.
    """
    scores = np.array([[1.0, 0.5], [0.5, 1.0], [0.5, 0.5]])
    found, own = benefit_of_doubt(scores, 0.5, 0.5)
    assert found.tolist() == pytest.approx([0.8, 0.8, 2 / 3])
    assert (own * scores / found[:, None]).ravel().tolist() == pytest.approx([0.5] * 6)
    wide, _ = benefit_of_doubt(scores, 0.1, 1.0)
    assert (wide <= 1 + 1e-9).all()
    assert (wide >= found - 1e-9).all()


def test_benefit_of_the_doubt_refuses_what_has_no_answer() -> None:
    with pytest.raises(ValueError, match="not negative"):
        benefit_of_doubt(np.array([[1.0, -1.0], [1.0, 1.0]]))
    with pytest.raises(ValueError, match="not negative"):
        benefit_of_doubt(np.array([[0.0, 0.0], [1.0, 1.0]]))
    with pytest.raises(ValueError, match="shares"):
        benefit_of_doubt(np.array([[1.0, 0.0], [1.0, 1.0]]), 0.2, 1.0)
