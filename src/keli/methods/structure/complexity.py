"""Economic complexity of areas and classes by the method of the second eigenvector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from keli.base.errors import KeliError
from keli.methods.structure.concentration import Floats

LEAST = 2
"""Areas, and classes, without which there is no second eigenvector."""

ALIKE = 1e-9
"""Second singular value below which areas are alike."""


@dataclass(frozen=True)
class Complexity:
    """Complexity, mean 0 and standard deviation 1.

    Args:
        areas: (areas,) economic complexity index.
        classes: (classes,) product complexity index.
        diversity: (areas,) number of classes that each area has.
        ubiquity: (classes,) number of areas that have each class.
    """

    areas: Floats
    classes: Floats
    diversity: Floats
    ubiquity: Floats


def complexity(present: Any) -> Complexity:
    """Economic complexity of areas and of classes.

    Args:
        present: (areas, classes) of 0 and 1 (`presence`).

    Raises:
        KeliError: An area has no class, a class no area, fewer than two of either, or all areas are alike.

    Method: eigenvector of the second largest eigenvalue of D^-1 M U^-1 M' (areas) and of U^-1 M' D^-1 M (classes), with
    the sign that goes with diversity (classes: against ubiquity), standardised with the population standard deviation
    (Hidalgo and Hausmann 2009; Hausmann et al. 2014). Both come from the singular vectors of D^-1/2 M U^-1/2.
    """
    table = np.asarray(present, np.float64)
    diversity, ubiquity = table.sum(axis=1), table.sum(axis=0)
    if min(table.shape) < LEAST or not diversity.all() or not ubiquity.all():
        raise KeliError(
            "Complexity needs two areas and two classes at least, each area with a class and each class with an area.",
            next_step="Leave out areas and classes without specialisation first.",
        )
    left, sizes, right = np.linalg.svd(table / np.sqrt(np.outer(diversity, ubiquity)))
    if sizes[1] < ALIKE:
        raise KeliError("All areas have the same classes: complexity does not tell them apart.")
    areas = _standardised(left[:, 1] / np.sqrt(diversity), diversity)
    classes = _standardised(right[1] / np.sqrt(ubiquity), -ubiquity)
    return Complexity(areas, classes, diversity, ubiquity)


def _standardised(vector: Floats, meant: Floats) -> Floats:
    """Mean 0, standard deviation 1, and the sign that goes with what is meant."""
    scores = (vector - vector.mean()) / vector.std()
    return np.asarray(-scores if float(scores @ (meant - meant.mean())) < 0 else scores)
