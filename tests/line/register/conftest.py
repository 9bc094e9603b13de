"""Units by hand, and the register stage run on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from keli.engine.context import StageContext
from keli.line.register import stage

Row = dict[str, Any]
RECEIVED = dt.date(2022, 3, 1)
UNIT = {
    "identity": "code:1", "registered": True, "consolidated": False, "unit_type": "legal", "ownership": "_U",
    "established": dt.date(2010, 5, 1),
}  # fmt: skip
RETURN = {"source": "returns", "file": "inputs/returns.csv", "row": 2, "consolidated": False}


@pytest.fixture
def register(make_context: Callable[..., StageContext]) -> Callable[..., dict[tuple[int, int], Row]]:
    """Return a function that runs the stage and gives its rows by unit and year.

    Frame memberships are given with their unit; register units stand in one register received in March 2022.
    """

    def run(
        units: list[Row], frame: list[Row] | None = None, received: dt.date = RECEIVED, **tables: list[Row]
    ) -> dict[tuple[int, int], Row]:
        registered = [unit for unit in units if unit.get("registered", True)]
        ledger = {"received": received, "consolidated": False, "repaired": False}
        delivered = [
            {"source": "register", "file": "r.csv", "row": row, **ledger} for row, _ in enumerate(registered, 2)
        ]
        members = [
            {"source": "frame", "file": "f.csv", "row": row, **ledger, "entry_date": one["entry_date"],
             "exit_date": one.get("exit_date")} for row, one in enumerate(frame or [], 2)
        ]  # fmt: skip
        linked = [
            {
                "source": "register",
                "kind": "register",
                "file": "r.csv",
                "row": row,
                "unit_id": unit["unit_id"],
                "match": "code",
            }
            for row, unit in enumerate(registered, 2)
        ] + [
            {
                "source": "frame",
                "kind": "frame",
                "file": "f.csv",
                "row": row,
                "unit_id": one["unit_id"],
                "match": "code",
            }
            for row, one in enumerate(frame or [], 2)
        ]
        given: dict[str, list[Row]] = {
            "units": [UNIT | {"holder_id": unit["unit_id"]} | unit for unit in units],
            "unit_rows": linked, "accepted_register": delivered, "accepted_frame": members,
            "returns": [RETURN | row for row in tables.get("returns", [])],
            "revenue_bases": [{"quarters": 0} | row for row in tables.get("revenue_bases", [])],
            "split_evidence": tables.get("split_evidence", []),
        }  # fmt: skip
        context = make_context(stage, given)
        stage.run(context)
        rows = context.read("unit_period").to_pyarrow().to_pylist()
        assert len({(row["unit_id"], row["period"]) for row in rows}) == len(rows)
        return {(row["unit_id"], row["period"]): row for row in rows}

    return run
