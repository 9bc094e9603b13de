"""The attacker's estimate: how low and how high a withheld cell may be, by linear programs on published figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from keli.base.errors import EngineError
from keli.methods.linked_tables.tables import Flags, Floats, LinkedTables

OPTIMAL, INFEASIBLE, UNBOUNDED = 0, 2, 3


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

        Method: the true table is one of the possible ones, so the program is written in differences from it. The unit is the
        limit where one is given.
        """
        unit = limit if 0 < limit < np.inf else max(abs(float(self._values[cell])), 1.0)
        bounds = np.column_stack([least[self._open] - self._values[self._open], most[self._open] - self._values[self._open]])
        bounds = np.column_stack([np.minimum(bounds[:, 0], 0.0), np.maximum(bounds[:, 1], 0.0)]) / unit
        place = int(np.searchsorted(self._open, cell))
        if limit < np.inf:
            bounds[place] = np.clip(bounds[place], -limit / unit, limit / unit)
        goal = np.zeros(len(self._open))
        goal[place] = -side
        level = np.zeros(self._matrix.shape[0])
        solved = linprog(goal, A_eq=self._matrix, b_eq=level, bounds=bounds, method="highs-ds")
        self.programs += 1
        if solved.status == UNBOUNDED:
            return self._unbounded(cell, side, least, most, unit)
        if solved.status != OPTIMAL:
            raise EngineError(f"The solver stopped: {solved.message}", next_step="See that values and bounds are finite.")
        change = np.zeros(self._size)
        change[self._open] = solved.x * unit
        return Extreme(max(0.0, -float(solved.fun)) * unit, change)

    def _unbounded(self, cell: int, side: int, least: Floats, most: Floats, unit: float) -> Extreme:
        """Nothing bounds the cell: show a change that goes as far as its own size."""
        shown = self.extreme(cell, side, least, most, unit)
        return Extreme(np.inf, shown.change)
