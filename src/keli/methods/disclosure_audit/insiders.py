"""What a coalition of contributors can exclude, for many changes at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from keli.methods.linked_tables.tables import Change, Floats, Holder, LinkedTables

ROUNDING = 1e-8
"""Part of a change by which it may miss a bound: floating point numbers."""

MOST = 2
"""Holders that may work together."""


class Insiders:
    """Contributors by cell.

    Args:
        tables: The tables.
        holders: Contributors that may be attackers.
    """

    def __init__(self, tables: LinkedTables, holders: Sequence[Holder]) -> None:
        self._values: list[float] = tables.values.tolist()
        self._contributors: list[int] = tables.contributors.tolist()
        self._positive: list[bool] = (tables.least >= 0).tolist()
        self._own: list[dict[int, float]] = [
            dict(zip(holder.cells.tolist(), holder.own.tolist(), strict=True)) for holder in holders
        ]
        self._in_cell: dict[int, list[int]] = {}
        for number, cells in enumerate(self._own):
            for cell in cells:
                self._in_cell.setdefault(cell, []).append(number)
        self._tables = tables
        self._together = _largest_together(tables.size, holders)

    def own(self, coalition: Sequence[int], cell: int) -> float:
        """Return what a coalition put into a cell."""
        return sum(self._own[holder].get(cell, 0.0) for holder in coalition)

    def knows(self, coalition: Sequence[int], cell: int) -> bool:
        """Tell whether nobody but the coalition contributes to a cell."""
        inside = sum(cell in self._own[holder] for holder in coalition)
        enough = self.own(coalition, cell) >= abs(self._values[cell]) * (1 - ROUNDING)
        return inside >= self._contributors[cell] > 0 and enough

    def excludes(self, coalition: Sequence[int], change: Change, target: int) -> bool:
        """Tell whether a coalition can tell a changed table from the true one, by cells other than the target."""
        slack = ROUNDING * float(np.abs(change.amounts).max())
        return any(
            self._sees(coalition, cell, amount, slack)
            for cell, amount in self._open_to(len(coalition), change, slack)
            if cell != target
        )

    def excluding(self, coalition: Sequence[int], change: Change, target: int, together: int) -> list[tuple[int, ...]]:
        """Return the smallest larger coalitions that can exclude a change.

        Args:
            coalition: Holders who cannot.
            change: Difference from the true tables.
            target: The cell that is attacked.
            together: Greatest number of holders that may join it, 1 or 2.
        """
        slack = ROUNDING * float(np.abs(change.amounts).max())
        found: set[tuple[int, ...]] = set()
        for cell, amount in self._open_to(len(coalition) + together, change, slack):
            present = [holder for holder in self._in_cell.get(cell, []) if holder not in coalition and cell != target]
            alone = [holder for holder in present if self._sees((*coalition, holder), cell, amount, slack)]
            found |= {(holder,) for holder in alone}
            if together > 1:
                pairs = combinations([holder for holder in present if holder not in alone], 2)
                found |= {pair for pair in pairs if self._sees((*coalition, *pair), cell, amount, slack)}
        single = {joining[0] for joining in found if len(joining) == 1}
        smallest = [joining for joining in found if len(joining) == 1 or not single & set(joining)]
        return sorted(tuple(sorted((*coalition, *joining))) for joining in smallest)

    def bounds(self, coalition: Sequence[int], least: Floats, most: Floats) -> tuple[Floats, Floats]:
        """Return (n,) least and most as a coalition knows them, from those that everybody knows."""
        least, most = least.copy(), most.copy()
        for cell in sorted({cell for holder in coalition for cell in self._own[holder]}):
            value = self._values[cell]
            if self._positive[cell]:
                least[cell] = max(least[cell], min(self.own(coalition, cell), value))
            if self.knows(coalition, cell):
                least[cell] = most[cell] = value
        return least, most

    def _open_to(self, size: int, change: Change, slack: float) -> list[tuple[int, float]]:
        """Cells of a change, with its amounts, that some coalition of a size might exclude; it can exclude no other."""
        if size == 0:
            return []
        cells, tables = change.cells, self._tables
        filled = (tables.contributors[cells] > 0) & (tables.contributors[cells] <= size)
        known = filled & (np.abs(change.amounts) > slack)
        left = tables.values[cells] + change.amounts
        short = (tables.least[cells] >= 0) & (left < self._together[cells, size - 1] - slack)
        open_to = np.flatnonzero(known | short)
        return list(zip(cells[open_to].tolist(), change.amounts[open_to].tolist(), strict=True))

    def _sees(self, coalition: Sequence[int], cell: int, amount: float, slack: float) -> bool:
        """Tell whether a coalition can exclude that one cell differs by an amount."""
        if abs(amount) > slack and self.knows(coalition, cell):
            return True
        return self._positive[cell] and self._values[cell] + amount < self.own(coalition, cell) - slack


def _largest_together(size: int, holders: Sequence[Holder]) -> Floats:
    """(size, MOST): what the largest holder of each cell has in it, and what the two largest have together."""
    largest = np.zeros((size, MOST))
    if not holders:
        return largest
    cells = np.concatenate([holder.cells for holder in holders])
    own = np.concatenate([holder.own for holder in holders])
    order = np.lexsort((-own, cells))
    cells, own = cells[order], own[order]
    rank = np.arange(len(cells)) - np.searchsorted(cells, cells)
    kept = rank < MOST
    largest[cells[kept], rank[kept]] = own[kept]
    return np.asarray(largest.cumsum(axis=1))
