"""What protection costs the reader: how far published figures are from the true ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from keli.methods.linked_tables.tables import Floats

HOLDS = 1e-9
"""Part of the figures of a sum by which it may be missed and hold: rounding of floating point numbers."""


@dataclass(frozen=True)
class Utility:
    """Loss of n cells; deviations are those of published cells.

    Args:
        cells: Number of cells.
        suppressed_cells: Cells without a figure.
        suppressed_value: Sum of their absolute values, in the unit of the values.
        suppressed_share: Of the absolute values of all cells, between 0 and 1.
        changed_cells: Published cells whose figure is not the true one.
        mean_deviation: Mean absolute deviation, in the unit of the values.
        largest_deviation: Largest absolute deviation.
        mean_relative_deviation: Mean of |deviation| / |value| where the value is not zero.
        hellinger: Hellinger distance sqrt(sum (sqrt f - sqrt g)^2 / 2) of values below zero taken as zero.
        hellinger_utility: 1 - hellinger / sqrt(sum f), 1 where nothing is lost.
        new_zeros: Cells that are not zero and published as zero.
        broken_sums: Relations of which all cells are published and that do not hold any more.
    """

    cells: int
    suppressed_cells: int
    suppressed_value: float
    suppressed_share: float
    changed_cells: int
    mean_deviation: float
    largest_deviation: float
    mean_relative_deviation: float
    hellinger: float
    hellinger_utility: float
    new_zeros: int
    broken_sums: int


def utility(values: Floats, published: Floats, relations: Any) -> Utility:
    """Measure what is lost.

    Args:
        values: (n,) true values.
        published: (n,) published figures; not a number where a cell is suppressed.
        relations: (m, n) relations that the true values satisfy.

    Method: Hellinger distance as in Shlomo, Antal and Elliot (2015).
    """
    shown = ~np.isnan(published)
    size = np.abs(values)
    true, figure = values[shown], published[shown]
    deviation = np.abs(figure - true)
    some = true != 0
    root = np.sqrt(np.maximum(figure, 0.0)) - np.sqrt(np.maximum(true, 0.0))
    hellinger = float(np.sqrt((root**2).sum() / 2))
    mass = float(np.maximum(true, 0.0).sum())
    told = np.where(shown, published, 0.0)
    whole = abs(relations) @ (~shown).astype(np.float64) == 0
    missed = np.abs(relations @ told) > HOLDS * (abs(relations) @ np.abs(told))
    return Utility(
        len(values),
        int((~shown).sum()),
        float(size[~shown].sum()),
        _share(float(size[~shown].sum()), float(size.sum())),
        int((deviation > 0).sum()),
        _share(float(deviation.sum()), len(deviation)),
        float(deviation.max(initial=0.0)),
        _share(float((deviation[some] / np.abs(true[some])).sum()), int(some.sum())),
        hellinger,
        1 - _share(hellinger, float(np.sqrt(mass))),
        int((some & (figure == 0)).sum()),
        int((whole & missed).sum()),
    )


def _share(part: float, of: float) -> float:
    return part / of if of else 0.0
