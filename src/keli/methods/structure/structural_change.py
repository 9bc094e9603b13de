"""How far the structure of an economy moved between two periods."""

from __future__ import annotations

from typing import Any

import numpy as np

from keli.base.errors import KeliError
from keli.methods.structure.concentration import Floats, positive


def absolute_change(before: Any, after: Any) -> float:
    """Norm of absolute values (Michaely, Stoikov): half the sum of absolute changes of shares, between 0 and 1.

    Args:
        before: (classes,) values of the earlier period.
        after: (classes,) values of the later period.

    >>> round(absolute_change([50, 50], [60, 40]), 10)
    0.1
    """
    old, new = _both(before, after)
    return float(np.abs(new / new.sum() - old / old.sum()).sum() / 2)


def moore(before: Any, after: Any) -> float:
    """Moore's angle between two structures, in degrees, between 0 and 90.

    Method: arc cosine of the cosine of both vectors of shares (Moore 1978).

    >>> round(moore([1, 0], [1, 1]), 10)
    45.0
    """
    old, new = _both(before, after)
    cosine = float(old @ new / np.sqrt((old @ old) * (new @ new)))
    return float(np.degrees(np.arccos(min(1.0, cosine))))


def lilien(before: Any, after: Any) -> float:
    """Lilien's index: dispersion of the growth of classes around that of the total.

    Args:
        before: (classes,) values of the earlier period, above zero.
        after: (classes,) values of the later period, above zero.

    Raises:
        KeliError: A class is zero in a period.

    Method: square root of sum s (dln x - dln X)^2 with s the share in the later period (Lilien 1982).
    """
    _, new, deviation = _growths(before, after)
    return float(np.sqrt((new / new.sum() * deviation**2).sum()))


def modified_lilien(before: Any, after: Any) -> float:
    """Lilien's index with the mean of both periods' shares: the same in both directions of time (Stamer 1998)."""
    old, new, deviation = _growths(before, after)
    shares = (old / old.sum() + new / new.sum()) / 2
    return float(np.sqrt((shares * deviation**2).sum()))


def _growths(before: Any, after: Any) -> tuple[Floats, Floats, Floats]:
    old, new = _both(before, after)
    if not (old.all() and new.all()):
        raise KeliError(
            "Lilien's index needs classes that are above zero in both periods.",
            next_step="Leave out classes that begin or end, or use the norm of absolute values.",
        )
    return old, new, np.log(new / old) - np.log(new.sum() / old.sum())


def _both(before: Any, after: Any) -> tuple[Floats, Floats]:
    old, new = positive(before), positive(after)
    if old.shape != new.shape:
        raise KeliError(f"The periods have different classes: {old.size} and {new.size}.")
    return old, new
