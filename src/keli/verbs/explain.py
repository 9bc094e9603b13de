"""keli explain: the passport of one number."""

from __future__ import annotations

from typing import Annotated

import typer

from keli.engine.shelf import Shelf, StoredRelease
from keli.formats.open_table import OpenTable
from keli.formats.passport import Origins, one_row, passport
from keli.formats.selection import conditions_of
from keli.verbs.terminal import Dir, ReleaseId


def explain(
    folder: Dir,
    name: Annotated[str, typer.Argument(metavar="TABLE", help="Open table, such as value_added.")],
    where: Annotated[list[str], typer.Argument(metavar="COLUMN=VALUE...", help="Conditions that name one row.")],
    release: ReleaseId = None,
) -> None:
    """Print the passport of one number: formula, parameters, evidence, inputs.

    \b
    keli explain my-district value_added time_period=2021 ref_area=440304 activity=DE measure=VA price_base=V
    """  # noqa: D301 - \b keeps the lines of the examples apart
    found = Shelf(folder / "releases").open(release)
    shown = OpenTable(name, found.table(name), found.manifest)
    row = one_row(shown, conditions_of(where))
    typer.echo("\n".join(passport(row, shown, _origins(found, name))))


def _origins(release: StoredRelease, table_name: str) -> Origins:
    """What a release explains its figures with."""
    entries = {entry["code"]: entry for entry in release.catalogue("indicators") if entry["table"] == table_name}
    return Origins(entries, release.catalogue("labels"), release.table("components"), release.table("evidence"))
