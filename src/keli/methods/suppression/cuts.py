"""Cuts: what any safe pattern must satisfy, learned from an attacker who succeeds against one that is not safe."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp

from keli.methods.linked_tables.tables import Flags, Floats, Integers
from keli.methods.suppression.knowledge import Coalition, Knowledge
from keli.methods.suppression.moves import solver
from keli.methods.suppression.nearby import Neighbourhood

REACHED = 1e-6
"""Part of the wanted move that counts as reached."""

NEGLIGIBLE = 1e-9

NEAR = 300
"""Cells of the window in which an attack is tried first."""

SHORT = 1e-6
"""Price of moving a cell, against 1 for a move that is lacking: of several moves the shortest is taken."""

PRICE_DIGITS = 3


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

    def __init__(self, knowledge: Knowledge, nearby: Neighbourhood) -> None:
        self._knowledge = knowledge
        self._values = knowledge.tables.values
        self._everything = np.arange(knowledge.tables.size)
        self._columns = sp.csc_matrix(knowledge.tables.relations)
        self._nearby = nearby
        self._solver = solver()
        self.solved = 0

    def cut(self, attack: Attack, pattern: Floats) -> Floats | None:
        """Return what the pattern lacks against an attack, or nothing where it is safe.

        Args:
            attack: The attack.
            pattern: (n,) how far each cell is withheld, from 0 (published) to 1.

        Returns:
            (n,) coefficients c such that every safe pattern y has sum c y >= 1.

        Method: how far can the cell move, where each cell moves within its known bounds times the pattern? The dual
        solution bounds the move of any pattern by a sum over its withheld cells, which must be at least the wanted
        move (Fischetti and Salazar 2001, Solving the cell suppression problem on tabular data with linear
        constraints). First with the cells nearby; what they lack may be further away.
        """
        active = pattern > NEGLIGIBLE
        near = self._nearby.around(attack.cell, active, NEAR)
        cut = self._cut_in(attack, pattern, near)
        if cut is None or len(near) < NEAR or cut @ pattern < 1 - REACHED:
            return cut
        return self._cut_in(attack, pattern, self._nearby.around(attack.cell, active, len(pattern)))

    def _cut_in(self, attack: Attack, pattern: Floats, cells: Integers) -> Floats | None:
        """The cut from a window of cells; nothing where the move is possible within it."""
        scale, sign = abs(attack.amount), 1.0 if attack.amount > 0 else -1.0
        least, most = self._knowledge.bounds(attack.coalition, self._everything)
        rise, fall = (most - self._values) / scale, (self._values - least) / scale
        target = int(np.searchsorted(cells, attack.cell))
        rising = np.minimum(rise[cells], 1.0) * pattern[cells]
        falling = np.minimum(fall[cells], 1.0) * pattern[cells]
        rising[target], falling[target] = (1.0, 0.0) if sign > 0 else (0.0, 1.0)
        lacking, prices = self._solved(self._columns[:, cells].tocsc(), target, sign, rising, falling)
        if lacking <= REACHED:
            return None
        worth = self._columns.T @ prices
        worth = worth / (sign * worth[attack.cell])
        worth[attack.cell] = 0.0
        helped = np.where(worth < -NEGLIGIBLE, rise, np.where(worth > NEGLIGIBLE, fall, 0.0))
        strength = np.minimum(helped, 1 / NEGLIGIBLE) * np.abs(worth)
        return np.where(helped > 0, np.minimum(strength, 1.0), 0.0)

    def _solved(
        self, matrix: sp.csc_matrix, target: int, sign: float, rising: Floats, falling: Floats
    ) -> tuple[float, Floats]:
        """What is lacking of the wanted move, and the price of each relation of the tables."""
        rows, places = np.unique(matrix.indices, return_inverse=True)
        count, entries = matrix.shape[1], matrix.nnz
        wanted = target if sign > 0 else target + count
        starts = np.concatenate([matrix.indptr[:-1], matrix.indptr[:-1] + entries, [2 * entries + 1]])
        # One more relation: move of the target + what is lacking = 1. Its entry stands behind those of the target.
        index = np.insert(np.concatenate([places, places]), starts[wanted], len(rows))
        value = np.insert(np.concatenate([matrix.data, -matrix.data]), starts[wanted], 1.0)
        starts[wanted + 1 : -1] += 1
        level = np.zeros(len(rows) + 1)
        level[-1] = 1.0
        self._solver.passModel(
            2 * count + 1, len(rows) + 1, 2 * entries + 2, 1, 1, 0.0,
            np.concatenate([np.full(2 * count, SHORT), [1.0]]), np.zeros(2 * count + 1),
            np.concatenate([rising, falling, [1.0]]), level, level,
            starts.astype(np.int32), np.append(index, len(rows)).astype(np.int32), np.append(value, 1.0),
            np.zeros(2 * count + 1, np.int32),
        )  # fmt: skip
        self._solver.run()
        self.solved += 1
        solution = self._solver.getSolution()
        prices = np.zeros(self._columns.shape[0])
        # Any prices make a right cut; without the traces of the price of moving they make a better one.
        prices[rows] = np.round(np.asarray(solution.row_dual)[:-1], PRICE_DIGITS)
        return float(solution.col_value[-1]), prices


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
        if self._solver.getModelStatus() not in (
            highspy.HighsModelStatus.kOptimal,
            highspy.HighsModelStatus.kModelEmpty,
        ):
            return None
        pattern = self._given.astype(np.float64)
        if len(self._cells):
            pattern[self._cells] = np.asarray(self._solver.getSolution().col_value)
        return pattern, self._solver.getInfo().objective_function_value * self._unit
