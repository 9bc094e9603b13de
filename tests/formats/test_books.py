"""The books: a row a source, thousands marked, in = accepted + held back to be seen at a glance."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from keli.engine.shelf import Shelf
from keli.formats.books import books
from keli.formats.open_table import OpenTable


def test_books_print_a_row_a_source(
    publish_rows: Callable[..., Path], open_rows: dict[str, list[dict[str, Any]]]
) -> None:
    rows = open_rows["open_coverage"]
    template = next(row for row in rows if row["measure"].startswith("ROWS_"))
    counts = {"ROWS_IN": 18665, "ROWS_ACCEPTED": 18660, "ROWS_REPAIRED": 7, "ROWS_QUARANTINED": 5}
    other = [row for row in rows if not row["measure"].startswith("ROWS_")]
    book = [template | {"source": "register", "measure": name, "obs_value": float(n)} for name, n in counts.items()]
    folder = publish_rows({"open_coverage": [*other, *book]})
    release = Shelf(folder.parent).open()
    console = Console(file=io.StringIO(), width=80)
    console.print(books(OpenTable("coverage", release.table("coverage"), release.manifest)))
    assert isinstance(console.file, io.StringIO)
    line = next(line for line in console.file.getvalue().splitlines() if line.strip().startswith("register"))
    assert line.split() == ["register", "18,665", "18,660", "7", "5"]
