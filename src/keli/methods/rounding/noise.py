"""The p-table: with which probability a count is changed by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from keli.base.errors import ConfigurationError, EngineError
from keli.methods.linked_tables.tables import Floats, Integers

PRECISION = 1e-12
AGREES = 1e-6
"""By how much mean and variance of a row may miss what is asked for: the precision of the solver."""
START = 1e-9
"""Least probability while the entropy is maximised: its slope is not finite at zero."""


@dataclass(frozen=True)
class Noise:
    """What is asked of a p-table.

    Args:
        maximum: Largest change of a count, in units (D).
        variance: Variance of the change, in squared units (V).
        smallest: Counts from 1 to this never come out (js); 0 if any may.
    """

    maximum: int
    variance: float
    smallest: int


@dataclass(frozen=True)
class NoiseTable:
    """A p-table, one row for each count from 0; the last row is that of all larger counts.

    Args:
        changes: (2 D + 1,) changes from -D to D.
        probabilities: (r, 2 D + 1) probability of each change; rows sum to 1.
    """

    changes: Integers
    probabilities: Floats

    def row_of(self, counts: Integers) -> Integers:
        """Return (n,) the row of each count."""
        return np.minimum(counts, len(self.probabilities) - 1)

    @property
    def variances(self) -> Floats:
        """(r,) variance of the change of each row: that asked for, or less close to zero, where changes are cut off."""
        found: Floats = self.probabilities @ self.changes.astype(np.float64) ** 2
        return found


def noise_table(noise: Noise) -> NoiseTable:
    """Return the p-table of maximum entropy.

    Args:
        noise: Largest change, variance and smallest counts.

    Raises:
        ConfigurationError: No p-table has that.

    Method: for each count the probabilities of the changes that lead neither below zero nor to a count from 1 to js,
    with the largest entropy of those that have mean zero, a variance of V at most and no falling steps from -D up to 0
    (Giessing 2016, as the R package ptable does by default). The variance is V in all rows but those close to zero, in
    which a change down is cut off and less may have more entropy. A count of zero stays zero.
    """
    _check(noise)
    rows = noise.maximum + (noise.smallest + 1 if noise.smallest else 0)
    changes = np.arange(-noise.maximum, noise.maximum + 1)
    table = np.zeros((rows + 1, len(changes)))
    table[0, noise.maximum] = 1.0
    for count in range(1, rows + 1):
        target = count + changes
        allowed = (target == 0) | (target > noise.smallest)
        table[count, allowed] = _row(changes[allowed].astype(np.float64), noise.variance)
    return NoiseTable(changes, table)


def _check(noise: Noise) -> None:
    """Check that every row can have mean zero and the variance."""
    if noise.maximum < 1 or not 0 <= noise.smallest <= noise.maximum:
        raise ConfigurationError(
            "The largest change is 1 or more, and the smallest counts reach from 0 to it.",
            example="noise: {maximum: 5, variance: 3, smallest: 2}",
        )
    # Two points on both sides of zero have the least variance: the product of their distances.
    least = (noise.smallest + 1) ** 2 // 4
    most = noise.maximum * (noise.maximum + 1) / 3
    if not least < noise.variance <= most:
        raise ConfigurationError(
            f"With changes up to {noise.maximum} and no counts from 1 to {noise.smallest} the variance lies above "
            f"{least} and is {most:.6g} at most.",
            example="noise: {maximum: 5, variance: 3, smallest: 2}",
        )


def _row(changes: Floats, variance: float) -> Floats:
    """Probabilities of the changes of one count."""
    rising = np.flatnonzero(changes < 0) if (changes == 0).any() else np.zeros(0, np.int64)
    steps = np.zeros((len(rising), len(changes)))
    steps[np.arange(len(rising)), rising + 1] = 1.0
    steps[np.arange(len(rising)), rising] = -1.0
    equal = np.vstack([np.ones(len(changes)), changes])
    square = changes**2
    found = minimize(
        lambda p: float((p * np.log(p)).sum()),
        np.full(len(changes), 1 / len(changes)),
        jac=lambda p: np.log(p) + 1,
        method="SLSQP",
        bounds=[(START, 1.0)] * len(changes),
        constraints=[
            {"type": "eq", "fun": lambda p: equal @ p - [1.0, 0.0], "jac": lambda _: equal},
            {
                "type": "ineq",
                "fun": lambda p: np.concatenate([[variance - square @ p], steps @ p]),
                "jac": lambda _: np.vstack([-square, steps]),
            },
        ],
        options={"ftol": PRECISION, "maxiter": 1_000},
    )
    row: Floats = np.maximum(found.x, 0.0) / found.x.sum()
    if abs(changes @ row) > AGREES or square @ row > variance + AGREES:
        raise EngineError(
            f"No p-table was found: {found.message}",
            next_step="Take a variance further from its limits.",
        )
    return row
