"""keli audit: do printed figures agree with each other?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from keli.base.errors import ConfigurationError
from keli.model.catalogue import load_catalogue
from keli.plain.audit.statements import audit_statements, told_of_statements

USE = "keli audit statements.jsonl --out results.jsonl"


def audit(
    file: Annotated[Path | None, typer.Argument(metavar="STATEMENTS.jsonl", help="One statement a line.")] = None,
    *,
    out: Annotated[Path | None, typer.Option(help="File of verdicts to write, JSON lines.")] = None,
) -> None:
    """Audit printed figures.

    \b
    keli audit statements.jsonl --out results.jsonl
    """  # noqa: D301 - \b keeps the lines of the examples apart
    if file is None or out is None:
        raise ConfigurationError("A file of statements and --out are needed.", example=USE)
    for line in told_of_statements(audit_statements(file, out, load_catalogue()), out):
        print(line, file=sys.stderr)  # noqa: T201 - data go to stdout, everything else to stderr
