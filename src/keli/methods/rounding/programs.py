"""Linear and mixed integer programs of controlled rounding."""

from __future__ import annotations

import highspy
import numpy as np
import scipy.sparse as sp

from keli.base.errors import EngineError
from keli.methods.linked_tables.tables import Floats, Integers
from keli.methods.rounding.lattice import FAR, Lattice
from keli.methods.suppression.moves import solver

WHOLE = 1e-6
"""How near to a whole number the solver's numbers count as whole."""

ROOM = 3.0
"""Steps past its neighbours that an inner cell may take where two groupings of one total ask for it."""


class Programs:
    """Programs over the inner cells of a lattice; each cell is low + within + above - below.

    Args:
        lattice: The cells.
    """

    def __init__(self, lattice: Lattice) -> None:
        self._lattice = lattice
        self._columns = lattice.of_inner.tocsc()
        self.rows = 0
        """Cells in all programs so far: how much work was done."""

    def relaxed(self) -> Floats | None:
        """Return (c,) the nearest rounding by the linear program, or nothing where its solution is not whole."""
        everything = np.arange(len(self._lattice.inner))
        found = self._solved(everything, self._lattice.low[self._lattice.inner], None, 0)[0]
        return np.rint(found) if (np.abs(found - np.rint(found)) <= WHOLE).all() else None

    def whole(self, start: Floats | None, nodes: int) -> tuple[Floats, bool]:
        """Return (c,) a rounding by the mixed integer program, and whether no other is nearer.

        Args:
            start: (c,) a rounding to start from.
            nodes: Greatest number of branches.
        """
        everything = np.arange(len(self._lattice.inner))
        found, nearest = self._solved(everything, self._lattice.low[self._lattice.inner], start, nodes)
        return np.rint(found), nearest

    def part(self, inner: Floats, free: Integers, nodes: int) -> Floats:
        """Return (c,) a rounding in which only the given inner cells, places among them, may differ."""
        found = inner.copy()
        found[free] = np.rint(self._solved(free, inner, inner, nodes)[0])
        return found

    def _solved(self, free: Integers, inner: Floats, start: Floats | None, nodes: int) -> tuple[Floats, bool]:
        """Solve for the free inner cells, all others as given; with nodes of 0 without whole numbers."""
        lattice, columns = self._lattice, self._columns[:, free]
        cells = np.unique(columns.indices)
        columns = columns[cells]
        self.rows += len(cells)
        fixed = inner.copy()
        fixed[free] = 0.0
        rest = (lattice.of_inner @ fixed)[cells]
        low, high, wanted = lattice.low[cells], lattice.high[cells], lattice.wanted[cells]
        size, count = len(cells), len(free)
        unit = sp.identity(size, format="csc")
        matrix, level = sp.hstack([columns, -unit, -unit, unit]), low - rest
        if not lattice.determined:
            rows = lattice.further.shape[0]
            matrix = sp.vstack([matrix, sp.hstack([lattice.further, sp.csc_matrix((rows, 3 * size))])])
            level = np.concatenate([level, np.zeros(rows)])
        least, most = self._bounds(lattice.inner[free])
        bounds = (
            np.concatenate([least, np.zeros(3 * size)]),
            np.concatenate([most, high - low, np.full(2 * size, np.inf)]),
        )
        within = np.where(high > low, low + high - 2 * wanted, 0.0)
        price = np.concatenate([np.zeros(count), within, np.full(2 * size, 1 + FAR)])
        model = _model(sp.csc_matrix(matrix), price, bounds, level, count if nodes else 0)
        if nodes:
            for option, number in (("mip_max_nodes", nodes), ("mip_rel_gap", 0.0), ("presolve", "on")):
                model.setOptionValue(option, number)
        if start is not None:
            steps = columns @ start[free] + rest
            past = [np.maximum(steps - high, 0.0), np.maximum(low - steps, 0.0)]
            known = highspy.HighsSolution()
            known.col_value = np.concatenate([start[free], np.clip(steps, low, high) - low, *past]).tolist()
            model.setSolution(known)
        model.run()
        return _answer(model, count)

    def _bounds(self, cells: Integers) -> tuple[Floats, Floats]:
        """Least and most steps of inner cells: their neighbours, or further where groupings ask for it."""
        low, high = self._lattice.low[cells], self._lattice.high[cells]
        room = 0.0 if self._lattice.determined else ROOM
        return np.where(low >= 0, np.maximum(low - room, 0.0), low - room), high + room


def _model(
    matrix: sp.csc_matrix, price: Floats, bounds: tuple[Floats, Floats], level: Floats, whole: int
) -> highspy.Highs:
    """A program whose first columns are whole numbers."""
    rows, columns = matrix.shape
    kinds = (np.arange(columns) < whole).astype(np.int32)
    model = solver()
    model.passModel(
        columns, rows, matrix.nnz, 1, 1, 0.0, price, bounds[0], bounds[1], level, level,
        matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32), matrix.data, kinds,
    )  # fmt: skip
    return model


def _answer(model: highspy.Highs, count: int) -> tuple[Floats, bool]:
    status = model.getModelStatus()
    if model.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        raise EngineError(
            f"No controlled rounding was found: the solver stopped with {model.modelStatusToString(status)}.",
            next_step="Groupings of the same total may contradict each other at this base: take another base.",
        )
    return np.asarray(model.getSolution().col_value)[:count], status == highspy.HighsModelStatus.kOptimal
