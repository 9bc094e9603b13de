"""Digital shares of the units: 1 in a core class, a part in a starred class, 0 elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from keli.sample.truth.classes import ACTIVITIES_OF_CLASS, ClassList
from keli.sample.truth.conventions import YEARS, Conventions, Stream
from keli.sample.truth.population import Population

Array = npt.NDArray[Any]

DECIMALS_OF_SHARE = 4


def digital_shares(classes: ClassList, units: Population, rules: Conventions, stream: Stream) -> Array:
    """Digital share by unit, year and activity of the class.

    Returns:
        Shares of shape (units, years, 3) at four decimals; they add up to at most 1.
    """
    shares = np.zeros((units.count, len(YEARS), ACTIVITIES_OF_CLASS))
    shares[:, :, 0] = classes.core[units.klass]
    rows = np.flatnonzero(classes.starred[units.klass[:, 0]])
    if len(rows):
        draw = stream.draw("shares")
        total = _totals(rows, rules, draw)
        parts = draw.random((len(rows), ACTIVITIES_OF_CLASS)) * (classes.activity[units.klass[rows, 0]] >= 0)
        parts /= parts.sum(axis=1, keepdims=True)
        shares[rows] = np.floor((total[:, :, None] * parts[:, None, :]) * 10**DECIMALS_OF_SHARE) / 10**DECIMALS_OF_SHARE
    return shares


def _totals(rows: Array, rules: Conventions, draw: np.random.Generator) -> Array:
    """Digital share of a unit over its classes by year: a beta of the unit and a small step each year."""
    split = rules.split
    level = draw.beta(split["alpha"], split["beta"], len(rows))[:, None]
    steps = split["yearly_deviation"] * np.clip(draw.standard_normal((len(rows), len(YEARS))), -2, 2)
    return np.asarray(np.clip(level + np.cumsum(steps, axis=1), 0.01, split["largest_share"]))
