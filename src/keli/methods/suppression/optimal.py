"""The cheapest safe choice of cells, in the whole tables or in a part: cuts are learned until the choice is safe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from keli.methods.linked_tables.tables import Flags, Witness
from keli.methods.suppression.cuts import Attack, Attacker, Master
from keli.methods.suppression.search import CannotProtectError, Search

WORTH_LEARNING = 0.01
"""A cut that is missed by less does not help to choose among fractions."""

WITHHELD = 0.5
LEAST_GAIN = 1e-9


@dataclass(frozen=True)
class Effort:
    """How much work a choice may take.

    Args:
        rounds: Greatest number of choices, of fractions and of whole cells each.
        nodes: Greatest number of branches of one choice.
        seconds_left: Tells how much time is left.
    """

    rounds: int
    nodes: int
    seconds_left: Callable[[], float]


class Chooser:
    """Chooses again which cells of a region are withheld; cells outside it stay as they are.

    Args:
        search: A safe pattern.
        attacker: Solver of attacks.
        region: (n,) cells that may be published or withheld.
    """

    def __init__(self, search: Search, attacker: Attacker, region: Flags) -> None:
        self.search = search
        self.attacker = attacker
        self.region = region & search.mobile & ~search.pool.sensitive
        self.given = search.pool.withheld & ~self.region
        self.master = Master(search.pool.costs, self.given, self.region)
        self.relying = sorted(
            {
                witness
                for cell in np.flatnonzero(self.region & search.pool.secondary).tolist()
                for witness in search.pool.relying_on(cell)
            }
        )
        self.bound = 0.0

    def choose(self, effort: Effort) -> bool:
        """Put the cheapest safe choice in the place of the present one; return whether it was found."""
        search, pool = self.search, self.search.pool
        attacks = self._attacks()
        before = {cell: pool.detach(cell) for cell in self.relying}
        allowed, search.former = search.forbidden, before
        try:
            found = self._learn_from_fractions(attacks, effort) and self._learn_from_choices(effort)
        finally:
            search.forbidden, search.former = allowed, {}
        if not found:
            pool.restore(before)
        return found

    def _attacks(self) -> list[Attack]:
        """Attacks against which a cell of the region is withheld now: of the public, and of who doubts a move."""
        search, pool = self.search, self.search.pool
        attacks: set[tuple[int, int, tuple[int, ...]]] = set()
        movable = self.region & pool.secondary
        for cell in self.relying:
            for witness in pool.witnesses[cell]:
                change = pool.changes[witness.change]
                if not movable[change.cells].any():
                    continue
                side = 1 if witness.factor * change.amounts[np.searchsorted(change.cells, cell)] > 0 else -1
                doubters = search.knowledge.doubters(change, witness.factor, search.knowledge.public, cell)
                attacks |= {(cell, side, ()), *((cell, side, (doubter,)) for doubter in doubters)}
        made = [(cell, side, search.knowledge.coalition(members)) for cell, side, members in sorted(attacks)]
        return [
            Attack(cell, side * search.demanded(cell, side, coalition), coalition)
            for cell, side, coalition in made
            if not search.knowledge.fills(coalition, cell) and search.demanded(cell, side, coalition) > 0
        ]

    def _learn_from_fractions(self, attacks: list[Attack], effort: Effort) -> bool:
        """Learn cuts while parts of cells may be withheld; tell whether there was time."""
        pattern = self.given.astype(np.float64)
        for _ in range(effort.rounds):
            cuts = [(attack, self.attacker.cut(attack, pattern)) for attack in attacks]
            attacks = [attack for attack, cut in cuts if cut is not None or self.bound]
            learned = [
                self.master.learn(cut) for _, cut in cuts if cut is not None and cut @ pattern < 1 - WORTH_LEARNING
            ]
            if not any(learned):
                return True
            choice = self.master.choice(effort.seconds_left(), effort.nodes)
            if choice is None:
                return False
            pattern, self.bound = choice
        return True

    def _learn_from_choices(self, effort: Effort) -> bool:
        """Learn cuts from whole choices until one is safe; tell whether that was reached."""
        self.master.choose_whole()
        for _ in range(effort.rounds):
            choice = self.master.choice(effort.seconds_left(), effort.nodes)
            if choice is None:
                return False
            pattern, self.bound = choice
            self.search.forbidden = pattern < WITHHELD
            failures = self._failures()
            if not failures:
                return True
            attacks = [Attack(failure.cell, failure.amount, failure.coalition) for failure in failures]
            cuts = [self.attacker.cut(attack, pattern) for attack in attacks]
            learned = [self.master.learn(cut) for cut in cuts if cut is not None]
            if not any(learned):
                return False
        return False

    def _failures(self) -> list[CannotProtectError]:
        """Give each cell moves within the choice; return those that have none."""
        failures = []
        for cell in self.relying:
            if self._holds(self.search.pool.witnesses[cell]):
                continue
            self.search.pool.detach(cell)
            try:
                self.search.cover(cell)
            except CannotProtectError as failure:
                self.search.pool.detach(cell)
                failures.append(failure)
        return failures

    def _holds(self, witnesses: Sequence[Witness]) -> bool:
        """Tell whether a cell has its moves already, and all of them within the choice."""
        changes = (self.search.pool.changes[witness.change] for witness in witnesses)
        return bool(witnesses) and not any(self.search.forbidden[change.cells].any() for change in changes)


def cheapest(search: Search, effort: Effort) -> tuple[bool, float]:
    """Choose again among all cells; return whether the cheapest pattern was found, and what none is cheaper than."""
    chooser = Chooser(search, Attacker(search.knowledge, search.nearby), np.ones(search.tables.size, bool))
    found = chooser.choose(effort)
    return found, chooser.bound


def chosen_again(search: Search, attacker: Attacker, middle: int, size: int, effort: Effort) -> float:
    """Choose again among the cells around one; return what it saved.

    Args:
        search: A safe pattern.
        attacker: Solver of attacks.
        middle: A withheld cell.
        size: Number of cells around it.
        effort: How much work it may take.
    """
    pool, cost = search.pool, search.pool.cost
    region = np.zeros(search.tables.size, bool)
    region[search.nearby.around(middle, search.mobile & ~pool.sensitive, size)] = True
    chooser = Chooser(search, attacker, region)
    before = {cell: list(pool.witnesses[cell]) for cell in chooser.relying}
    chooser.choose(effort)
    if pool.cost > cost * (1 - LEAST_GAIN):
        pool.restore(before)
    return cost - pool.cost
