"""Shift-share analysis: how much of an area's growth is that of the whole, of its classes, and its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from keli.base.errors import KeliError
from keli.methods.structure.concentration import Floats


@dataclass(frozen=True)
class Periods:
    """Values of an area and of the whole by class, in two periods.

    Args:
        area_before: (classes,) of the area, earlier.
        area_after: (classes,) of the area, later.
        whole_before: (classes,) of the whole, earlier, above zero where the area has a value.
        whole_after: (classes,) of the whole, later.
    """

    area_before: Floats
    area_after: Floats
    whole_before: Floats
    whole_after: Floats


@dataclass(frozen=True)
class Shifts:
    """Effects by class in the unit of the values; they add up to the change of the area.

    Args:
        national: What the area would have grown by at the rate of the whole.
        structural: What its classes added, growing faster or slower than the whole.
        regional: What the area added, its classes growing faster or slower than elsewhere.
        allocation: What it added by being specialised where it grows faster (Esteban-Marquillas); else zero.
    """

    national: Floats
    structural: Floats
    regional: Floats
    allocation: Floats

    @property
    def change(self) -> Floats:
        """Change of the area by class: the sum of the effects."""
        return self.national + self.structural + self.regional + self.allocation


def periods(area_before: Any, area_after: Any, whole_before: Any, whole_after: Any) -> Periods:
    """Return both periods, checked.

    Raises:
        KeliError: The classes differ, a value is negative or missing, the whole has nothing where the area has
            something, or a total is zero.
    """
    given = [np.asarray(values, np.float64) for values in (area_before, area_after, whole_before, whole_after)]
    if len({values.shape for values in given}) > 1:
        raise KeliError("Shift-share needs the same classes in both periods and in the whole.")
    if not all(np.isfinite(values).all() and (values >= 0).all() for values in given):
        raise KeliError("Shift-share needs values that are not negative and not missing.")
    found = Periods(*given)
    if ((found.whole_before == 0) & ((found.area_before > 0) | (found.area_after > 0))).any():
        raise KeliError(
            "A class of the area is not in the whole in the earlier period: its growth there has no meaning.",
            next_step="Merge classes that begin with others, or leave them out and name them.",
        )
    if not (found.area_before.sum() > 0 and found.whole_before.sum() > 0):
        raise KeliError("Shift-share needs an earlier period in which the area and the whole are above zero.")
    return found


def classic(given: Periods) -> Shifts:
    """Three effects by class, which add up to the change (Dunn 1960).

    Method: national: x R; structural: x (R_i - R); regional: x (r_i - R_i), with x the area's value before, r_i and R_i
    growth of the class in the area and in the whole, R growth of the whole.
    """
    whole, of_class = _rate_of_whole(given), _rates(given)
    before = given.area_before
    return Shifts(
        national=before * whole,
        structural=before * (of_class - whole),
        regional=given.area_after - before * (1 + of_class),
        allocation=np.zeros_like(before),
    )


def esteban_marquillas(given: Periods) -> Shifts:
    """Four effects: the regional one is split into one of like structure and one of allocation.

    Raises:
        KeliError: The area has nothing before in a class that the whole has: its growth there has no meaning.

    Method: Esteban-Marquillas (1972): with h = X x_i' the homothetic value (the area's total spread as in the whole),
    regional: h (r_i - R_i); allocation: (x - h) (r_i - R_i).
    """
    three = classic(given)
    before = given.area_before
    begun = (before == 0) & (given.whole_before > 0)
    if begun.any():
        raise KeliError(
            "A class is in the whole and not in the area in the earlier period: its growth there has no meaning.",
            next_step="Use the classic effects, or broader classes.",
        )
    excess = np.divide(three.regional, before, out=np.zeros_like(before), where=before > 0)
    like = before.sum() * given.whole_before / given.whole_before.sum()
    return Shifts(three.national, three.structural, like * excess, (before - like) * excess)


def net_shift(given: Periods) -> float:
    """Dunn's net total shift: what the area has more than at the growth of the whole, structural and regional."""
    three = classic(given)
    return float((three.structural + three.regional).sum())


@dataclass(frozen=True)
class Factors:
    """Gerfin's factors, 1 where the area grows as the whole.

    Args:
        structural: Growth that its classes let expect over that of the whole.
        regional: Growth of the area over what its classes let expect.
    """

    structural: float
    regional: float

    @property
    def net(self) -> float:
        """Growth of the area over that of the whole: the product of both."""
        return self.structural * self.regional


def gerfin(given: Periods) -> Factors:
    """Shift-share as indices, which multiply to the growth of the area over that of the whole (Gerfin 1964)."""
    expected = float((given.area_before * (1 + _rates(given))).sum() / given.area_before.sum())
    growth = float(given.area_after.sum() / given.area_before.sum())
    if expected == 0:
        raise KeliError("All classes of the area ended in the whole: nothing is expected of it.")
    return Factors(structural=expected / (1 + _rate_of_whole(given)), regional=growth / expected)


def _rate_of_whole(given: Periods) -> float:
    return float(given.whole_after.sum() / given.whole_before.sum()) - 1


def _rates(given: Periods) -> Floats:
    """Growth of each class in the whole; 0 where the class is nowhere."""
    before = given.whole_before
    return np.divide(given.whole_after, before, out=np.ones_like(before), where=before > 0) - 1
