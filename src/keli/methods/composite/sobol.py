"""Variance-based sensitivity: which uncertain choice moves the result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keli.methods.composite.ranks import Array


@dataclass(frozen=True)
class Indices:
    """Sensitivity of a result to its factors.

    Args:
        first: First-order index of each factor: its share of the variance on its own.
        total: Total index: its share together with all its interactions.
        variance: Variance of the result.
    """

    first: Array
    total: Array
    variance: float


def design(base: int, factors: int, seed: int) -> Array:
    """Points of the unit cube at which the result is to be worked out: (factors + 2) blocks of so many rows.

    Args:
        base: Rows of a block.
        factors: Number of factors.
        seed: Seed of the pseudo-random numbers (PCG64).

    Method: blocks A, B, and for each factor A with its column from B; Saltelli et al. 2010, radial design.
    """
    drawn = np.random.default_rng(seed).random((base, 2 * factors))
    first, second = drawn[:, :factors], drawn[:, factors:]
    blocks = [first, second]
    for factor in range(factors):
        mixed = first.copy()
        mixed[:, factor] = second[:, factor]
        blocks.append(mixed)
    return np.vstack(blocks)


def indices(results: Array, factors: int) -> Indices:
    """Indices from the results at the points of the design.

    Args:
        results: One number for each row of the design.
        factors: Number of factors.

    Method: V is the sample variance over A and B together; first order mean(f(B) (f(A_B) - f(A))) / V, Saltelli et al.
    2010, table 2 (b); total mean((f(A) - f(A_B))^2) / 2V, Jansen 1999. The same as SA_estimate of COINr. Both are zero
    where nothing varies.
    """
    blocks = results.reshape(factors + 2, -1)
    first, second, mixed = blocks[0], blocks[1], blocks[2:]
    variance = float(np.var(blocks[:2], ddof=1))
    if variance == 0:
        return Indices(np.zeros(factors), np.zeros(factors), 0.0)
    own = np.mean(second * (mixed - first), axis=1) / variance
    return Indices(own, np.mean((first - mixed) ** 2, axis=1) / (2 * variance), variance)
