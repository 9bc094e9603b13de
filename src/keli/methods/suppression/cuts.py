"""Cuts: what any safe pattern must satisfy, learned from an attacker who succeeds against one that is not safe."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp

from keli.methods.linked_tables.tables import Flags, Floats, LinkedTables
from keli.methods.suppression.knowledge import Coalition
from keli.methods.suppression.moves import solver

REACHED = 1e-6
"""Part of the wanted move that counts as reached."""

NEGLIGIBLE = 1e-9


@dataclass(frozen=True)
class Attack:
    """An attempt to estimate a sensitive cell.

    Args:
        cell: The cell.
        amount: The move that must remain possible, with its sign.
        coalition: Who attempts it.
    """

    cell: int
    amount: float
    coalition: Coalition


class Attacker:
    """Solves the attacker's linear program for patterns that may be fractions."""

    def __init__(self, tables: LinkedTables) -> None:
        self._values = tables.values
        self._columns = sp.csc_matrix(tables.relations)
        self._solver = solver()
        # The program starts from a point that is allowed: nothing moves.
        self._solver.setOptionValue("simplex_strategy", 4)

    def cut(self, attack: Attack, pattern: Floats) -> Floats | None:
        """Return what the pattern lacks against an attack, or nothing where it is safe.

        Args:
            attack: The attack.
            pattern: (n,) how far each cell is withheld, from 0 (published) to 1.

        Returns:
            (n,) coefficients c such that every safe pattern y has sum c y >= 1.

        Method: how far can the cell move, where each cell moves within its known bounds times the pattern? The dual solution bounds the
        move of any pattern by a sum over its withheld cells, which must be at least the wanted move (Fischetti and
        Salazar 2001, Solving the cell suppression problem on tabular data with linear constraints).
        """
        scale, sign = abs(attack.amount), np.sign(attack.amount)
        rise = (attack.coalition.most - self._values) / scale
        fall = (self._values - attack.coalition.least) / scale
        active = np.flatnonzero(pattern > NEGLIGIBLE)
        target = int(np.searchsorted(active, attack.cell))
        floor = -np.minimum(fall[active], 1.0) * pattern[active]
        ceiling = np.minimum(rise[active], 1.0) * pattern[active]
        floor[target], ceiling[target] = (0.0, 1.0) if sign > 0 else (-1.0, 0.0)
        goal = np.zeros(len(active))
        goal[target] = -sign
        reached, prices = self._solved(self._columns[:, active].tocsc(), goal, floor, ceiling)
        if reached >= 1 - REACHED:
            return None
        worth = -(self._columns.T @ prices)
        worth[attack.cell] = 0.0
        helped = np.where(worth < -NEGLIGIBLE, rise, np.where(worth > NEGLIGIBLE, fall, 0.0))
        return np.minimum(np.where(helped > 0, np.abs(worth) * np.minimum(helped, 1 / NEGLIGIBLE), 0.0), 1.0)

    def _solved(self, matrix: sp.csc_matrix, goal: Floats, floor: Floats, ceiling: Floats) -> tuple[float, Floats]:
        """Greatest move, and the price of each relation of the tables."""
        rows, places = np.unique(matrix.indices, return_inverse=True)
        level = np.zeros(len(rows))
        self._solver.passModel(
            len(goal), len(rows), matrix.nnz, 1, 1, 0.0, goal, floor, ceiling, level, level,
            matrix.indptr[:-1].astype(np.int32), places.astype(np.int32), matrix.data, np.zeros(len(goal), np.int32),
        )  # fmt: skip
        self._solver.run()
        prices = np.zeros(self._columns.shape[0])
        prices[rows] = np.asarray(self._solver.getSolution().row_dual)
        return -self._solver.getInfo().objective_function_value, prices


class Master:
    """The choice of a pattern at least cost, subject to the cuts learned so far.

    Args:
        costs: (n,) cost of withholding a cell.
        given: (n,) cells that are withheld in any case.
        candidates: (n,) cells that may be withheld besides.
    """

    def __init__(self, costs: Floats, given: Flags, candidates: Flags) -> None:
        self._given = given
        self._cells = np.flatnonzero(candidates)
        self._unit = float(np.median(costs[self._cells])) if len(self._cells) else 1.0
        self._solver = solver()
        self._solver.setOptionValue("presolve", "choose")
        self._solver.setOptionValue("mip_rel_gap", 0.0)
        count = len(self._cells)
        nothing = np.zeros(0)
        self._solver.addCols(
            count, costs[self._cells] / self._unit, np.zeros(count), np.ones(count), 0,
            np.zeros(count, np.int32), nothing.astype(np.int32), nothing,
        )  # fmt: skip

    def learn(self, cut: Floats) -> bool:
        """Take a cut in; return whether it asks for any cell that may be withheld."""
        wanting = 1 - float(cut[self._given].sum())
        helping = np.flatnonzero(cut[self._cells] > NEGLIGIBLE)
        if wanting <= NEGLIGIBLE or not len(helping):
            return False
        weights = np.minimum(cut[self._cells[helping]] / wanting, 1.0)
        self._solver.addRow(1.0, highspy.kHighsInf, len(helping), helping.astype(np.int32), weights)
        return True

    def choose_whole(self) -> None:
        """From now on a cell is withheld or not; before, fractions are allowed."""
        count = len(self._cells)
        kinds = np.array([highspy.HighsVarType.kInteger] * count)
        self._solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)

    def choice(self, seconds: float, nodes: int) -> tuple[Floats, float] | None:
        """Return the cheapest pattern (n,) and what it costs besides the given cells; nothing where time ran out.

        Args:
            seconds: Time for it.
            nodes: Greatest number of branches.
        """
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + max(seconds, 0.0))
        self._solver.setOptionValue("mip_max_nodes", nodes)
        self._solver.run()
        if self._solver.getModelStatus() not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
            return None
        pattern = self._given.astype(np.float64)
        if len(self._cells):
            pattern[self._cells] = np.asarray(self._solver.getSolution().col_value)
        return pattern, self._solver.getInfo().objective_function_value * self._unit
