"""Controlled rounding: every cell becomes a multiple of the base, and all sums hold as before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keli.base.errors import ConfigurationError
from keli.methods.linked_tables.tables import Flags, Floats, LinkedTables
from keli.methods.rounding.lattice import Lattice, lattice_of
from keli.methods.rounding.programs import Programs
from keli.methods.rounding.regions import nearer

SMALL = 1_000
"""Cells up to which the whole table is one program."""

NODES = 2_000
"""Greatest number of branches of that program: work is bounded by a count, so that it does not hang on the clock."""

PLANE = 2
"""In a table of two dimensions a cell is a part of two sums at most: then the program without whole numbers mostly has
a whole solution, and that is the nearest rounding."""


@dataclass(frozen=True)
class Rounded:
    """A controlled rounding of n cells.

    Args:
        values: (n,) multiples of the base; all relations hold.
        far: (n,) cells that are not at one of the two multiples next to their value (at their value, if it is one).
        nearest: No other controlled rounding has fewer steps to cells that are far or, with as few, a smaller sum of
            absolute deviations.
    """

    values: Floats
    far: Flags
    nearest: bool


def rounded(tables: LinkedTables, base: int) -> Rounded:
    """Round linked tables to multiples of a base so that all sums hold.

    Args:
        tables: Cells and relations; each relation says that a total is the sum of its parts.
        base: The base, 3, 5 or 10 for instance; the unit of the values.

    Returns:
        The rounding: zero-restricted (each cell goes to a neighbouring multiple) where that could be reached.

    Raises:
        ConfigurationError: The base is less than 2, or a relation is no sum.
        EngineError: The solver found no rounding.

    Method: the sum of absolute deviations is minimised, one step past a neighbour costing as much as a hundred
    deviations of one base (Cox 1987; Salazar-Gonzalez 2005). Inner cells are chosen, totals follow: additive in any
    case. Tables of two dimensions by a linear program (network), up to 1,000 cells by a mixed integer program, larger
    ones by rounding the cells in turn, each against what the cells before it left over in the totals above, then by
    descent and by programs of parts around totals that went too far.
    """
    if base < 2:  # noqa: PLR2004 - every whole number is a multiple of 1
        raise ConfigurationError("The base of rounding is a whole number of 2 or more.", example="base: 5")
    lattice = lattice_of(tables, base)
    programs = Programs(lattice)
    whole = programs.relaxed() if lattice.most_sums <= PLANE else None
    if whole is not None:
        return _result(lattice, whole, base, nearest=True)
    if not lattice.determined:
        steps, nearest = programs.whole(None, NODES)
        return _result(lattice, steps, base, nearest=nearest)
    start = nearer(lattice, programs, descend_only=lattice.size <= SMALL)
    if lattice.size > SMALL:
        return _result(lattice, start, base, nearest=False)
    steps, nearest = programs.whole(start, NODES)
    return _result(lattice, steps, base, nearest=nearest)


def _result(lattice: Lattice, inner: Floats, base: int, *, nearest: bool) -> Rounded:
    steps = np.rint(lattice.of_inner @ inner)
    return Rounded(steps * base, lattice.beyond(steps) > 0, nearest)
