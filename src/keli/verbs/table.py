"""keli table: an open table of a release."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from keli.base.errors import KeliError
from keli.engine.shelf import Shelf
from keli.formats.open_table import OpenTable, marks
from keli.formats.selection import conditions_of, selected
from keli.formats.writers import BINARY, WRITERS
from keli.verbs.terminal import Dir, ReleaseId, say


class Format(StrEnum):
    """Formats of rows."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    XLSX = "xlsx"


def table(
    folder: Dir,
    name: Annotated[str, typer.Argument(metavar="TABLE", help="Open table, such as value_added.")],
    release: ReleaseId = None,
    file_format: Annotated[Format, typer.Option("--format", help="Format of the rows.")] = Format.CSV,
    where: Annotated[list[str] | None, typer.Option(metavar="COLUMN=VALUE", help="Select rows; repeatable.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to a file, not to stdout.")] = None,
) -> None:
    """Print an open table of a release.

    \b
    keli table my-district value_added --where activity=DE --where measure=VA
    keli table my-district coverage --format xlsx --out coverage.xlsx
    """  # noqa: D301 - \b keeps the lines of the examples apart
    found = Shelf(folder / "releases").open(release)
    rows = selected(found.table(name), conditions_of(where or []))
    with _target(out, file_format.value) as target:
        WRITERS[file_format.value](OpenTable(name, rows, found.manifest), target)
    say(f"{rows.num_rows} rows of {name}, release {found.manifest.release_id}; {'; '.join(marks(found.manifest))}")


@contextmanager
def _target(out: Path | None, file_format: str) -> Iterator[BinaryIO]:
    """Where rows go: a file, or stdout unless it is a terminal that cannot show the format."""
    if out is not None:
        with out.open("wb") as file:
            yield file
        return
    if file_format in BINARY and sys.stdout.isatty():
        raise KeliError(f"{file_format} is not for a terminal.", example=f"--out table.{file_format}")
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()
