"""keli place: the subdistrict of every address of a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from keli.base.errors import ConfigurationError
from keli.model.catalogue import load_catalogue
from keli.plain.place import learn_file, place_file, told_of


def place(
    file: Annotated[Path, typer.Argument(metavar="IN.csv", help="CSV file with a head; .gz allowed.")],
    text: Annotated[str, typer.Option(help="Column of the addresses.")],
    out: Annotated[Path, typer.Option(help="CSV file to write; with --learn the folder of the gazetteer.")],
    district: Annotated[str, typer.Option(help="Code of the district.")] = "440304",
    gazetteer: Annotated[Path | None, typer.Option(help="Folder of roads, road_numbers and buildings.")] = None,
    label: Annotated[str | None, typer.Option(help="With --learn: column of the subdistrict.")] = None,
    *,
    learn: Annotated[bool, typer.Option("--learn", help="Learn a gazetteer from coded addresses.")] = False,
) -> None:
    """Find the subdistrict of every address.

    Official names come first, then a gazetteer.

    \b
    keli place addresses.csv --text address --gazetteer gazetteer --out coded.csv
    keli place --learn coded.csv --text address --label subdistrict --out gazetteer
    """  # noqa: D301 - \b keeps the lines of the examples apart
    if learn != (label is not None):
        raise ConfigurationError(
            "--learn and --label belong together.",
            example="keli place --learn coded.csv --text address --label subdistrict --out gazetteer",
        )
    catalogue = load_catalogue()
    if label is not None:
        learned = learn_file(file, out, text=text, label=label, catalogue=catalogue, district=district)
        found = ", ".join(f"{count} {part}" for part, count in learned.places.items())
        _say(f"{learned.used} different coded addresses in {learned.rows} rows: {found} in {out}.")
        return
    placed = place_file(file, out, text=text, catalogue=catalogue, district=district, gazetteer=gazetteer)
    for line in told_of(placed):
        _say(line)


def _say(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201 - data go to stdout, everything else to stderr
