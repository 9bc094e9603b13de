"""The table of the manual as files, and a workbench for keli protect on files."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from keli.model.catalogue import Catalogue
from keli.plain.protection.protect import Task, audit_file, protect_file
from keli.plain.protection.told import Protected

DISTRICT = """area,size,freq,value,x1,x2
T,T,45,640,90,80
T,small,20,240,40,38
T,large,25,400,90,80
A,T,15,220,30,28
A,small,8,100,20,19
A,large,7,120,30,28
B,T,15,220,40,38
B,small,2,40,25,15
B,large,13,180,40,38
C,T,15,200,40,38
C,small,10,100,40,38
C,large,5,100,30,30
"""

SPEC: dict[str, Any] = {
    "dimensions": [{"column": "area", "total": "T"}, {"column": "size", "total": "T"}],
    "value": "value",
    "rules": [{"min_count": 3}],
}


class Bench:
    """A folder with CELLS and SPEC, and the command on them."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder = folder
        self._catalogue = catalogue
        self.put("cells.csv", DISTRICT)
        self.say()

    def put(self, name: str, text: str) -> Path:
        """Write a file."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def say(self, name: str = "spec.yaml", **keys: Any) -> Path:
        """Write a SPEC: that of the manual with other keys."""
        return self.put(name, yaml.safe_dump(SPEC | keys))

    def protect(self, out: str = "out.csv") -> Protected:
        """Run keli protect cells.csv --spec spec.yaml --out out.csv --report report.json."""
        folder = self.folder
        task = Task(folder / "cells.csv", folder / "spec.yaml", folder / out, folder / "report.json")
        done = protect_file(task, self._catalogue)
        assert isinstance(done, Protected)
        return done

    def audit(self, name: str = "out.csv", spec: str | None = None) -> Protected:
        """Run keli protect --audit out.csv --report audit.json."""
        given = None if spec is None else self.folder / spec
        return audit_file(self.folder / name, self._catalogue, given, self.folder / "audit.json")

    def rows(self, name: str = "out.csv", keys: Sequence[str] = ("area", "size")) -> dict[tuple[str, ...], Any]:
        """Rows of a result by their codes."""
        with (self.folder / name).open(encoding="utf-8") as file:
            return {tuple(row[key] for key in keys): row for row in csv.DictReader(file)}

    def withheld(self, name: str = "out.csv", keys: Sequence[str] = ("area", "size")) -> dict[tuple[str, ...], str]:
        """Status of the cells that are not published."""
        status = {codes: row["conf_status"] for codes, row in self.rows(name, keys).items()}
        return {codes: letter for codes, letter in status.items() if letter != "F"}

    def report(self, name: str = "report.json") -> Any:
        """A report."""
        return json.loads((self.folder / name).read_text(encoding="utf-8"))


@pytest.fixture
def bench(tmp_path: Path, catalogue: Catalogue) -> Bench:
    """The table of the manual in a folder of its own."""
    return Bench(tmp_path, catalogue)
