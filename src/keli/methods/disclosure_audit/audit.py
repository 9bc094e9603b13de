"""The audit: arithmetic on the witnesses, then attacks of the auditor's own."""

from __future__ import annotations

import numpy as np

from keli.methods.disclosure_audit.estimates import Estimator
from keli.methods.disclosure_audit.insiders import Insiders
from keli.methods.disclosure_audit.proofs import Proof, additivity, proofs
from keli.methods.disclosure_audit.release import Leak, Release, Verdict, Violation
from keli.methods.linked_tables.tables import Change, Floats

ALL_ATTACKED = 3000
"""Cells up to which the auditor attacks every sensitive cell itself."""

SAMPLE = 40
"""Sensitive cells that it attacks in larger tables, drawn at random."""

NEARLY = 1 - 1e-6
WIDTH = 1e-7
"""Part of a change, or of a value, that counts as a width."""


def audited(release: Release, seed: int = 0) -> Verdict:
    """Attack tables that are about to be published.

    Args:
        release: The pattern and what is claimed of it.
        seed: Of the draw of cells that are attacked in large tables.

    Returns:
        The verdict with every violation.

    Method: each sensitive cell needs, on both sides, a possible table that lies far enough, in the eyes of the public
    and of each coalition; given as a witness (checked by arithmetic) or found by the auditor's own linear program. A
    cell that lies on two different places in two possible tables cannot be recomputed. With up to 3,000 cells, and for
    a draw above, the auditor solves the attack of the public besides, whatever the witnesses say.
    """
    return _Audit(release, seed).verdict()


class _Audit:
    def __init__(self, release: Release, seed: int) -> None:
        tables = release.tables
        self._release = release
        self._seed = seed
        self._least = np.where(tables.known, tables.values, tables.least)
        self._most = np.where(tables.known, tables.values, tables.most)
        self._insiders = Insiders(tables, release.holders if release.colluding else ())
        self._estimator = Estimator(tables, release.withheld)
        self._violations: list[Violation] = additivity(tables)
        self._moved = np.zeros(tables.size, bool)
        self._attacked = 0

    def verdict(self) -> Verdict:
        """Check the witnesses, look for what they do not prove, attack, recompute."""
        release = self._release
        given, faults = proofs(release)
        self._violations += faults
        for found in given.values():
            for proof in found:
                self._note(proof.change)
        demands = zip(release.demands.cells.tolist(), release.demands.below, release.demands.above, strict=True)
        for cell, below, above in demands:
            if not release.withheld[cell]:
                self._violations.append(Violation(Leak.PUBLISHED, cell, "it is not withheld"))
                continue
            for side, amount in ((-1, float(below)), (+1, float(above))):
                if amount > 0:
                    self._protected(cell, side, amount, list(given.get(cell, [])))
        self._attack_public()
        self._recompute()
        ordered = sorted(
            set(self._violations), key=lambda violation: (violation.cell, violation.leak, violation.detail)
        )
        return Verdict(
            tuple(ordered), len(release.demands.cells), int(release.withheld.sum()), sum(map(len, given.values())),
            self._attacked, self._estimator.programs,
        )  # fmt: skip

    def _protected(self, cell: int, side: int, amount: float, known: list[Proof]) -> None:
        """Look for a possible table far enough on one side, for the public and for every coalition."""
        waiting: list[tuple[int, ...]] = [()]
        seen: set[tuple[int, ...]] = set()
        while waiting:
            coalition = waiting.pop()
            if coalition in seen or self._insiders.knows(coalition, cell):
                continue
            seen.add(coalition)
            wanted = self._wanted(cell, side, amount, coalition)
            if wanted <= 0:
                continue
            proof = self._proof(cell, side, wanted, coalition, known)
            if proof is None:
                leak = Leak.HOLDER if coalition else Leak.TOO_CLOSE
                self._violations.append(Violation(leak, cell, f"from {SIDES[side]}"))
                return
            room = self._release.colluding - len(coalition)
            if room > 0:
                waiting += self._insiders.excluding(coalition, proof.change, cell, room)

    def _wanted(self, cell: int, side: int, amount: float, coalition: tuple[int, ...]) -> float:
        """What must be possible: downwards never more than the own contributions of a coalition leave room for."""
        value = float(self._release.tables.values[cell])
        if side > 0 or not coalition or self._least[cell] < 0:
            return amount
        room = value - self._insiders.own(coalition, cell)
        return min(amount, room) if room > WIDTH * value else 0.0

    def _proof(
        self, cell: int, side: int, wanted: float, coalition: tuple[int, ...], known: list[Proof]
    ) -> Proof | None:
        """A proof at hand, or one by a program of the auditor's own, which is then at hand too."""
        for proof in known:
            if side * proof.reach >= wanted * NEARLY:
                nearer = _scaled(proof, min(1.0, wanted / abs(proof.reach)))
                if not self._insiders.excludes(coalition, nearer.change, cell):
                    return nearer
        least, most = self._insiders.bounds(coalition, self._least, self._most)
        extreme = self._estimator.extreme(cell, side, least, most, wanted)
        if extreme.reach < wanted * NEARLY:
            return None
        moved = np.flatnonzero(np.abs(extreme.change) > WIDTH * np.abs(extreme.change).max())
        proof = Proof(Change(moved, extreme.change[moved]), side * extreme.reach)
        known.append(proof)
        self._note(proof.change)
        return proof

    def _note(self, change: Change) -> None:
        """Remember cells that differ between possible tables."""
        size = np.abs(change.amounts)
        self._moved[change.cells[size > WIDTH * size.max(initial=0.0)]] = True

    def _attack_public(self) -> None:
        """Solve the attack of the public on all sensitive cells, or on a draw of them."""
        release = self._release
        order = np.arange(len(release.demands.cells))
        if release.tables.size > ALL_ATTACKED:
            order = np.sort(np.random.default_rng(self._seed).permutation(order)[:SAMPLE])
        for place in order.tolist():
            cell = int(release.demands.cells[place])
            self._attacked += 1
            for side, amount in ((-1, release.demands.below[place]), (+1, release.demands.above[place])):
                if release.withheld[cell] and self._reach(cell, side) < amount * NEARLY:
                    self._violations.append(Violation(Leak.TOO_CLOSE, cell, f"from {SIDES[side]}"))

    def _reach(self, cell: int, side: int) -> float:
        extreme = self._estimator.extreme(cell, side, self._least, self._most)
        self._note(_as_change(extreme.change))
        return extreme.reach

    def _recompute(self) -> None:
        """Try to recompute each withheld cell that no possible table has moved yet."""
        for cell in np.flatnonzero(self._release.withheld & ~self._moved).tolist():
            if self._moved[cell]:
                continue
            size = WIDTH * max(1.0, abs(float(self._release.tables.values[cell])))
            if self._reach(cell, +1) <= size and self._reach(cell, -1) <= size:
                self._violations.append(Violation(Leak.RECOMPUTED, cell, "the published figures leave one value"))


SIDES = {-1: "below", +1: "above"}


def _scaled(proof: Proof, factor: float) -> Proof:
    """A possible table between the true one and the proof's: what is possible lies in one piece."""
    return Proof(Change(proof.change.cells, proof.change.amounts * factor), proof.reach * factor)


def _as_change(change: Floats) -> Change:
    cells = np.flatnonzero(change)
    return Change(cells, change[cells])
