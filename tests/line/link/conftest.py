"""Accepted rows by hand, and the link stage run on them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from keli.engine.context import StageContext
from keli.line.link import stage

Row = dict[str, Any]
RECEIVED = dt.date(2022, 3, 1)
# Codes with a right check character.
CODES = ("91440300100000001W", "914403001000000020", "914403001000000033", "924403001000000043")


@dataclass(frozen=True)
class Linked:
    """The tables that the stage wrote."""

    context: StageContext

    def rows(self, table: str) -> list[Row]:
        """All rows of a table in a fixed order."""
        found: list[Row] = self.context.read(table).to_pyarrow().to_pylist()
        return sorted(found, key=lambda row: [str(value) for value in row.values()])

    def unit(self, identity: str) -> Row:
        """The one unit of an identity."""
        [found] = [row for row in self.rows("units") if row["identity"] == identity]
        return found


@pytest.fixture
def link(make_context: Callable[..., StageContext]) -> Callable[..., Linked]:
    """Return a function that runs the stage on accepted rows, numbered in their order where they have no row."""

    def run(workspace: Any = None, **kinds: list[Row]) -> Linked:
        tables: dict[str, list[Row]] = {name: [] for name in stage.READS}
        for kind, rows in kinds.items():
            last: Counter[str] = Counter()
            for row in rows:
                source = row.get("source", kind)
                last[source] += 1
                ledger = {
                    "source": source, "file": f"inputs/{source}.csv", "row": last[source] + 1, "received": RECEIVED,
                    "consolidated": False, "repaired": False,
                }  # fmt: skip
                tables[f"accepted_{kind}"].append(ledger | row)
        changes = {} if workspace is None else {"workspace": workspace}
        context = make_context(stage, tables, **changes)
        stage.run(context)
        return Linked(context)

    return run
