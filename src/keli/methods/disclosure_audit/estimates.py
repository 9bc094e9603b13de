"""The attacker's estimate: how low and how high a withheld cell may be, by linear programs on published figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from keli.base.errors import EngineError
from keli.methods.linked_tables.tables import Flags, Floats, LinkedTables

FAR = 1000.0
"""A cell that may lie this many times the largest withheld value away is bounded by nothing."""

NEARLY = 1 - 1e-6

METHODS = ("highs-ds", "highs-ipm")


@dataclass(frozen=True)
class Extreme:
    """The farthest that a cell may lie from its true value on one side.

    Args:
        reach: How far, not negative; infinity where nothing bounds it.
        change: (n,) a change that goes as far, or as far as was asked for.
    """

    reach: float
    change: Floats


class Estimator:
    """Solves attacks on one pattern.

    Args:
        tables: The tables.
        withheld: (n,) cells that are not published.
    """

    def __init__(self, tables: LinkedTables, withheld: Flags) -> None:
        self._size = tables.size
        self._values = tables.values
        self._open = np.flatnonzero(withheld)
        part = sp.csr_matrix(tables.relations)[:, self._open]
        self._matrix = part[np.flatnonzero(np.diff(part.indptr))]
        self._largest = float(np.abs(tables.values[self._open]).max(initial=1.0))
        self.programs = 0

    def extreme(self, cell: int, side: int, least: Floats, most: Floats, limit: float = np.inf) -> Extreme:
        """Find how far a withheld cell may lie above (+1) or below (-1) its true value.

        Args:
            cell: The cell.
            side: +1 or -1.
            least: (n,) bounds as the attacker knows them.
            most: (n,)
            limit: It is enough to know whether it may lie this far.

        Raises:
            EngineError: The solver stopped.

        Method: the true table is one of the possible ones, so the program is written in differences from it, in units
        of the limit or of the largest withheld value.
        """
        unit = limit if limit < np.inf else self._largest
        farthest = 1.0 if limit < np.inf else FAR
        values, place = self._values[self._open], int(np.searchsorted(self._open, cell))
        lower = np.minimum(least[self._open] - values, 0.0) / unit
        upper = np.maximum(most[self._open] - values, 0.0) / unit
        lower[place], upper[place] = max(lower[place], -farthest), min(upper[place], farthest)
        goal = np.zeros(len(self._open))
        goal[place] = -side
        change = np.zeros(self._size)
        change[self._open] = self._solved(goal, lower, upper) * unit
        reach = max(0.0, side * float(change[cell]))
        return Extreme(np.inf if limit == np.inf and reach >= FAR * unit * NEARLY else reach, change)

    def _solved(self, goal: Floats, lower: Floats, upper: Floats) -> Floats:
        level = np.zeros(self._matrix.shape[0])
        for method in METHODS:
            solved = linprog(goal, A_eq=self._matrix, b_eq=level, bounds=np.column_stack([lower, upper]), method=method)
            self.programs += 1
            if solved.status == 0:
                found: Floats = solved.x
                return found
        raise EngineError(
            f"The solver stopped: {solved.message}",
            next_step="See that values and bounds are finite numbers of a like size.",
        )
