"""Decisions on open cases: work lists that people filled in, taken in as a source for each date of receipt."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from pathlib import Path

from keli.base.errors import ConfigurationError, Place
from keli.model.workspace import Source

FOLDER = Path("inputs") / "decisions"
KIND = "decision"
# What a row of a work list says; its other columns explain the case and are not read again.
COLUMNS = ("list", "case_id", "proposed", "decision", "corrected", "note")
_DATE_LENGTH = len("2022-03-01")


def decision_sources(folder: Path) -> tuple[Source, ...]:
    """The sources that the folder of decisions holds, in the order of their dates.

    Args:
        folder: Folder of the workspace; the files lie in inputs/decisions, their names begin with the date of receipt.

    Raises:
        ConfigurationError: The name of a file does not begin with a date.
    """
    files = sorted((folder / FOLDER).glob("*.csv"))
    return tuple(_source(received, tuple(some)) for received, some in groupby(files, key=_received))


def _source(received: dt.date, files: tuple[Path, ...]) -> Source:
    return Source(f"decisions-{received}", KIND, files, received, {name: name for name in COLUMNS})


def _received(path: Path) -> dt.date:
    try:
        return dt.date.fromisoformat(path.name[:_DATE_LENGTH])
    except ValueError as problem:
        raise ConfigurationError(
            f'The name of the file "{path.name}" does not begin with the date of receipt.',
            where=Place(str(path)),
            example=f"{FOLDER.as_posix()}/2022-03-01-links.csv",
            next_step="Name it by the date on which the decisions came in: of several on one case the last counts.",
        ) from problem
