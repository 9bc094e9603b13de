"""keli new: a workspace with a synthetic sample district."""

from __future__ import annotations

from typing import Annotated

import typer

from keli.sample.district import write_sample
from keli.verbs.terminal import Dir, say


def new(
    folder: Dir,
    units: Annotated[int, typer.Option(help="Number of units in the register.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same district.")] = 7,
) -> None:
    """Make a workspace with a synthetic sample district.

    \b
    keli new my-district
    keli new small --units 3000 --seed 11
    """  # noqa: D301 - \b keeps the lines of the examples apart
    write_sample(folder, units=units, seed=seed, report=say)
    say(f"SYNTHETIC district of {units} units in {folder}. Next: keli run {folder}")
