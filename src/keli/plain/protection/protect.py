"""keli protect: suppression of linked tables in plain files, audited before anything is written."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from keli.base.errors import ContractError, Place, SourceError
from keli.methods.disclosure_audit.audit import audited
from keli.methods.disclosure_audit.intervals import intervals
from keli.methods.disclosure_audit.release import Release
from keli.methods.linked_tables.tables import Flags, Floats, Pattern, Words
from keli.methods.suppression.search import CannotProtectError
from keli.methods.suppression.suppress import suppressed
from keli.model.catalogue import Catalogue
from keli.plain.files import check_target
from keli.plain.protection.cells import COST, FREQ, Cells, read_cells
from keli.plain.protection.perturbed import PERTURBING, Perturbed, perturb
from keli.plain.protection.proof import read_proof, write_proof
from keli.plain.protection.results import STATUS, write_results
from keli.plain.protection.sensitive import FREE, SECONDARY, Sensitive, judged
from keli.plain.protection.spec import Spec, read_spec
from keli.plain.protection.tables import Joined, joined
from keli.plain.protection.told import Protected, leaks, told, write_report
from keli.plain.protection.totals import with_totals

BOUNDS = ("lower", "upper")


@dataclass(frozen=True)
class Task:
    """Files of one call.

    Args:
        cells: File of the cells.
        spec: File of what is asked for.
        out: Where the result goes.
        report: Where the report goes, if anywhere.
    """

    cells: Path
    spec: Path
    out: Path
    report: Path | None = None


def protect_file(
    task: Task, catalogue: Catalogue, tell: Callable[[str], None] = lambda _: None
) -> Protected | Perturbed:
    """Protect a file of cells, and those linked with it.

    Raises:
        ConfigurationError: The SPEC is wrong.
        SourceError: A file is wrong, or a cell cannot be protected.
        ContractError: The auditor found a leak: nothing is written.
    """
    started = time.monotonic()
    files, outs = _files(task, catalogue)
    tables = joined(files)
    spec = files[0].spec
    if spec.options["method"] in PERTURBING:
        return perturb(tables, catalogue, outs, task.report)
    sensitive = judged(tables)
    tell(f"{tables.tables.size} cells, {len(sensitive.demands.cells)} of them sensitive")
    limit = float(spec.options["time_limit"])
    pattern = _pattern(tables, sensitive, spec, lambda: limit - (time.monotonic() - started))
    tell("pattern found; auditing")
    release = _release(tables, sensitive, spec, pattern)
    verdict = audited(release)
    if not verdict.passed:
        raise ContractError(
            f"The auditor found {len(verdict.violations)} leaks in a pattern of Keli: {verdict.violations[0].leak}.",
            where=tables.where(verdict.violations[0].cell),
            next_step="Nothing is written. Report this with the files, or with a smaller table that shows it.",
        )
    status = np.where(pattern.withheld & (sensitive.status == FREE), SECONDARY, sensitive.status)
    _write(tables, status, outs, release if spec.options["intervals"] else None)
    write_proof(outs, task.spec, pattern)
    done = told(tables, status, verdict, outs, pattern)
    write_report(task.report, done, tables)
    return done


def audit_file(out: Path, catalogue: Catalogue, spec: Path | None = None, report: Path | None = None) -> Protected:
    """Audit a protected file, whoever made it.

    Args:
        out: Cells with conf_status; F is published, all else is withheld.
        catalogue: The facts.
        spec: What was asked for; that which is named in the proof beside the file by default.
        report: Where the report goes, if anywhere.

    Raises:
        SourceError: A file is wrong, or no SPEC is known.
        KeliError: A sensitive cell can be inferred.
    """
    named, outs, changes, witnesses = read_proof(out)
    if spec is None and named is None:
        raise SourceError(
            "No SPEC is known for this file.",
            where=Place(str(out)),
            example=f"keli protect --audit {out.name} --spec SPEC.yaml",
        )
    first = read_spec(spec or named or out, catalogue)
    if first.options["method"] in PERTURBING:
        raise SourceError(
            f"The SPEC says method: {first.options['method']}; the audit attacks tables with withheld cells.",
            where=Place(str(first.file)),
            next_step="What rounding and noise cost stands in the report of keli protect.",
        )
    specs = [first, *(read_spec(first.beside(link["spec"]), catalogue) for link in first.options["linked"])]
    files = [read_cells(file, one) for file, one in zip(_results(out, outs, first), specs, strict=True)]
    tables = joined(files)
    sensitive = judged(tables)
    withheld = _withheld(tables)
    pattern = Pattern(withheld, changes, witnesses, optimal=False, bound=float("nan"), complete=True)
    verdict = audited(_release(tables, sensitive, first, pattern))
    status = np.where(withheld & (sensitive.status == FREE), SECONDARY, sensitive.status)
    done = replace(told(tables, status, verdict, (), pattern), optimal=None, complete=None)
    write_report(report, done, tables)
    if not verdict.passed:
        raise leaks(verdict, tables)
    return done


def _files(task: Task, catalogue: Catalogue) -> tuple[list[Cells], list[Path]]:
    """Read the cells of the task and of all linked tables; name the results."""
    spec = read_spec(task.spec, catalogue)
    named = [(task.cells, spec, task.out)]
    for link in spec.options["linked"]:
        cells = spec.beside(link["cells"])
        default = task.out.with_name(f"{task.out.stem}.{cells.stem}.csv")
        out = task.out.with_name(link["out"]) if "out" in link else default
        named.append((cells, read_spec(spec.beside(link["spec"]), catalogue), out))
    inputs = [path for cells, one, _ in named for path in (cells, one.file)]
    for _, _, out in named:
        check_target(out, inputs)
    files = [read_cells(cells, one) for cells, one, _ in named]
    whole = [with_totals(cells) if cells.spec.options["totals"] == "compute" else cells for cells in files]
    return whole, [out for _, _, out in named]


def _results(out: Path, outs: Sequence[Path], spec: Spec) -> list[Path]:
    """Results that belong together: those of the proof, else by the names that the command gives."""
    if len(outs) == 1 + len(spec.options["linked"]):
        return list(outs)
    links = spec.options["linked"]
    return [out, *(out.with_name(link.get("out", f"{out.stem}.{Path(link['cells']).stem}.csv")) for link in links)]


def _pattern(tables: Joined, sensitive: Sensitive, spec: Spec, seconds_left: Callable[[], float]) -> Pattern:
    try:
        return suppressed(
            tables.tables, sensitive.demands, sensitive.holders, costs=_costs(tables, spec),
            colluding=spec.colluding, method=spec.options["method"], seconds_left=seconds_left,
        )  # fmt: skip
    except CannotProtectError as problem:
        seen = " from one of its contributors" if problem.coalition.members else ""
        raise SourceError(
            f"The cell {tables.address(problem.cell)} cannot be protected{seen}, whatever else is withheld.",
            where=tables.where(problem.cell),
            next_step="Known bounds or empty cells leave it no room: widen the bounds, or merge classes.",
        ) from problem


def _costs(tables: Joined, spec: Spec) -> Floats:
    """(n,) cost of withholding a cell."""
    kind = spec.options.get("cost", "user" if all(COST in cells.numbers for cells in tables.files) else "value")
    step = min(cells.step for cells in tables.files)
    if kind == "value":
        return np.maximum(np.abs(tables.tables.values), step)
    if kind == "constant":
        return np.ones(tables.tables.size)
    if kind == "count":
        return np.maximum(tables.of_cells([cells.numbers[FREQ] for cells in tables.files]), 1.0)
    lacking = next((cells for cells in tables.files if COST not in cells.numbers), None)
    if lacking is not None:
        raise SourceError('The SPEC says cost: user; the file has no column "cost".', where=lacking.place(-1))
    given = tables.of_cells([cells.numbers[COST] for cells in tables.files])
    return np.where(np.isnan(given), np.maximum(np.abs(tables.tables.values), step), given)


def _release(tables: Joined, sensitive: Sensitive, spec: Spec, pattern: Pattern) -> Release:
    return Release(
        tables.tables, pattern.withheld, sensitive.demands, sensitive.holders, spec.colluding, pattern.changes,
        pattern.witnesses,
    )  # fmt: skip


def _withheld(tables: Joined) -> Flags:
    """(n,) cells that no file publishes."""
    withheld = np.ones(tables.tables.size, bool)
    for cells, places in zip(tables.files, tables.places, strict=True):
        if STATUS not in cells.rows.column_names:
            raise SourceError(f'The file has no column "{STATUS}".', where=cells.place(-1), example=f"...,{STATUS}")
        said = np.array([(entry or FREE).strip() for entry in cells.rows[STATUS].to_pylist()])
        withheld[places[said == FREE]] = False
    return withheld


def _write(tables: Joined, status: Words, outs: Sequence[Path], release: Release | None) -> None:
    """Write the results with the status and, where asked for, the attacker's interval."""
    added: dict[str, Sequence[str | None]] = {STATUS: status.tolist()}
    if release is not None:
        bounds = zip(BOUNDS, intervals(release), strict=True)
        added |= {name: [_bound(bound) for bound in side] for name, side in bounds}
    write_results(tables, added, outs)


def _bound(bound: float) -> str | None:
    return f"{bound:.10g}" if np.isfinite(bound) else None
