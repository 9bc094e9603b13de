"""What areas do more of than others: location quotients, Krugman, Hoover; areas in rows, classes in columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from keli.methods.structure.concentration import Floats, positive


def location_quotients(matrix: Any) -> Floats:
    """Location quotient (LQ), also revealed comparative advantage (RCA), of each class in each area.

    Args:
        matrix: (areas, classes) values that are not negative.

    Returns:
        (areas, classes): share of the class in the area over its share in all areas; 0 for a class or an area without
        values.

    Method: Balassa (1965).

    >>> location_quotients([[30, 10], [10, 30]]).tolist()
    [[1.5, 0.5], [0.5, 1.5]]
    """
    table = positive(matrix)
    shares = _shares(table)
    whole = table.sum(axis=0) / table.sum()
    return np.asarray(np.divide(shares, whole, out=np.zeros_like(shares), where=whole > 0))


def krugman(matrix: Any) -> Floats:
    """Krugman's index of each area: sum of absolute differences of its class shares from those of all areas, 0 to 2.

    Args:
        matrix: (areas, classes) values that are not negative.

    Method: Krugman (1991), against all areas together, the area itself included.

    >>> krugman([[30, 10], [10, 30]]).tolist()
    [0.5, 0.5]
    """
    table = positive(matrix)
    return np.asarray(np.abs(_shares(table) - table.sum(axis=0) / table.sum()).sum(axis=1))


def hoover(values: Any, reference: Any = None) -> float:
    """Hoover's index of a class over areas: the share that would have to move, between 0 and 1.

    Args:
        values: (areas,) values of the class.
        reference: (areas,) what it is compared with, such as all classes, population or area; equal parts by default.

    Method: half the sum of absolute differences of shares (Hoover 1936).

    >>> round(hoover([0, 10, 10, 30, 50], [10, 15, 20, 25, 30]), 10)
    0.25
    """
    numbers = positive(values)
    compared = np.ones_like(numbers) if reference is None else positive(reference)
    return float(np.abs(numbers / numbers.sum() - compared / compared.sum()).sum() / 2)


def _shares(table: Floats) -> Floats:
    """Shares of each row; a row without values has none."""
    sums = table.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(table, sums, out=np.zeros_like(table), where=sums > 0))
