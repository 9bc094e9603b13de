"""A function that takes in files as the stage does and returns every ledger as rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from keli.engine.context import StageContext
from keli.line.sources import stage
from keli.model.workspace import Source, Workspace

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Ledgers:
    """The tables of one intake."""

    accepted: Rows
    quarantine: Rows
    repairs: Rows
    intake: Rows

    def rules_of(self, row: int) -> list[str]:
        """Rules that repaired a row, in order of column and name."""
        return [entry["rule"] for entry in self.repairs if entry["row"] == row]

    def problems(self) -> list[tuple[int, str, str]]:
        """Row, column and rule of every problem."""
        return [(entry["row"], entry["column"], entry["rule"]) for entry in self.quarantine]


TakeIn = Callable[..., Ledgers]


@pytest.fixture
def take_in(make_context: Callable[..., StageContext], workspace: Workspace, tmp_path: Path) -> TakeIn:
    """Return a function that writes a file where it is given as text, runs the stage, and reads the ledgers."""

    def run(kind: str, contents: str | bytes | None, columns: dict[str, str], **options: Any) -> Ledgers:
        name = options.pop("file", "delivered.csv")
        path = tmp_path / name
        if contents is not None:
            path.write_bytes(contents.encode() if isinstance(contents, str) else contents)
        source = Source("given", kind, (path,), dt.date(2022, 3, 1), columns, **options)
        return _ledgers(make_context(stage, workspace=replace(workspace, sources=(source,))), kind)

    return run


def _ledgers(context: StageContext, kind: str) -> Ledgers:
    stage.run(context)
    tables = {
        name: context.read(name).order_by(["source", "file", "row"] if name != "intake" else ["source", "file"])
        for name in (f"accepted_{kind}", "quarantine", "repairs", "intake")
    }
    rows = {name: table.to_pyarrow().to_pylist() for name, table in tables.items()}
    for name in ("quarantine", "repairs"):
        rows[name].sort(key=lambda entry: (entry["row"], entry["column"], entry["rule"]))
    return Ledgers(rows[f"accepted_{kind}"], rows["quarantine"], rows["repairs"], rows["intake"])
