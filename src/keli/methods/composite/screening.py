"""Which units have data enough to be scored."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from keli.methods.composite.ranks import Array


def available(values: Array) -> Array:
    """Share of indicators that each unit has a value for.

    >>> [float(share) for share in available(np.array([[1.0, np.nan], [2.0, 0.0]]))]
    [0.5, 1.0]
    """
    shares: Array = np.mean(~np.isnan(values), axis=1)
    return shares


def nonzero(values: Array) -> Array:
    """Share of the values that each unit has which are not zero; 0 where it has none.

    >>> [float(share) for share in nonzero(np.array([[1.0, np.nan], [2.0, 0.0]]))]
    [1.0, 0.5]
    """
    there = np.sum(~np.isnan(values), axis=1)
    shares: Array = np.sum((values != 0) & ~np.isnan(values), axis=1) / np.maximum(there, 1)
    return shares


def kept(values: Array, least_available: float, least_nonzero: float) -> npt.NDArray[np.bool_]:
    """Units that have both shares at least; the rule of OECD/JRC 2008, step 3.

    Args:
        values: Units in rows, indicators in columns, before imputation; nan is missing.
        least_available: Smallest share of indicators with a value.
        least_nonzero: Smallest share of values that are not zero.
    """
    enough: npt.NDArray[np.bool_] = (available(values) >= least_available) & (nonzero(values) >= least_nonzero)
    return enough
