"""Units and years by hand, and the classify stage run on them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from keli.engine.context import StageContext
from keli.line.classify import stage
from keli.model.catalogue import Catalogue
from keli.model.parameters import Parameter, ParameterValue
from keli.model.workspace import Source, Workspace

Row = dict[str, Any]
UNIT = {"identity": "code:1", "registered": True, "consolidated": False, "unit_type": "legal", "ownership": "_U"}
PERIOD = {
    "in_district": True, "area": "440304005", "area_basis": "return", "unit_type": "legal", "registered": True,
    "consolidated": False, "covered_by_parent": False, "ownership": "_U", "status": "active", "born": False,
    "died": False, "moved_in": False, "moved_out": False, "moved_within": False, "in_frame": False,
    "in_frame_previous": False, "in_frame_next": False, "has_return": False,
}  # fmt: skip
RETURN = {"source": "returns", "file": "inputs/returns.csv", "row": 2, "consolidated": False}
DECISION = {"list": "codes", "decision": "yes", "received": dt.date(2022, 3, 1)}
CONFIDENCE = {"return": 0.9, "frame": 0.8, "tax": 0.7, "register": 0.6, "scope_phrase": 0.5, "decision": 1}


@dataclass(frozen=True)
class Classified:
    """What the stage wrote: activity by unit and year, and the leaves."""

    activity: dict[tuple[int, int], Row]
    leaves: list[Row]
    context: StageContext

    def rows(self, table: str) -> list[Row]:
        """Rows of another table that the stage wrote."""
        found: list[Row] = self.context.read(table).to_pyarrow().to_pylist()
        return found


@pytest.fixture
def sources(workspace: Workspace) -> Workspace:
    """A workspace with one source of each kind that states codes."""
    kinds = ("register", "frame", "tax", "annual_return")
    names = ("register", "frame", "tax", "returns")
    given = tuple(Source(name, kind, (), dt.date(2022, 3, 1), {}) for name, kind in zip(names, kinds, strict=True))
    return dataclasses.replace(workspace, sources=given)


@pytest.fixture
def confident(catalogue: Catalogue) -> Catalogue:
    """The shipped catalogue with known shares of confidence."""
    name = "classification/confidence"
    value = ParameterValue(dt.date(2000, 1, 1), CONFIDENCE, reference="made for this test", verified=False, note=None)
    parameter = Parameter(name, "置信度", "Confidence by origin.", "share", (value,))
    return dataclasses.replace(catalogue, parameters=catalogue.parameters | {name: parameter})


@pytest.fixture
def classify(
    make_context: Callable[..., StageContext], sources: Workspace, confident: Catalogue
) -> Callable[..., Classified]:
    """Return a function that runs the stage; units exist in 2020 and 2021 where no periods are given."""

    def run(
        units: list[Row], periods: list[Row] | None = None, precedence: dict[str, tuple[str, ...]] | None = None,
        settings: dict[str, Any] | None = None, **tables: list[Row],
    ) -> Classified:  # fmt: skip
        given = periods or [{"unit_id": unit["unit_id"], "period": year} for unit in units for year in (2020, 2021)]
        rows: dict[str, list[Row]] = {
            "units": [UNIT | {"holder_id": unit["unit_id"]} | unit for unit in units],
            "unit_period": [PERIOD | {"holder_id": one["unit_id"]} | one for one in given],
            "returns": [RETURN | row for row in tables.get("returns", [])],
            "revenue_bases": [{"quarters": 0} | row for row in tables.get("revenue_bases", [])],
            "decisions": [DECISION | row for row in tables.get("decisions", [])],
        }
        workspace = dataclasses.replace(sources, precedence=precedence or {}, **(settings or {}))
        context = make_context(stage, rows, workspace=workspace, catalogue=confident)
        stage.run(context)
        activity = context.read("unit_activity").to_pyarrow().to_pylist()
        return Classified(
            {(row["unit_id"], row["period"]): row for row in activity},
            context.read("enterprise_leaves").to_pyarrow().to_pylist(),
            context,
        )

    return run
