"""The search: each sensitive cell gets its moves in turn; then moves are taken back and found anew where that saves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from keli.base.errors import KeliError
from keli.methods.linked_tables.tables import Demands, Floats, Holder, LinkedTables, Witness
from keli.methods.suppression.knowledge import SLACK, Coalition, Knowledge
from keli.methods.suppression.moves import MoveFinder, Wanted, Window, window_of
from keli.methods.suppression.nearby import Neighbourhood
from keli.methods.suppression.pool import Pool

NEAR, WIDE = 250, 1000
"""Cells of the windows in which a move is looked for, one after the other; then all cells."""

WITHHELD_COST = 1e-3
"""Cost of moving a cell that is withheld already, as a share of the usual cost: short moves come first."""

ALONE_FACTOR = 3.0
IN_USE_TRIED = 15


class CannotProtectError(KeliError):
    """A sensitive cell cannot be protected, whatever may be withheld.

    Args:
        cell: The cell.
        amount: The move that is not possible.
        coalition: In whose eyes.
    """

    def __init__(self, cell: int, amount: float, coalition: Coalition) -> None:
        super().__init__(
            "A sensitive cell cannot be protected, whatever else is withheld.",
            next_step="Cells that are known, published in any case or bounded leave it no room: free some of them.",
        )
        self.cell = cell
        self.amount = amount
        self.coalition = coalition


class Search:
    """A pattern in the making.

    Args:
        tables: Cells and relations.
        demands: Sensitive cells and how far nobody may come near.
        holders: Holders as attackers.
        colluding: Number of holders that work together; 0 for attackers from outside only.
        costs: (n,) cost of withholding a cell, positive.
    """

    def __init__(
        self, tables: LinkedTables, demands: Demands, holders: Sequence[Holder], *, colluding: int, costs: Floats
    ) -> None:
        self.tables = tables
        self.demands = {
            int(cell): (float(below), float(above))
            for cell, below, above in zip(demands.cells, demands.below, demands.above, strict=True)
        }
        self.knowledge = Knowledge(tables, holders if colluding else ())
        self.colluding = colluding
        self.pool = Pool(demands, costs)
        self.finder = MoveFinder()
        self.forbidden = np.zeros(tables.size, bool)
        self.widest = tables.size
        self.former: dict[int, list[Witness]] = {}
        self.mobile = (self.knowledge.most > self.knowledge.least) & ~tables.known
        self.nearby = Neighbourhood(tables)
        self._usual = float(np.median(costs[self.mobile])) if self.mobile.any() else 1.0
        self._alone = np.where(tables.contributors == 1, ALONE_FACTOR, 1.0)
        self._whole: Window | None = None

    def cover(self, cell: int) -> None:
        """Give a sensitive cell moves that prove it safe, up and down, from everybody.

        Raises:
            CannotProtectError: There is none.
        """
        for side in (+1, -1):
            waiting = [self.knowledge.public]
            while waiting:
                coalition = waiting.pop()
                amount = self.demanded(cell, side, coalition)
                if amount > 0:
                    waiting += self._prove(cell, side * amount, coalition)

    def demanded(self, cell: int, side: int, coalition: Coalition) -> float:
        """What must be possible in the eyes of a coalition; never more than its own contributions leave room for."""
        below, above = self.demands[cell]
        if not coalition.members:
            return above if side > 0 else below
        value = float(self.tables.values[cell])
        least, most = self.knowledge.bounds(coalition, np.array([cell]))
        wanted, room = (above, most[0] - value) if side > 0 else (below, value - least[0])
        return float(min(wanted, room)) if room > SLACK * abs(value) else 0.0

    def _prove(self, cell: int, amount: float, coalition: Coalition) -> list[Coalition]:
        """Attach a move; return the coalitions that can exclude it, for which another must be found."""
        witness = self._in_use(cell, amount, coalition) or self._found(cell, amount, coalition)
        self.pool.attach(witness)
        if len(coalition.members) >= self.colluding:
            return []
        change = self.pool.changes[witness.change]
        joining = self.knowledge.doubters(change, witness.factor, coalition, cell)
        wider = [self.knowledge.coalition(tuple(sorted((*coalition.members, one)))) for one in joining]
        last = len(coalition.members) + 1 == self.colluding
        if not last:
            wider += [
                self.knowledge.coalition(pair) for pair in self.knowledge.doubting_pairs(change, witness.factor, cell)
            ]
        wider = [larger for larger in wider if not self.knowledge.fills(larger, cell)]
        if last and len(wider) > 1:
            together = self._safe_from_all(cell, amount, wider)
            if together is not None:
                self.pool.attach(together)
                return []
        return wider[::-1]

    def _safe_from_all(self, cell: int, amount: float, coalitions: Sequence[Coalition]) -> Witness | None:
        """One move that none of several coalitions can exclude, if cells that are withheld already allow it."""
        everyone = sorted({holder for coalition in coalitions for holder in coalition.members})
        together = self.knowledge.coalition(tuple(everyone))
        if self.knowledge.fills(together, cell):
            return None
        return self._in_use(cell, amount, together) or self._near_found(cell, amount, together)

    def _in_use(self, cell: int, amount: float, coalition: Coalition) -> Witness | None:
        """A change in use that moves the cell far enough, whole, in part or turned round."""
        own = [witness.change for witness in self.former.get(cell, ())]
        for number in dict.fromkeys([*own, *self.pool.moving(cell)[-IN_USE_TRIED:]]):
            change = self.pool.changes[number]
            factor = amount / float(change.amounts[np.searchsorted(change.cells, cell)])
            if (
                abs(factor) <= 1
                and self.knowledge.allows(change, factor, coalition, cell)
                and not self.forbidden[change.cells].any()
            ):
                return Witness(cell, number, factor)
        return None

    def _near_found(self, cell: int, amount: float, coalition: Coalition) -> Witness | None:
        """A move of cells that are withheld already, close by."""
        withheld = self.pool.withheld & self.mobile & ~self.forbidden
        window = window_of(self.tables, self.nearby.around(cell, withheld, NEAR))
        wanted = Wanted(cell, amount, *self.knowledge.bounds(coalition, window.cells))
        free = np.ones(len(window.cells), bool)
        change = self.finder.find(self.tables, wanted, window, self._alone[window.cells], free)
        return None if change is None else Witness(cell, self.pool.add(change), 1.0)

    def _found(self, cell: int, amount: float, coalition: Coalition) -> Witness:
        """A new move, looked for in wider and wider windows.

        Raises:
            CannotProtectError: There is none.
        """
        near = self._near_found(cell, amount, coalition)
        if near is not None:
            return near
        for window in self._windows(cell):
            cells = window.cells
            withheld = self.pool.sensitive[cells] | (self.pool.uses[cells] > 0)
            costs = np.where(withheld, WITHHELD_COST * self._usual * self._alone[cells], self.pool.costs[cells])
            wanted = Wanted(cell, amount, *self.knowledge.bounds(coalition, cells))
            change = self.finder.find(self.tables, wanted, window, costs, withheld)
            if change is not None:
                return Witness(cell, self.pool.add(change), 1.0)
        raise CannotProtectError(cell, amount, coalition)

    def _windows(self, cell: int) -> Iterator[Window]:
        among = self.mobile & ~self.forbidden
        wide = min(WIDE, self.widest)
        if among.sum() > wide:
            yield window_of(self.tables, self.nearby.around(cell, among, wide))
            if wide == self.widest:
                return
        if self.forbidden.any():
            yield window_of(self.tables, np.flatnonzero(among))
            return
        if self._whole is None:
            self._whole = window_of(self.tables, np.flatnonzero(among))
        yield self._whole
