"""keli protect: withhold cells of a table so that nobody can be inferred, or audit one that was protected."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from keli.base.errors import ConfigurationError
from keli.model.catalogue import load_catalogue
from keli.plain.protection.perturbed import Perturbed, told_of_noise
from keli.plain.protection.protect import Task, audit_file, protect_file
from keli.plain.protection.told import Protected, told_of_protection


def protect(
    cells: Annotated[Path | None, typer.Argument(metavar="CELLS.csv", help="CSV file of cells.")] = None,
    *,
    spec: Annotated[Path | None, typer.Option(metavar="SPEC.yaml", help="Dimensions, rules and method.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="OUT.csv", help="CSV file to write; confidential.")] = None,
    report: Annotated[Path | None, typer.Option(metavar="R.json", help="File for counts and the audit.")] = None,
    audit: Annotated[
        Path | None, typer.Option(metavar="OUT.csv", help="Audit a protected file, change nothing.")
    ] = None,
) -> None:
    """Withhold further cells so that no contributor can be inferred; audit protected tables.

    CELLS has a column for each dimension, freq and the value; x1, x2, x3 (largest contributions), holder_freq and
    others where there are any. OUT has the same columns and conf_status; it holds the values: keep it inside.

    \b
    keli protect cells.csv --spec spec.yaml --out protected.csv
    keli protect --audit protected.csv --spec spec.yaml
    """  # noqa: D301 - \b keeps the lines of the examples apart
    catalogue = load_catalogue()
    console = Console(stderr=True)
    with console.status("protecting"):
        done: Protected | Perturbed
        if audit is not None:
            done = audit_file(audit, catalogue, spec, report)
        elif cells is None or spec is None or out is None:
            raise ConfigurationError(
                "A file of cells, --spec and --out are needed, or --audit.",
                example="keli protect cells.csv --spec spec.yaml --out protected.csv",
            )
        else:
            done = protect_file(Task(cells, spec, out, report), catalogue)
    for line in told_of_noise(done) if isinstance(done, Perturbed) else told_of_protection(done):
        print(line, file=sys.stderr)  # noqa: T201 - data go to stdout, everything else to stderr
