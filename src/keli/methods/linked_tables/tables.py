"""What suppression, rounding and audit agree on: cells, relations, demands of protection, holders as attackers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.str_]


@dataclass(frozen=True)
class LinkedTables:
    """Cells of one table or of several that are published together, n cells and m relations.

    Args:
        values: (n,) true values.
        relations: (m, n) sparse coefficients; each row times the true values is zero.
        least: (n,) below which everybody knows that no cell lies; minus infinity where nothing is known.
        most: (n,) above which everybody knows that no cell lies; infinity where nothing is known.
        known: (n,) cells that everybody knows or that are published in any case: zeros without a contributor, controls.
        contributors: (n,) number of holders that contribute to a cell; 0 where nobody does or it is not known.
    """

    values: Floats
    relations: Any
    least: Floats
    most: Floats
    known: Flags
    contributors: Integers

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.values)


@dataclass(frozen=True)
class Demands:
    """How far nobody may come near to the sensitive cells, k of them.

    Args:
        cells: (k,) their places among the cells, ascending.
        below: (k,) the attacker must think a value possible that is lower by this much; 0 asks for nothing.
        above: (k,) and one that is higher by this much.
    """

    cells: Integers
    below: Floats
    above: Floats


@dataclass(frozen=True)
class Holder:
    """A contributor as an attacker: it subtracts what it has itself, everywhere.

    Args:
        cells: (c,) cells to which it contributes, ascending.
        own: (c,) its own contributions, absolute values.
    """

    cells: Integers
    own: Floats


@dataclass(frozen=True)
class Change:
    """A difference between the true tables and others that agree with everything published and known.

    Args:
        cells: (c,) the cells that differ, ascending.
        amounts: (c,) by how much.
    """

    cells: Integers
    amounts: Floats


@dataclass(frozen=True)
class Witness:
    """Proof that a cell may be lower or higher: the true tables plus `factor` times a change.

    Args:
        cell: The sensitive cell.
        change: Place of the change in the list of changes.
        factor: By what the change is multiplied.
    """

    cell: int
    change: int
    factor: float


@dataclass(frozen=True)
class Pattern:
    """Which cells are withheld, with the proof.

    Args:
        withheld: (n,) sensitive cells and secondary suppressions.
        changes: Changes of withheld cells that nobody can tell from the truth.
        witnesses: For every demand, and for every coalition of attackers, one that they cannot exclude.
        optimal: No other safe pattern costs less.
        bound: No safe pattern costs less than this; not a number where it was not asked for.
        complete: The search came to its end before its limit of time.
    """

    withheld: Flags
    changes: Sequence[Change]
    witnesses: Sequence[Witness]
    optimal: bool
    bound: float
    complete: bool
