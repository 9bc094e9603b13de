"""The headline: a row a year, printed figures, marks, and the price basis named."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from keli.engine.shelf import Shelf
from keli.formats.headline import headline
from keli.formats.open_table import OpenTable


def _shown(folder: Path) -> str:
    release = Shelf(folder).open()
    console = Console(file=io.StringIO(), width=80)
    console.print(headline(OpenTable("value_added", release.table("value_added"), release.manifest)))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _cells(text: str, year: str) -> list[str]:
    return next(line for line in text.splitlines() if line.strip().startswith(year)).split()


def test_headline_prints_a_row_a_year(released: Path) -> None:
    text = _shown(released / "releases")
    assert _cells(text, "2021") == ["2021", "624.92", "17.8", "11.7", "–", "620.1234", "610.5000", "629.7468", "1.0077"]
    assert _cells(text, "2020") == ["2020", "530.49", "–", "–", "–", "–", "–", "–", "–"]
    assert "初步核算" in text
    assert "secondary: none" in text
    assert "growth at constant" in text
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80


def test_withheld_headline_shows_a_letter(
    publish_rows: Callable[..., Path], open_rows: dict[str, list[dict[str, Any]]]
) -> None:
    va, *others = open_rows["open_value_added"]
    folder = publish_rows({"open_value_added": [va | {"obs_value": None, "conf_status": "C"}, *others]})
    assert _cells(_shown(folder.parent), "2021")[:2] == ["2021", "C"]
