"""Benefit of the doubt: every unit is scored with the weights that suit it best."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import linprog

from keli.methods.composite.ranks import Array

AT_ONCE, TOLERANCE = 5, 1e-9


def benefit_of_doubt(scores: Array, low: float = 0.0, high: float = 1.0) -> tuple[Array, Array]:
    """Score of each unit, 1 for the frontier, and its weights.

    Args:
        scores: Units in rows, indicators in columns, none negative, no row all zero.
        low: Least share of each indicator in the unit's own score.
        high: Largest share.

    Method: for each unit o: maximise sum_j w_j y_oj with w >= 0 and sum_j w_j y_ij <= 1 for every unit i, and with
    shares low sum_k w_k y_ok <= w_j y_oj <= high sum_k w_k y_ok; linear program, HiGHS. Units that may not matter are
    left out of the program and checked afterwards, which changes no score. Melyn and Moesen 1991; Cherchye, Moesen,
    Rogge and Van Puyenbroeck 2007. Scores are unique, weights need not be.

    Raises:
        ValueError: A score is negative, a row is all zero, or no weights keep the shares.
    """
    if scores.min() < 0 or np.any(scores.sum(axis=1) == 0):
        raise ValueError("benefit of the doubt needs scores that are not negative, in every unit one above zero")
    frontier = sorted({int(np.argmax(column)) for column in scores.T})
    weights = np.array([_against(scores, own, (low, high), frontier) for own in scores])
    return np.sum(scores * weights, axis=1), weights


def _against(scores: Array, own: Array, shares: tuple[float, float], frontier: list[int]) -> Array:
    """Best weights of one unit against all: first against the frontier known so far, then with those that it misses."""
    while True:
        weights = _best(scores[frontier], own, *shares)
        reached = scores @ weights
        beyond = [int(unit) for unit in np.argsort(-reached)[:AT_ONCE] if reached[unit] > 1 + TOLERANCE]
        missed = [unit for unit in beyond if unit not in frontier]
        if not missed:
            return weights
        frontier += missed


def _best(scores: Array, own: Array, low: float, high: float) -> Array:
    """Weights that are best for one unit."""
    limits, ends = [scores], [np.ones(len(scores))]
    diagonal = np.diag(own)
    if low > 0:
        limits.append(low * own[None, :] - diagonal)
    if high < 1:
        limits.append(diagonal - high * own[None, :])
    ends += [np.zeros(len(own))] * (len(limits) - 1)
    solved: Any = linprog(-own, A_ub=np.vstack(limits), b_ub=np.concatenate(ends), bounds=(0, None), method="highs")
    if solved.status != 0 or -solved.fun <= 0:
        raise ValueError("no weights keep the shares: an indicator of a unit is zero, or the shares do not fit")
    return np.asarray(solved.x, dtype=float)
