"""Weights that the data give: entropy, CRITIC, standard deviation, principal components. Each set adds up to one."""

from __future__ import annotations

import numpy as np

from keli.methods.composite.ranks import Array

KAISER = 1.0
NOTHING = 1e-12
VARIMAX_ROUNDS, VARIMAX_TOLERANCE = 1000, 1e-12


def entropy(scores: Array) -> Array:
    """Entropy weights (熵权): indicators that tell units apart more weigh more.

    Args:
        scores: Units in rows, indicators in columns, none negative; usually on the min-max scale from 0 to 1.

    Method: p = z / sum z by column; e = - sum p ln p / ln n with 0 ln 0 = 0; w = (1 - e) / sum (1 - e). Shannon 1948;
    Zeleny 1982. No shift is added to zeros.

    Raises:
        ValueError: A score is negative or a column is all zero.
    """
    if scores.min() < 0 or np.any(scores.sum(axis=0) == 0):
        raise ValueError("entropy needs scores that are not negative, in every column one above zero")
    part = scores / scores.sum(axis=0)
    logs = np.log(part, out=np.zeros_like(part), where=part > 0)
    apart = 1 + np.sum(part * logs, axis=0) / np.log(len(scores))
    return _of_one(apart)


def critic(scores: Array) -> Array:
    """CRITIC weights: standard deviation times conflict with the other indicators.

    Args:
        scores: Units in rows, indicators in columns; Diakoulaki et al. take the min-max scale from 0 to 1.

    Method: C_j = s_j sum_k (1 - r_jk), Pearson r, w = C / sum C; Diakoulaki, Mavrotas and Papayannakis 1995. Sample and
    population standard deviation give the same weights.
    """
    return _of_one(scores.std(axis=0, ddof=1) * (1 - _correlation(scores)).sum(axis=0))


def standard_deviation(scores: Array) -> Array:
    """Weights in proportion to the standard deviation; Diakoulaki et al. 1995, SD."""
    return _of_one(scores.std(axis=0, ddof=1))


def first_component(scores: Array) -> Array:
    """Loadings on the first principal component of the correlations, divided by their sum; as get_PCA of COINr.

    The sign is the one that makes the sum positive. A loading, and so a weight, can be negative: that says that the
    indicator runs against the others.
    """
    _, vectors = _components(scores)
    return _of_one(vectors[:, 0])


def rotated_factors(scores: Array) -> Array:
    """Weights from rotated factors; none is negative.

    Args:
        scores: Units in rows, indicators in columns.

    Method: components of the correlations with eigenvalues above 1 (Kaiser; at least the first), loadings = vector
    times root of eigenvalue, varimax rotation without Kaiser normalisation. Each indicator has the squared loading on
    its own factor (the largest) over the sum of squares of that factor, times the factor's share of the explained
    variance, divided by the sum over indicators: the sums of squares cancel. Nicoletti, Scarpetta and Boylaud 2000;
    OECD/JRC 2008, 6.1.
    """
    values, vectors = _components(scores)
    kept = max(1, int(np.sum(values > KAISER)))
    loadings = varimax(vectors[:, :kept] * np.sqrt(values[:kept]))
    return _of_one(np.max(loadings**2, axis=1))


def varimax(loadings: Array, rounds: int = VARIMAX_ROUNDS) -> Array:
    """Rotate loadings so that the variance of their squares is largest; Kaiser 1958, without normalised rows.

    Args:
        loadings: Indicators in rows, factors in columns.
        rounds: Most rounds.
    """
    rows, factors = loadings.shape
    rotation, before = np.eye(factors), 0.0
    for _ in range(rounds):
        turned = loadings @ rotation
        slope = loadings.T @ (turned**3 - turned * (turned**2).sum(axis=0) / rows)
        left, singular, right = np.linalg.svd(slope)
        rotation = left @ right
        if singular.sum() <= before * (1 + VARIMAX_TOLERANCE):
            break
        before = float(singular.sum())
    return loadings @ rotation


def _components(scores: Array) -> tuple[Array, Array]:
    """Eigenvalues of the correlations, largest first, and their vectors in columns with a positive sum."""
    values, vectors = np.linalg.eigh(_correlation(scores))
    vectors = vectors[:, ::-1]
    return np.maximum(values[::-1], 0.0), vectors * np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)


def _correlation(scores: Array) -> Array:
    return np.atleast_2d(np.corrcoef(scores, rowvar=False))


def _of_one(weights: Array) -> Array:
    """Weights divided by their sum."""
    if weights.sum() <= NOTHING:
        raise ValueError("the weights add up to nothing: the indicators tell no unit from another, or all run as one")
    shares: Array = weights / weights.sum()
    return shares
