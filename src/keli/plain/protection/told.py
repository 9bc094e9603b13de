"""What keli protect says of its work: counts, the verdict, leaks with their rows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from keli.base.errors import KeliError
from keli.engine.coding.kept import write_whole
from keli.methods.disclosure_audit.release import Verdict
from keli.methods.linked_tables.tables import Pattern, Words
from keli.plain.protection.sensitive import FREE, SECONDARY
from keli.plain.protection.tables import Joined

SHOWN = 10


@dataclass(frozen=True)
class Protected:
    """What protection, or an audit, came to.

    Args:
        cells: Number of cells.
        sensitive: Of these, sensitive ones.
        secondary: Cells withheld besides.
        value: Sum of the absolute values of all cells.
        value_withheld: Of this, in cells that are withheld.
        value_secondary: Of this, in secondary suppressions.
        by_status: Number of cells by conf_status.
        non_negative: Everybody is taken to know that no value is negative.
        optimal: No safe pattern costs less; nothing for an audit.
        complete: The search ended before its limit of time; nothing for an audit.
        audit: What the auditor found.
        outs: Files that were written.
    """

    cells: int
    sensitive: int
    secondary: int
    value: float
    value_withheld: float
    value_secondary: float
    by_status: dict[str, int]
    non_negative: bool
    optimal: bool | None
    complete: bool | None
    audit: Verdict
    outs: tuple[str, ...]


def told(
    tables: Joined,
    status: Words,
    verdict: Verdict,
    outs: Sequence[Path],
    pattern: Pattern,
) -> Protected:
    """Count what is withheld.

    Args:
        tables: The cells.
        status: (n,) conf_status.
        verdict: What the auditor found.
        outs: Files that were written.
        pattern: The pattern.
    """
    size = np.abs(tables.tables.values)
    return Protected(
        tables.tables.size,
        int(((status != FREE) & (status != SECONDARY)).sum()),
        int((status == SECONDARY).sum()),
        float(size.sum()),
        float(size[status != FREE].sum()),
        float(size[status == SECONDARY].sum()),
        dict(sorted(Counter(status.tolist()).items())),
        tables.non_negative,
        pattern.optimal,
        pattern.complete,
        verdict,
        tuple(str(out) for out in outs),
    )


def write_report(report: Path | None, done: Protected, tables: Joined) -> None:
    """Write the report: counts, and each violation with its file and row."""
    if report is None:
        return
    contents = asdict(done)
    contents["audit"]["violations"] = [
        {
            "leak": found.leak.value, "where": str(tables.where(found.cell)), "cell": tables.address(found.cell),
            "detail": found.detail,
        }
        for found in done.audit.violations
    ]  # fmt: skip
    contents["audit"]["passed"] = done.audit.passed
    write_whole(report, json.dumps(contents, ensure_ascii=False, indent=2).encode() + b"\n")


def leaks(verdict: Verdict, tables: Joined) -> KeliError:
    """Return the error that lists what an audit found."""
    shown = [
        f"{tables.address(violation.cell)}: {violation.leak.value}, {violation.detail}"
        for violation in verdict.violations[:SHOWN]
    ]
    more = len(verdict.violations) - len(shown)
    listed = "\n  ".join([*shown, *([f"and {more} more; --report lists them"] if more else [])])
    return KeliError(
        f"The audit found {len(verdict.violations)} leaks:\n  {listed}",
        where=tables.where(verdict.violations[0].cell),
        next_step="Do not publish this. Withhold more, or let keli protect choose what.",
    )


def told_of_protection(done: Protected) -> list[str]:
    """What the command says when it is done."""
    share = done.value_withheld / done.value if done.value else 0.0
    known = "nobody below zero" if done.non_negative else "nothing about signs"
    lines = [
        f"{done.cells} cells: {done.sensitive} sensitive, {done.secondary} more withheld, {share:.1%} of all values.",
        f"Attackers are taken to know: {known}.",
        f"Audit: passed; {done.audit.witnesses} witnesses checked, {done.audit.attacked} sensitive cells attacked.",
    ]
    if done.optimal is not None:
        best = "No safe pattern costs less." if done.optimal else "The pattern is safe; a cheaper one may exist."
        lines.append(best if done.complete else f"{best} The limit of time was reached.")
    return lines
