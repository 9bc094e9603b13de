"""The books: a row a source, thousands marked, in = accepted + held back to be seen at a glance."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from keli.engine.shelf import Shelf
from keli.formats.books import books, warnings
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


def test_a_source_without_rows_and_a_year_without_figures_are_warned_of(
    publish_rows: Callable[..., Path], open_rows: dict[str, list[dict[str, Any]]]
) -> None:
    template = next(row for row in open_rows["open_coverage"] if row["measure"].startswith("ROWS_"))
    others = [row for row in open_rows["open_coverage"] if not row["measure"].startswith("ROWS_")]
    counts = {"annual": (9, 0), "frame": (0, 0), "register": (12, 11)}
    book = [
        template | {"source": source, "measure": measure, "obs_value": float(count)}
        for source, (received, accepted) in counts.items()
        for measure, count in (("ROWS_IN", received), ("ROWS_ACCEPTED", accepted), ("ROWS_REPAIRED", 0),
                               ("ROWS_QUARANTINED", received - accepted))
    ]  # fmt: skip
    values = [row for row in open_rows["open_value_added"] if row["time_period"] != "2020"]
    release = Shelf(publish_rows({"open_coverage": [*others, *book], "open_value_added": values}).parent).open()
    found = list(
        warnings(*(OpenTable(name, release.table(name), release.manifest) for name in ("coverage", "value_added")))
    )
    assert found[:2] == [
        "warning: no row of the source annual was accepted; quarantine.csv says why.",
        "warning: the source frame has no rows; look at its files and at keli.yaml.",
    ]
    assert found[2].startswith("warning: no unit of the core could be valued in 2020. UNITS, UNITS_CLASSIFIED, UNITS")
    assert len(found) == 3
