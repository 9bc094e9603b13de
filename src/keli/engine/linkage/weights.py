"""Fellegi-Sunter weights: how much more often two records of one unit agree than records of different units do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MISSING = -1
Floats = npt.NDArray[np.float64]
SMALLEST = 1e-12


@dataclass(frozen=True)
class Patterns:
    """Patterns of agreement.

    Args:
        levels: One row for each pattern, one column for each comparison: the level's number from 0, or MISSING where a
            record says nothing.
        pairs: Number of pairs with each pattern, drawn pairs counted with their weight.
    """

    levels: npt.NDArray[np.int64]
    pairs: Floats


@dataclass(frozen=True)
class Prior:
    """Weight of shares known before: a share of the number of pairs, at most so many pairs."""

    share: float
    most: float


@dataclass(frozen=True)
class LevelShares:
    """Shares of the levels of one comparison among pairs.

    Args:
        same: Share of each level among pairs of the same unit (m).
        different: Share of each level among pairs of different units (u).
    """

    same: tuple[float, ...]
    different: tuple[float, ...]


@dataclass(frozen=True)
class Weights:
    """Trained weights.

    Args:
        share_same: Share of all pairs that are of the same unit.
        levels: Shares by comparison, in the order of the patterns' columns.
        rounds: Rounds until the shares stood still.
    """

    share_same: float
    levels: dict[str, LevelShares]
    rounds: int


@dataclass(frozen=True)
class Bounds:
    """How training begins and ends.

    Args:
        first_share: First guess of the share of pairs of the same unit.
        largest_share: The share cannot exceed this, such as one partner a record.
        prior_pairs: Number of matches that the given shares count as.
        rounds: At most so many rounds.
        still: Shares that move by no more than this stand still.
    """

    first_share: float
    largest_share: float
    prior_pairs: float
    rounds: int = 500
    still: float = 1e-7


def trained_weights(
    found: Patterns, given: Mapping[str, LevelShares], bounds: Bounds, *, fixed: bool = False
) -> Weights:
    """Shares of agreement among pairs of the same and of different units, by expectation and maximisation.

    Args:
        found: Patterns of all pairs, their comparisons in the order of `given`.
        given: Shares to begin with, also held against the data as `prior_pairs` matches.
        bounds: How training begins and ends.
        fixed: The shares among pairs of different units are known and stay.

    Returns:
        The trained weights.

    Method: Fellegi and Sunter (1969), comparisons independent given the state of the pair; expectation and maximisation
    (Winkler 1988) with Dirichlet priors, over all pairs of the files, compared or drawn, so that both states have their
    own shares; a missing value says nothing.
    """
    patterns, pairs = found.levels, found.pairs
    same = [np.array(shares.same) / sum(shares.same) for shares in given.values()]
    other = [np.array(shares.different) / sum(shares.different) for shares in given.values()]
    first_same, first_other = [one.copy() for one in same], [one.copy() for one in other]
    share, rounds, moved = bounds.first_share, 0, 1.0
    while moved >= bounds.still and rounds < bounds.rounds:
        rounds += 1
        belief = match_probability(patterns, share, same, other)
        new_same = [
            _shares(patterns[:, at], pairs * belief, one * bounds.prior_pairs) for at, one in enumerate(first_same)
        ]
        if not fixed:
            against = pairs * (1 - belief)
            other = [_shares(patterns[:, at], against, one * bounds.prior_pairs) for at, one in enumerate(first_other)]
        new_share = float(min(bounds.largest_share, max(SMALLEST, (pairs * belief).sum() / pairs.sum())))
        moved = max(float(np.abs(new - old).max()) for new, old in zip(new_same, same, strict=True))
        moved = max(moved, abs(new_share - share) / share)
        same, share = new_same, new_share
    levels = {
        name: LevelShares(tuple(map(float, one)), tuple(map(float, two)))
        for name, one, two in zip(given, same, other, strict=True)
    }
    return Weights(share, levels, rounds)


def level_shares(found: Patterns, given: Mapping[str, Sequence[float]], prior: Prior) -> dict[str, tuple[float, ...]]:
    """Share of each level of each comparison among pairs, those without a value left out.

    Args:
        found: Patterns of the pairs, their comparisons in the order of `given`.
        given: Shares known before.
        prior: Weight of the given shares against the data.

    Returns:
        The shares by comparison.
    """
    weight = min(prior.share * float(found.pairs.sum()), prior.most)
    return {
        name: tuple(map(float, _shares(found.levels[:, at], found.pairs, np.array(one) / sum(one) * weight)))
        for at, (name, one) in enumerate(given.items())
    }


def match_probability(
    patterns: npt.NDArray[np.int64], share: float, same: Sequence[Floats], other: Sequence[Floats]
) -> Floats:
    """Probability that pairs with a pattern are of the same unit.

    Args:
        patterns: One row for each pattern of levels, as in `trained_weights`.
        share: Share of all pairs that are of the same unit.
        same: Shares of levels among pairs of the same unit, by comparison.
        other: Shares of levels among pairs of different units, by comparison.

    Returns:
        One probability for each pattern.
    """
    odds = np.full(len(patterns), np.log(share) - np.log1p(-share))
    for at, (one, two) in enumerate(zip(same, other, strict=True)):
        ratio = np.log(np.maximum(one, SMALLEST)) - np.log(np.maximum(two, SMALLEST))
        odds += np.where(patterns[:, at] == MISSING, 0.0, ratio[np.maximum(patterns[:, at], 0)])
    chance: Floats = 1 / (1 + np.exp(-np.clip(odds, -700, 700)))
    return chance


def _shares(levels: npt.NDArray[np.int64], pairs: Floats, prior: Floats) -> Floats:
    """Shares of levels among pairs, the prior counted in."""
    known = levels != MISSING
    counted = np.bincount(levels[known], weights=pairs[known], minlength=len(prior)) + prior
    shares: Floats = counted / counted.sum()
    return shares
