"""The pool of moves in use: which cells they withhold, at what cost, and which sensitive cells they prove safe."""

from __future__ import annotations

import numpy as np

from keli.methods.linked_tables.tables import Change, Demands, Flags, Floats, Witness


class Pool:
    """Moves in use, each with the sensitive cells (bundles) that rely on it.

    Args:
        demands: The sensitive cells.
        costs: (n,) what withholding a cell costs.
    """

    def __init__(self, demands: Demands, costs: Floats) -> None:
        self.costs = costs
        self.sensitive = np.zeros(len(costs), bool)
        self.sensitive[demands.cells] = True
        self.uses = np.zeros(len(costs), np.int64)
        self.changes: list[Change] = []
        self.witnesses: dict[int, list[Witness]] = {int(cell): [] for cell in demands.cells}
        self._users: list[int] = []
        self._touching: dict[int, set[int]] = {int(cell): set() for cell in demands.cells}
        self.cost = 0.0

    @property
    def withheld(self) -> Flags:
        """(n,) sensitive cells and those that a move in use needs."""
        return self.sensitive | (self.uses > 0)

    def add(self, change: Change) -> int:
        """Take in a change that nobody uses yet; return its number."""
        self.changes.append(change)
        self._users.append(0)
        return len(self.changes) - 1

    def moving(self, cell: int) -> list[int]:
        """Return the numbers of the changes in use that move a sensitive cell, in their order."""
        return sorted(self._touching[cell])

    def attach(self, witness: Witness) -> None:
        """Let a sensitive cell rely on a change."""
        self.witnesses[witness.cell].append(witness)
        self._users[witness.change] += 1
        if self._users[witness.change] == 1:
            self._put(witness.change, +1)

    def detach(self, cell: int) -> list[Witness]:
        """Let a sensitive cell rely on nothing; return what it relied on."""
        released = self.witnesses[cell]
        self.witnesses[cell] = []
        for witness in released:
            self._users[witness.change] -= 1
            if self._users[witness.change] == 0:
                self._put(witness.change, -1)
        return released

    def restore(self, cell: int, witnesses: list[Witness]) -> None:
        """Let a sensitive cell rely on what it relied on before."""
        self.detach(cell)
        for witness in witnesses:
            self.attach(witness)

    def own_cost(self, cell: int) -> float:
        """Cost of the cells that nothing but the moves of one sensitive cell withholds."""
        mine = sorted({witness.change for witness in self.witnesses[cell]})
        relying = [sum(w.change == number for w in self.witnesses[cell]) for number in mine]
        alone = [number for number, count in zip(mine, relying, strict=True) if self._users[number] == count]
        if not alone:
            return 0.0
        cells, counts = np.unique(np.concatenate([self.changes[number].cells for number in alone]), return_counts=True)
        only = (self.uses[cells] == counts) & ~self.sensitive[cells]
        return float(self.costs[cells[only]].sum())

    def relying_on(self, cell: int) -> list[int]:
        """Return the sensitive cells with a move that withholds a cell, ascending."""
        return sorted(
            target
            for target, witnesses in self.witnesses.items()
            if any(cell in self.changes[witness.change].cells for witness in witnesses)
        )

    def _put(self, number: int, step: int) -> None:
        cells = self.changes[number].cells
        before = self.uses[cells] > 0
        self.uses[cells] += step
        turned = (self.uses[cells] > 0) != before
        self.cost += step * float(self.costs[cells[turned & ~self.sensitive[cells]]].sum())
        for cell in cells[self.sensitive[cells]].tolist():
            if step > 0:
                self._touching[cell].add(number)
            else:
                self._touching[cell].discard(number)
