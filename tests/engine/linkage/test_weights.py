"""Weights of agreement: shares that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from keli.engine.linkage.weights import (
    MISSING,
    Bounds,
    LevelShares,
    Patterns,
    Prior,
    level_shares,
    match_probability,
    trained_weights,
)


def test_probability_of_one_agreement() -> None:
    # Prior odds 1:3; agreement 0.9 among the same, 0.1 among others: odds 9 x 1/3 = 3, probability 3/4.
    found = match_probability(np.array([[0], [1], [MISSING]]), 0.25, [np.array([0.9, 0.1])], [np.array([0.1, 0.9])])
    assert found[0] == pytest.approx(0.75)
    # Disagreement: odds (0.1 / 0.9) / 3 = 1/27, probability 1/28; a missing value leaves 1/4.
    assert found[1] == pytest.approx(1 / 28)
    assert found[2] == pytest.approx(0.25)


def test_shares_are_counted_without_missing_values() -> None:
    patterns = Patterns(np.array([[0], [1], [MISSING]]), np.array([30.0, 70.0, 900.0]))
    # 30 of 100 known pairs, and the given halves weigh as a tenth of all 1,000 pairs: (30 + 50) / (100 + 100).
    assert level_shares(patterns, {"name": (0.5, 0.5)}, Prior(0.1, 1e6))["name"] == pytest.approx((0.4, 0.6))
    # At most 10 pairs: (30 + 5) / (100 + 10).
    assert level_shares(patterns, {"name": (0.5, 0.5)}, Prior(0.1, 10))["name"][0] == pytest.approx(35 / 110)


def test_training_finds_the_shares_of_a_made_mixture() -> None:
    same, other, share = np.array([0.8, 0.2]), np.array([0.01, 0.99]), 0.05
    levels = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)])
    pairs = 1e6 * (share * same[levels].prod(axis=1) + (1 - share) * other[levels].prod(axis=1))
    given = {name: LevelShares((0.6, 0.4), (0.05, 0.95)) for name in "abc"}
    found = trained_weights(Patterns(levels, pairs), given, Bounds(0.01, 0.5, 1e-3))
    assert found.share_same == pytest.approx(0.05, rel=1e-3)
    assert found.levels["a"].same == pytest.approx((0.8, 0.2), rel=1e-3)
    assert found.levels["b"].different == pytest.approx((0.01, 0.99), rel=1e-3)


def test_known_shares_stay_and_the_largest_share_holds() -> None:
    given = {"name": LevelShares((0.9, 0.1), (0.001, 0.999))}
    patterns = Patterns(np.array([[0], [1]]), np.array([500.0, 500.0]))
    found = trained_weights(patterns, given, Bounds(0.1, 0.2, 1), fixed=True)
    assert found.levels["name"].different == (0.001, 0.999)
    assert found.share_same == 0.2
