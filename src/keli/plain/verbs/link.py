"""keli link: pairs of rows of the same firm or person, between two files or within one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from keli.model.catalogue import load_catalogue
from keli.plain.link import LinkTask, link_files, told_of_links


def link(  # noqa: PLR0913 - one argument for each option of the verb
    left: Annotated[Path, typer.Argument(metavar="LEFT.csv", help="CSV file with a head; .gz allowed.")],
    right: Annotated[Path | None, typer.Argument(metavar="RIGHT.csv", help="Second file, if any.")] = None,
    *,
    identifier: Annotated[str, typer.Option("--id", metavar="COLUMN", help="Column that identifies the rows.")],
    out: Annotated[Path, typer.Option(metavar="PAIRS.csv", help="CSV file of pairs to write.")],
    mapping: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="What a column holds; repeatable.")
    ] = None,
    threshold: Annotated[float, typer.Option(help="Least probability of an accepted pair.")] = 0.5,
    one_to_one: Annotated[bool, typer.Option("--one-to-one", help="At most one partner a row.")] = False,
    clusters: Annotated[Path | None, typer.Option(metavar="FILE", help="One file: write the unit of each row.")] = None,
) -> None:
    """Find rows of the same firm or person.

    Fields of firms: name, former_name, address, date, capital, phone. Fields of persons: given_name, surname,
    date_of_birth, postcode, city, state, email, address, house_number, identifier, phone.

    \b
    keli link returns.csv register.csv --id id --map name=企业名称 --map address=住所 --out pairs.csv
    keli link register.csv --id uscc --clusters units.csv --out duplicates.csv
    """  # noqa: D301 - \b keeps the lines of the examples apart
    task = LinkTask(left, right, identifier, out, tuple(mapping or ()), threshold, one_to_one, clusters)
    console = Console(stderr=True)
    with console.status("linking") as status:

        def tell(line: str) -> None:
            status.update(f"linking: {line}")
            console.print(line, highlight=False, markup=False)

        done = link_files(task, load_catalogue(), tell)
    for line in told_of_links(done):
        print(line, file=sys.stderr)  # noqa: T201 - data go to stdout, everything else to stderr
