"""What attackers know: bounds of every cell for the public and for coalitions of holders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from keli.methods.linked_tables.tables import Change, Flags, Floats, Holder, Integers, LinkedTables
from keli.methods.suppression.nearby import ranges

SLACK = 1e-9
"""Part of the largest move by which a bound may be missed: the precision of the solver."""


@dataclass(frozen=True)
class Coalition:
    """Holders who work together, with what they know.

    Args:
        members: Their numbers, ascending; nobody for the public.
        cells: (c,) cells to which they contribute, ascending.
        own: (c,) what they put into each.
        inside: (c,) how many of them contribute to it.
        least: (c,) below which they know that it does not lie.
        most: (c,) above which they know that it does not lie.
    """

    members: tuple[int, ...]
    cells: Integers
    own: Floats
    inside: Integers
    least: Floats
    most: Floats

    def places(self, cells: Integers) -> tuple[Flags, Integers]:
        """Return to which of some cells they contribute, and where those stand among their own."""
        if not len(self.cells):
            return np.zeros(len(cells), bool), np.zeros(0, np.int64)
        place = np.minimum(np.searchsorted(self.cells, cells), len(self.cells) - 1)
        there = self.cells[place] == cells
        return there, place[there]


class Knowledge:
    """Bounds as coalitions of holders know them.

    Method: a cell whose contributors are all in the coalition is known to it. A cell that everybody knows not to be
    negative cannot fall below what the coalition put into it.
    """

    def __init__(self, tables: LinkedTables, holders: Sequence[Holder]) -> None:
        self.tables = tables
        self.least = np.where(tables.known, tables.values, tables.least)
        self.most = np.where(tables.known, tables.values, tables.most)
        nothing = np.zeros(0)
        self._cells = np.concatenate([nothing.astype(np.int64), *(holder.cells for holder in holders)])
        self._own = np.concatenate([nothing, *(holder.own for holder in holders)])
        sizes = np.array([len(holder.cells) for holder in holders], np.int64)
        self._ends = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self._by_cell = np.argsort(self._cells, kind="stable")
        self._holder = np.repeat(np.arange(len(holders)), sizes)
        self._starts = np.searchsorted(self._cells[self._by_cell], np.arange(tables.size + 1))
        self._made: dict[tuple[int, ...], Coalition] = {}
        self.public = self.coalition(())

    def coalition(self, members: tuple[int, ...]) -> Coalition:
        """Return what the given holders know together."""
        if members not in self._made:
            pieces = [slice(self._ends[one], self._ends[one + 1]) for one in members]
            cells = np.concatenate([np.zeros(0, np.int64), *(self._cells[piece] for piece in pieces)])
            own = np.concatenate([np.zeros(0), *(self._own[piece] for piece in pieces)])
            cells, place, inside = np.unique(cells, return_inverse=True, return_counts=True)
            together = np.bincount(place, own, len(cells)).astype(np.float64)
            self._made[members] = Coalition(
                members, cells, together, inside, *self._bounds(cells, together, inside.astype(np.int64))
            )
        return self._made[members]

    def bounds(self, coalition: Coalition, cells: Integers) -> tuple[Floats, Floats]:
        """Return (c,) least and most of some cells as a coalition knows them."""
        least, most = self.least[cells], self.most[cells]
        there, place = coalition.places(cells)
        least[there], most[there] = coalition.least[place], coalition.most[place]
        return least, most

    def fills(self, coalition: Coalition, cell: int) -> bool:
        """Tell whether all contributors of a cell are in the coalition: it has nothing to learn about it."""
        there, place = coalition.places(np.array([cell]))
        if not there.any():
            return False
        everyone = coalition.inside[place[0]] >= self.tables.contributors[cell] > 0
        return bool(everyone and coalition.own[place[0]] >= abs(self.tables.values[cell]) * (1 - SLACK))

    def doubters(self, change: Change, factor: float, coalition: Coalition, target: int) -> list[int]:
        """Return the holders who, joining the coalition, know that a changed table is not the true one.

        Args:
            change: What differs from the true tables.
            factor: By what it is multiplied.
            coalition: Holders who cannot tell.
            target: The cell that is to be protected. That it cannot fall below own contributions is no objection: the
                table that lies between, where the cell stands at that bound, is possible for the holder.
        """
        starts = self._starts[change.cells]
        lengths = self._starts[change.cells + 1] - starts
        entries = self._by_cell[ranges(starts, lengths)]
        place = np.repeat(np.arange(len(change.cells)), lengths)
        cells = change.cells[place]
        own, inside = self._own[entries], np.ones(len(entries), np.int64)
        there, among = coalition.places(cells)
        own[there] += coalition.own[among]
        inside[there] += coalition.inside[among]
        least, most = self._bounds(cells, own, inside)
        moved = (self.tables.values[change.cells] + factor * change.amounts)[place]
        slack = SLACK * abs(factor) * np.abs(change.amounts).max()
        off = ((moved < least - slack) | (moved > most + slack)) & (cells != target)
        return sorted(set(self._holder[entries[off]].tolist()) - set(coalition.members))

    def doubting_pairs(self, change: Change, factor: float, target: int) -> list[tuple[int, int]]:
        """Return pairs of holders who know together, but neither of them alone, that a changed table is not true.

        Args:
            change: What differs from the true tables.
            factor: By what it is multiplied.
            target: The cell that is to be protected.
        """
        alone = set(self.doubters(change, factor, self.public, target))
        slack = SLACK * abs(factor) * np.abs(change.amounts).max()
        pairs: set[tuple[int, int]] = set()
        for cell, amount in zip(change.cells.tolist(), (factor * change.amounts).tolist(), strict=True):
            entries = self._by_cell[self._starts[cell] : self._starts[cell + 1]]
            entries = entries[np.argsort(-self._own[entries], kind="stable")]
            moved = self.tables.values[cell] + amount
            for one, other in combinations(entries.tolist(), 2):
                if cell == target or {self._holder[one], self._holder[other]} & alone:
                    continue
                own = self._own[[one, other]].sum()
                least, most = self._bounds(np.array([cell]), np.array([own]), np.array([2]))
                if moved < least[0] - slack or moved > most[0] + slack:
                    lower, higher = sorted((int(self._holder[one]), int(self._holder[other])))
                    pairs.add((lower, higher))
        return sorted(pairs)

    def allows(self, change: Change, factor: float, coalition: Coalition, target: int) -> bool:
        """Tell whether a changed table is possible for all that the coalition knows; of the target, the public."""
        cells = change.cells
        least, most = self.bounds(coalition, cells)
        aimed = cells == target
        least[aimed], most[aimed] = self.least[target], self.most[target]
        moved = self.tables.values[cells] + factor * change.amounts
        slack = SLACK * abs(factor) * np.abs(change.amounts).max()
        return bool(((moved >= least - slack) & (moved <= most + slack)).all())

    def _bounds(self, cells: Integers, own: Floats, inside: Integers) -> tuple[Floats, Floats]:
        """Bounds of cells of which `inside` contributors with `own` together are in a coalition."""
        values, least, most = self.tables.values[cells], self.least[cells], self.most[cells]
        floor = np.minimum(np.maximum(least, own), values)
        least = np.where((inside > 0) & (self.tables.least[cells] >= 0), floor, least)
        everyone = (inside > 0) & (inside >= self.tables.contributors[cells]) & (self.tables.contributors[cells] > 0)
        filled = everyone & (own >= np.abs(values) * (1 - SLACK))
        return np.where(filled, values, least), np.where(filled, values, most)
