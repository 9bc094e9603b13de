"""Units by hand, and the register stage run on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from keli.engine.context import StageContext
from keli.line.register import stage
from keli.model.workspace import Workspace

Row = dict[str, Any]
RECEIVED = dt.date(2022, 3, 1)
UNIT = {
    "identity": "code:1", "registered": True, "consolidated": False, "unit_type": "legal", "ownership": "_U",
    "established": dt.date(2010, 5, 1),
}  # fmt: skip
RETURN = {"source": "returns", "file": "inputs/returns.csv", "row": 2, "consolidated": False}


LEDGER = {"consolidated": False, "repaired": False}


def registered(units: list[Row], received: dt.date) -> tuple[list[Row], list[Row]]:
    """Rows of one register, and the units that they are about."""
    numbered = list(enumerate((unit for unit in units if unit.get("registered", True)), 2))
    place = {"source": "register", "file": "r.csv"}
    rows = [{**place, "row": row, "received": received, **LEDGER} for row, _ in numbered]
    linked = [
        {**place, "kind": "register", "row": row, "unit_id": unit["unit_id"], "match": "code"} for row, unit in numbered
    ]
    return rows, linked


def framed(members: list[Row], received: dt.date) -> tuple[list[Row], list[Row]]:
    """Rows of one frame, and the units that they are about."""
    numbered = list(enumerate(members, 2))
    place = {"source": "frame", "file": "f.csv"}
    dates = ("entry_date", "exit_date")
    rows = [
        {**place, "row": row, "received": received, **LEDGER, **{date: member.get(date) for date in dates}}
        for row, member in numbered
    ]
    linked = [
        {**place, "kind": "frame", "row": row, "unit_id": member["unit_id"], "match": "code"}
        for row, member in numbered
    ]
    return rows, linked


@pytest.fixture
def register(make_context: Callable[..., StageContext]) -> Callable[..., dict[tuple[int, int], Row]]:
    """Return a function that runs the stage and gives its rows by unit and year.

    Frame memberships are given with their unit; registered units stand in one register.
    """

    def run(
        units: list[Row],
        frame: list[Row] | None = None,
        received: dt.date = RECEIVED,
        workspace: Workspace | None = None,
        **tables: list[Row],
    ) -> dict[tuple[int, int], Row]:
        rows, linked = registered(units, received)
        members, linked_members = framed(frame or [], received)
        given: dict[str, list[Row]] = {
            "units": [UNIT | {"holder_id": unit["unit_id"]} | unit for unit in units],
            "unit_rows": linked + linked_members,
            "accepted_register": rows,
            "accepted_frame": members,
            "returns": [RETURN | row for row in tables.get("returns", [])],
            "revenue_bases": [{"quarters": 0} | row for row in tables.get("revenue_bases", [])],
            "split_evidence": tables.get("split_evidence", []),
        }
        context = make_context(stage, given) if workspace is None else make_context(stage, given, workspace=workspace)
        stage.run(context)
        found = context.read("unit_period").to_pyarrow().to_pylist()
        assert len({(row["unit_id"], row["period"]) for row in found}) == len(found)
        return {(row["unit_id"], row["period"]): row for row in found}

    return run
