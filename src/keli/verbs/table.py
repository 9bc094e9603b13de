"""keli table: an open table of a release."""

from __future__ import annotations

import io
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

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
    file_format: Annotated[
        Format | None, typer.Option("--format", help="Format of the rows; by default as FILE ends, else csv.")
    ] = None,
    where: Annotated[list[str] | None, typer.Option(metavar="COLUMN=VALUE", help="Select rows; repeatable.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to a file, not to stdout.")] = None,
) -> None:
    """Print an open table of a release.

    \b
    keli table my-district value_added --where activity=DE --where measure=VA
    keli table my-district coverage --out coverage.xlsx
    """  # noqa: D301 - \b keeps the lines of the examples apart
    found = Shelf(folder / "releases").open(release)
    rows = selected(found.table(name), conditions_of(where or []))
    kind = (file_format or _format_of(out)).value
    _refuse_terminal(out, kind)
    contents = io.BytesIO()
    WRITERS[kind](OpenTable(name, rows, found.manifest), contents)
    _write(contents.getvalue(), out)
    say(f"{rows.num_rows} rows of {name}, release {found.manifest.release_id}; {'; '.join(marks(found.manifest))}")


def _format_of(out: Path | None) -> Format:
    """The format that the name of a file asks for; CSV where it asks for none."""
    ending = "" if out is None else out.suffix.lower().removeprefix(".")
    return Format(ending) if ending in set(Format) else Format.CSV


def _refuse_terminal(out: Path | None, kind: str) -> None:
    """Refuse to write bytes to a terminal, which cannot show them."""
    if out is None and kind in BINARY and sys.stdout.isatty():
        raise KeliError(f"{kind} is not for a terminal.", example=f"--out table.{kind}")


def _write(contents: bytes, out: Path | None) -> None:
    """Write all at once: to a file, or to stdout."""
    if out is not None:
        out.write_bytes(contents)
        return
    sys.stdout.buffer.write(contents)
    sys.stdout.buffer.flush()
