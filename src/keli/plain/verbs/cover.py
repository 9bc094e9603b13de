"""keli cover: coverage of the above-scale list on a file of units."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from keli.model.catalogue import load_catalogue
from keli.plain.cover import CoverTask, cover_file, told_of_coverage


def cover(  # noqa: PLR0913 - one argument for each option of the verb
    file: Annotated[Path, typer.Argument(metavar="UNITS.csv", help="CSV file, one row a unit; .gz allowed.")],
    *,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder for the lists and the rates.")],
    code: Annotated[str, typer.Option(help="Column of the GB/T 4754-2017 code.")] = "code",
    revenue: Annotated[str, typer.Option(help="Column of the revenue of twelve months.")] = "revenue",
    frame: Annotated[str, typer.Option(help="Column: on the above-scale list, yes or no.")] = "in_frame",
    area: Annotated[str | None, typer.Option(help="Column of the subdistrict.")] = None,
    second: Annotated[str | None, typer.Option(help="Column: on a second list, yes or no.")] = None,
    identifier: Annotated[str | None, typer.Option("--id", metavar="COLUMN", help="Column that identifies.")] = None,
    unit: Annotated[str, typer.Option(help="Unit of the revenue: 元, 千元, 万元, 百万元, 亿元.")] = "元",
    near: Annotated[float | None, typer.Option(help="Part of the threshold from which a unit is near it.")] = None,
    year: Annotated[int, typer.Option(help="Year whose thresholds hold; the newest by default.")] = 9999,
) -> None:
    """Find who is missing from the above-scale list (四上), and how much of it is covered.

    Writes missing.csv, near.csv, below.csv, untested.csv and coverage.csv.

    \b
    keli cover units.csv --out coverage
    keli cover units.csv --revenue 营业收入 --unit 万元 --frame 在库 --area 街道 --second 税务 --out coverage
    """  # noqa: D301 - \b keeps the lines of the examples apart
    task = CoverTask(file, out, code, revenue, frame, area, second, identifier, unit, near, year)
    for line in told_of_coverage(cover_file(task, load_catalogue())):
        print(line, file=sys.stderr)  # noqa: T201 - data go to stdout, everything else to stderr
