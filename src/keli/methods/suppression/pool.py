"""The pool of moves in use: which cells they withhold, at what cost, and which sensitive cells they prove safe."""

from __future__ import annotations

from collections import Counter

import numpy as np

from keli.methods.linked_tables.tables import Change, Demands, Flags, Floats, Witness


class Pool:
    """Moves in use, each with the sensitive cells that rely on it.

    Args:
        demands: The sensitive cells.
        costs: (n,) what withholding a cell costs.
    """

    def __init__(self, demands: Demands, costs: Floats) -> None:
        self.costs = costs
        self.sensitive = np.zeros(len(costs), bool)
        self.sensitive[demands.cells] = True
        self.uses = np.zeros(len(costs), np.int64)
        self.changes: dict[int, Change] = {}
        self.witnesses: dict[int, list[Witness]] = {int(cell): [] for cell in demands.cells}
        self.cost = 0.0
        self._next = 0
        self._users: dict[int, Counter[int]] = {}
        self._moving: list[set[int]] = [set() for _ in costs]

    @property
    def withheld(self) -> Flags:
        """(n,) sensitive cells and those that a move in use needs."""
        return self.sensitive | (self.uses > 0)

    @property
    def secondary(self) -> Flags:
        """(n,) cells that are withheld though they are not sensitive."""
        return ~self.sensitive & (self.uses > 0)

    def add(self, change: Change) -> int:
        """Take in a change that nobody uses yet; return its number."""
        self._next += 1
        self.changes[self._next] = change
        self._users[self._next] = Counter()
        return self._next

    def moving(self, cell: int) -> list[int]:
        """Return the numbers of the changes in use that move a cell, in their order."""
        return sorted(self._moving[cell])

    def attach(self, witness: Witness) -> None:
        """Let a sensitive cell rely on a change."""
        self.witnesses[witness.cell].append(witness)
        users = self._users[witness.change]
        if not users:
            self._put(witness.change, +1)
        users[witness.cell] += 1

    def detach(self, cell: int) -> list[Witness]:
        """Let a sensitive cell rely on nothing; return what it relied on."""
        released = self.witnesses[cell]
        self.witnesses[cell] = []
        for number in sorted({witness.change for witness in released}):
            del self._users[number][cell]
            if not self._users[number]:
                self._put(number, -1)
        return released

    def restore(self, before: dict[int, list[Witness]]) -> None:
        """Let sensitive cells rely on what they relied on before."""
        for cell in before:
            self.detach(cell)
        for witnesses in before.values():
            for witness in witnesses:
                self.attach(witness)

    def relying_on(self, cell: int) -> list[int]:
        """Return the sensitive cells that rely on a change of a cell, ascending."""
        return sorted({user for number in self._moving[cell] for user in self._users[number]})

    def own_cost(self, cell: int) -> float:
        """Cost of the cells that nothing but the moves of one sensitive cell withholds."""
        numbers = {witness.change for witness in self.witnesses[cell]}
        alone = [number for number in sorted(numbers) if len(self._users[number]) == 1]
        if not alone:
            return 0.0
        cells, counts = np.unique(np.concatenate([self.changes[number].cells for number in alone]), return_counts=True)
        only = (self.uses[cells] == counts) & ~self.sensitive[cells]
        return float(self.costs[cells[only]].sum())

    def _put(self, number: int, step: int) -> None:
        """Count the cells of a change in or out."""
        cells = self.changes[number].cells
        before = self.uses[cells] > 0
        self.uses[cells] += step
        turned = (self.uses[cells] > 0) != before
        self.cost += step * float(self.costs[cells[turned & ~self.sensitive[cells]]].sum())
        for cell in cells.tolist():
            if step > 0:
                self._moving[cell].add(number)
            else:
                self._moving[cell].discard(number)
