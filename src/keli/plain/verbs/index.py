"""keli index: a composite index of the units of a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from keli.model.catalogue import load_catalogue
from keli.plain.index.index import make_index


def index(
    file: Annotated[Path, typer.Argument(metavar="DATA.csv", help="One row a unit, or a unit and period.")],
    *,
    spec: Annotated[Path, typer.Option(metavar="SPEC.yaml", help="Tree of indicators, and every choice.")],
    out: Annotated[Path, typer.Option(metavar="OUT.csv", help="Scores and ranks to write.")],
    report: Annotated[
        Path | None, typer.Option(metavar="R.json", help="Report to write: weights, checks, doubt.")
    ] = None,
) -> None:
    """Make a composite index, and say what it depends on.

    \b
    keli index districts.csv --spec index.yaml --out scores.csv --report report.json
    """  # noqa: D301 - \b keeps the lines of the examples apart
    sys.stderr.write("".join(f"{line}\n" for line in make_index(file, spec, out, report, load_catalogue())))
