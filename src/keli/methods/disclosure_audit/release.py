"""What the auditor is given, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from keli.methods.linked_tables.tables import Change, Demands, Flags, Holder, LinkedTables, Witness


@dataclass(frozen=True)
class Release:
    """Tables about to be published, and what is claimed of them.

    Args:
        tables: Cells, relations and what everybody knows.
        withheld: (n,) cells that are not published.
        demands: Sensitive cells and how far nobody may come near.
        holders: Contributors that may be attackers.
        colluding: How many of them work together.
        changes: Differences that are claimed to be invisible.
        witnesses: Claims: this change proves that cell safe.
    """

    tables: LinkedTables
    withheld: Flags
    demands: Demands
    holders: Sequence[Holder] = ()
    colluding: int = 1
    changes: Sequence[Change] = ()
    witnesses: Sequence[Witness] = ()


class Leak(StrEnum):
    """Kinds of violation."""

    PUBLISHED = "a sensitive cell is published"
    NOT_ADDITIVE = "the true tables do not add up"
    FALSE_WITNESS = "a witness disagrees with what is published or known"
    RECOMPUTED = "a withheld cell can be recomputed exactly"
    TOO_CLOSE = "the public can estimate a sensitive cell too closely"
    HOLDER = "a contributor can estimate a sensitive cell too closely"


@dataclass(frozen=True)
class Violation:
    """One violation.

    Args:
        leak: What kind.
        cell: The cell, or -1 where it is about none.
        detail: In words, without a value.
    """

    leak: Leak
    cell: int
    detail: str


@dataclass(frozen=True)
class Verdict:
    """What the auditor found.

    Args:
        violations: All of them, in the order of the cells.
        sensitive: Number of sensitive cells.
        withheld: Number of withheld cells.
        witnesses: Number of witnesses that hold.
        attacked: Number of sensitive cells whose interval the auditor solved itself.
        programs: Number of linear programs that it solved.
    """

    violations: tuple[Violation, ...]
    sensitive: int
    withheld: int
    witnesses: int
    attacked: int
    programs: int

    @property
    def passed(self) -> bool:
        """Nothing was found."""
        return not self.violations
