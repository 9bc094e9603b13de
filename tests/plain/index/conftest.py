"""Runs of keli index on small files."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from keli.model.catalogue import Catalogue
from keli.plain.index.index import make_index

TABLE = """code,a,b,c
X1,10,200,3
X2,20,150,5
X3,40,100,4
X4,30,50,8
"""
FLAT = """unit: code
index: {name: de, parts: [{indicator: a}, {indicator: b}, {indicator: c}]}
normalisation: {method: minmax, range: [0, 1]}
"""


@dataclass(frozen=True)
class Result:
    """What a run wrote."""

    rows: list[dict[str, str]]
    report: dict[str, Any]
    told: list[str]

    def column(self, name: str) -> list[float]:
        """A column as numbers; nan where a cell is empty."""
        return [float(row[name] or "nan") for row in self.rows]


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, catalogue: Catalogue) -> Run:
    """Run on a table and a SPEC as text."""

    def made(spec: str = FLAT, table: str = TABLE) -> Result:
        (tmp_path / "data.csv").write_text(table, encoding="utf-8")
        (tmp_path / "spec.yaml").write_text(spec, encoding="utf-8")
        out, report = tmp_path / "out.csv", tmp_path / "report.json"
        told = make_index(tmp_path / "data.csv", tmp_path / "spec.yaml", out, report, catalogue)
        with out.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return Result(rows, json.loads(report.read_text(encoding="utf-8")), told)

    return made
