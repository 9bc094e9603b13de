"""Moves: changes of withheld cells that nobody can tell from the truth, found at least cost by linear programs."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp

from keli.base.errors import EngineError
from keli.methods.linked_tables.tables import Change, Flags, Floats, Integers, LinkedTables

MOVED = 1e-9
"""Share of the wanted move below which a cell counts as unmoved: the precision of the solver."""

MARGIN = 1 + 1e-6
"""Moves are asked for a little larger than demanded, so that rounding of floating point numbers takes nothing away."""

REFINEMENTS = 2


@dataclass(frozen=True)
class Wanted:
    """A move that is looked for.

    Args:
        cell: The cell to be moved.
        amount: By how much, with its sign.
        least: (c,) bounds of the cells of the window, as the attacker knows them.
        most: (c,)
    """

    cell: int
    amount: float
    least: Floats
    most: Floats


@dataclass(frozen=True)
class Window:
    """Part of the tables in which a move is looked for; all other cells stay as they are.

    Args:
        cells: (c,) its cells, ascending.
        matrix: Relations that touch them, (r, c), by column.
    """

    cells: Integers
    matrix: sp.csc_matrix


def window_of(tables: LinkedTables, cells: Integers) -> Window:
    """Return the window of the given cells, ascending, with every relation that touches one of them."""
    part = tables.relations[:, cells].tocsc()
    rows, places = np.unique(part.indices, return_inverse=True)
    return Window(cells, sp.csc_matrix((part.data, places, part.indptr), shape=(len(rows), len(cells))))


def solver() -> highspy.Highs:
    """A silent solver on one thread that gives the same answer to the same question."""
    made = highspy.Highs()  # type: ignore[no-untyped-call]
    made.silent()
    for option, value in (("threads", 1), ("parallel", "off"), ("presolve", "off"), ("random_seed", 0)):
        made.setOptionValue(option, value)
    return made


class MoveFinder:
    """Finds moves; holds the solver and nothing else, so that each answer depends on its question alone."""

    def __init__(self) -> None:
        self._solver = solver()
        self.solved = 0

    def find(self, tables: LinkedTables, wanted: Wanted, window: Window, costs: Floats, free: Flags) -> Change | None:
        """Find a move of the wanted cell by the wanted amount that withholds little else.

        Args:
            tables: The cells.
            wanted: The move.
            window: Where cells may move.
            costs: (c,) cost of moving a cell once by the wanted amount; small where it is withheld already.
            free: (c,) cells that cost nothing more, because they are withheld already.

        Returns:
            The cheapest change found, or nothing where the window holds none.

        Method: minimise the sum of cost times absolute change, subject to all relations and bounds. The true cost is
        paid once however far a cell moves; the program is solved again with the cost of each moved cell divided by
        how far it moved, and the cheapest by the true cost is kept (slope scaling, Kim and Pardalos 1999).
        """
        scale = abs(wanted.amount) * MARGIN
        cells, values = window.cells, tables.values[window.cells]
        target = int(np.searchsorted(cells, wanted.cell))
        ceiling = np.concatenate([wanted.most - values, values - wanted.least]) / scale
        floor = np.zeros_like(ceiling)
        up, down = (target, target + len(cells)) if wanted.amount > 0 else (target + len(cells), target)
        if ceiling[up] < abs(wanted.amount) / scale:
            return None
        floor[up] = ceiling[up] = min(1.0, ceiling[up])
        ceiling[down] = 0.0
        slopes = np.concatenate([costs, costs])
        best, paid = None, np.inf
        for _ in range(1 + REFINEMENTS):
            moved = self._solved(window, slopes, floor, ceiling)
            if moved is None:
                break
            amounts = moved[: len(cells)] - moved[len(cells) :]
            touched = np.abs(amounts) > MOVED
            cost = float(costs[touched & ~free].sum())
            if cost >= paid:
                break
            best, paid = Change(cells[touched], amounts[touched] * scale), cost
            if cost == 0.0:
                break
            both = np.concatenate([touched, touched])
            slopes = np.where(both, np.tile(costs, 2) / np.maximum(np.tile(np.abs(amounts), 2), 0.01), slopes)
        return best

    def _solved(self, window: Window, slopes: Floats, floor: Floats, ceiling: Floats) -> Floats | None:
        """Solve one program, from nothing; upward changes of all cells stand before downward ones."""
        matrix, positive = window.matrix, slopes[slopes > 0]
        rows, columns = matrix.shape
        level = np.zeros(rows)
        self._solver.passModel(
            2 * columns, rows, 2 * matrix.nnz, 1, 1, 0.0,
            slopes / (np.median(positive) if len(positive) else 1.0), floor, ceiling, level, level,
            np.concatenate([matrix.indptr[:-1], matrix.indptr[:-1] + matrix.nnz]).astype(np.int32),
            np.concatenate([matrix.indices, matrix.indices]).astype(np.int32),
            np.concatenate([matrix.data, -matrix.data]),
            np.zeros(2 * columns, np.int32),
        )  # fmt: skip
        self._solver.run()
        self.solved += 1
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return np.asarray(self._solver.getSolution().col_value)
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        raise EngineError(
            f"The solver stopped with {self._solver.modelStatusToString(status)}.",
            next_step="See that all values, bounds and costs are finite numbers of a like size.",
        )
