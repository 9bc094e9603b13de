"""Arithmetic on the witnesses: do they agree with everything published, and how far do they go?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from keli.methods.disclosure_audit.release import Leak, Release, Violation
from keli.methods.linked_tables.tables import Change, Flags, LinkedTables

ADDITIVE = 1e-7
"""Part of the largest entry by which a relation may miss zero: floating point numbers and the solver's precision."""


@dataclass(frozen=True)
class Proof:
    """A witness that holds.

    Args:
        change: What it adds to the true tables.
        reach: By how much the sensitive cell differs, with its sign.
    """

    change: Change
    reach: float


def additivity(tables: LinkedTables) -> list[Violation]:
    """Return a violation for each relation that the true tables do not satisfy."""
    relations = sp.csr_matrix(tables.relations)
    missed = np.abs(relations @ tables.values)
    size = abs(relations) @ np.abs(tables.values)
    rows = np.flatnonzero(missed > ADDITIVE * np.maximum(size, 1.0))
    first = relations.indices[relations.indptr[rows]].tolist()
    return [Violation(Leak.NOT_ADDITIVE, cell, f"relation {row}") for cell, row in zip(first, rows, strict=True)]


def sound(release: Release) -> tuple[Flags, list[Violation]]:
    """Check that changes alter no published cell and keep every relation.

    Returns:
        For each change whether it holds, and a violation for each that does not.
    """
    holds, violations = np.ones(len(release.changes), bool), []
    columns = sp.csc_matrix(release.tables.relations)
    for place, change in enumerate(release.changes):
        published = change.cells[~release.withheld[change.cells]]
        missed = columns[:, change.cells] @ change.amounts
        if len(published):
            fault = (int(published[0]), f"change {place} alters a published cell")
        elif np.abs(missed).max(initial=0.0) > ADDITIVE * np.abs(change.amounts).max():
            fault = (int(change.cells[0]), f"change {place} does not add up")
        else:
            continue
        holds[place] = False
        violations.append(Violation(Leak.FALSE_WITNESS, *fault))
    return holds, violations


def proofs(release: Release) -> tuple[dict[int, list[Proof]], list[Violation]]:
    """Check all witnesses.

    Returns:
        Those that hold, by sensitive cell, and a violation for each that does not.
    """
    holds, violations = sound(release)
    tables = release.tables
    least = np.where(tables.known, tables.values, tables.least)
    most = np.where(tables.known, tables.values, tables.most)
    found: dict[int, list[Proof]] = {}
    for witness in release.witnesses:
        change = release.changes[witness.change]
        amounts = change.amounts * witness.factor
        slack = ADDITIVE * float(np.abs(amounts).max())
        moved = tables.values[change.cells] + amounts
        out = (moved < least[change.cells] - slack) | (moved > most[change.cells] + slack)
        if out.any():
            cell = int(change.cells[out][0])
            violations.append(Violation(Leak.FALSE_WITNESS, cell, f"change {witness.change} exceeds what is known"))
        elif holds[witness.change]:
            reach = float(amounts[change.cells == witness.cell].sum())
            found.setdefault(witness.cell, []).append(Proof(Change(change.cells, amounts), reach))
    return found, violations
