"""A small district by hand, and the stage cover run on it."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from keli.line.cover import stage

Row = dict[str, Any]
NANYUAN, LIANHUA = "440304001", "440304008"
SOFTWARE, WHOLESALE, BUILDING, TICKETS = "6513", "5111", "4710", "6429"
WAN = 10_000
_PERIOD: Row = {
    "in_district": True, "area": NANYUAN, "area_basis": "legal_seat", "unit_type": "legal", "registered": True,
    "consolidated": False, "covered_by_parent": False, "ownership": "_U", "status": "active", "born": False,
    "died": False, "moved_in": False, "moved_out": False, "moved_within": False, "in_frame": False,
    "in_frame_previous": False, "in_frame_next": False, "has_return": False,
}  # fmt: skip
_ACCOUNT: Row = {
    "in_district": True, "consolidated": False, "registered": True, "has_return": False, "area": NANYUAN,
    "starred": False, "size_class": "_U", "ownership": "_U", "matched_previous": False, "matched_next": False,
    "basis": "estimated", "base": "tax",
}  # fmt: skip
_SPLIT: Row = {
    "area": NANYUAN, "size_class": "_U", "ownership": "_U", "basis": "estimated", "matched_previous": False,
    "matched_next": False, "share": 1.0, "split_evidence": "full", "compensation": 0, "net_taxes": 0, "depreciation": 0,
    "surplus": 0, "remainder": False, "scaled": False,
}  # fmt: skip
IN_FRAME: Row = {"in_frame": True, "in_frame_previous": True, "in_frame_next": True}


@dataclass
class District:
    """Units by hand; `run` hands them to the stage."""

    make_context: Callable[..., Any]
    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in stage.READS})
    context: Any = None

    def unit(self, unit_id: int, code: str = WHOLESALE, revenue: float | None = None, **state: Any) -> None:
        """A unit in one year: revenue in 万元 from the tax list, no part of it in the core."""
        year = state.pop("period", 2021)
        account = {name: state.pop(name) for name in ("base", "basis", "value_added") if name in state}
        amount = None if revenue is None else Decimal(revenue * WAN)
        status = _PERIOD | {"unit_id": unit_id, "period": year, "holder_id": unit_id} | state
        self.tables["unit_period"].append(status)
        if unit_id not in {row["unit_id"] for row in self.tables["units"]}:
            self.tables["units"].append(
                {"unit_id": unit_id, "identity": f"code:{unit_id}", "name": f"unit {unit_id}", "registered": True,
                 "consolidated": False, "unit_type": "legal", "holder_id": unit_id, "ownership": "_U"}
            )  # fmt: skip
        self.tables["unit_account"].append(
            _ACCOUNT | {"unit_id": unit_id, "period": year, "gbt_code": code, "core": False, "revenue": amount,
                        "holder_id": status["holder_id"], "area": status["area"]} | account
        )  # fmt: skip
        if account.get("base", "tax") == "tax" and amount is not None:
            self.base(unit_id, year, taxable_revenue=amount)

    def base(self, unit_id: int, period: int, **amounts: Any) -> None:
        """A revenue base of a unit and year."""
        self.tables["revenue_bases"].append({"unit_id": unit_id, "period": period, "quarters": 0} | amounts)

    def digital(self, unit_id: int, value: float, period: int = 2021, **state: Any) -> None:
        """What a unit has in the core, yuan."""
        amounts = {"value_added": Decimal(str(value)), "unit_value_added": Decimal(str(value)), "holder_id": unit_id}
        row = {"unit_id": unit_id, "period": period, "activity": "030101", "gbt_code": SOFTWARE} | amounts
        self.tables["unit_split"].append(_SPLIT | row | state)

    def quarter(self, unit_id: int, year: int, quarter: int, revenue: float, accumulation: str = "Y") -> None:
        """A quarterly return, revenue in 万元."""
        place = {"source": "quarters", "file": "q.csv", "row": len(self.tables["accepted_quarterly_return"]) + 2}
        self.tables["accepted_quarterly_return"].append(
            place | {"received": dt.date(2022, 7, 20), "consolidated": False, "repaired": False, "year": year,
                     "quarter": quarter, "revenue": Decimal(revenue * WAN), "accumulation": accumulation}
        )  # fmt: skip
        self.tables["unit_rows"].append(place | {"kind": "quarterly_return", "unit_id": unit_id, "match": "code"})

    def run(self) -> None:
        """Run the stage."""
        self.context = self.make_context(stage, self.tables)
        stage.run(self.context)

    def rows(self, name: str) -> list[Row]:
        """The rows of a table that the stage wrote."""
        found: list[Row] = self.context.read(name).to_pyarrow().to_pylist()
        return found

    def cases(self, kind: str) -> dict[int, Row]:
        """The cases of a kind by unit; of a unit there is one."""
        return {row["unit_id"]: row for row in self.rows("coverage_cases") if row["kind"] == kind}

    def sheets(self) -> dict[str, list[dict[str, str]]]:
        """The sheets of open cases by subdistrict, as a spreadsheet reads them."""
        folder = self.context.vault.folder / "coverage_cases"
        found = {}
        for path in sorted(folder.glob("*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as file:
                found[path.stem] = list(csv.DictReader(file))
        return found


@pytest.fixture
def district(make_context: Callable[..., Any]) -> District:
    """An empty district."""
    return District(make_context)
