"""Which classes go together, and how close an area is to those that it does not have."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np

from keli.base.errors import KeliError
from keli.methods.structure.concentration import Floats
from keli.methods.structure.specialisation import location_quotients


class Likeness(StrEnum):
    """How occurrences of two classes in the same areas are made comparable."""

    PROXIMITY = "proximity"
    PROBABILITY = "probability"
    ASSOCIATION = "association"
    COSINE = "cosine"
    JACCARD = "jaccard"


def presence(matrix: Any) -> Floats:
    """1 where an area is specialised in a class (location quotient of at least 1), else 0.

    Args:
        matrix: (areas, classes) values that are not negative.
    """
    return (location_quotients(matrix) >= 1).astype(np.float64)


def co_occurrences(present: Any) -> Floats:
    """(classes, classes): number of areas that are specialised in both; 0 for a class with itself.

    Args:
        present: (areas, classes) of 0 and 1 (`presence`).
    """
    table = np.asarray(present, np.float64)
    if not np.isin(table, (0.0, 1.0)).all():
        raise KeliError("Presence is 0 or 1.", next_step="Form it from location quotients with `presence`.")
    both = table.T @ table
    np.fill_diagonal(both, 0.0)
    return np.asarray(both)


def relatedness(present: Any, likeness: Likeness = Likeness.PROXIMITY) -> Floats:
    """(classes, classes): how often two classes occur together, 0 on the diagonal.

    Args:
        present: (areas, classes) of 0 and 1.
        likeness: `proximity`: the smaller of both conditional probabilities, co-occurrences over the larger number of
            areas (Hidalgo, Klinger, Barabasi and Hausmann 2007). The others work on co-occurrences c with row sums s
            and total t (van Eck and Waltman 2009): `association` t c / (s s'); `cosine` c / sqrt(s s'); `jaccard`
            c / (s + s' - c); `probability` association for pairs drawn without repetition (Steijn 2017).
    """
    both = co_occurrences(present)
    if likeness is Likeness.PROXIMITY:
        areas = np.asarray(present, np.float64).sum(axis=0)
        return _over(both, np.maximum.outer(areas, areas))
    one = both.sum(axis=0)
    total = float(both.sum())
    here, there = np.meshgrid(one, one)
    if likeness is Likeness.ASSOCIATION:
        return _over(both * total, here * there)
    if likeness is Likeness.COSINE:
        return _over(both, np.sqrt(here * there))
    if likeness is Likeness.JACCARD:
        return _over(both, here + there - both)
    expected = (_over(here * there, total - here) + _over(here * there, total - there)) / 2
    return _over(both, expected)


def relatedness_density(present: Any, related: Any) -> Floats:
    """(areas, classes): of all relatedness of a class, the part with classes that the area has, in per cent.

    Args:
        present: (areas, classes) of 0 and 1.
        related: (classes, classes) relatedness.

    Method: Hidalgo et al. (2007); Boschma, Balland and Kogler (2015). A class related to nothing has 0.
    """
    table, links = np.asarray(present, np.float64), np.asarray(related, np.float64)
    return np.asarray(100 * _over(table @ links, np.broadcast_to(links.sum(axis=0), table.shape)))


def _over(part: Floats, whole: Any) -> Floats:
    """Quotients; 0 where nothing is divided by."""
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=np.asarray(whole) > 0))
