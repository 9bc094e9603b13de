"""Hand-made units of a district for the stage account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from keli.line.account import stage
from keli.line.classify.accounted import accounted_units

Row = dict[str, Any]
_PERIOD: Row = {
    "period": 2021, "in_district": True, "area": "440304001", "area_basis": "return", "unit_type": "legal",
    "registered": True, "consolidated": False, "covered_by_parent": False, "ownership": "private",
    "status": "active", "born": False, "died": False, "moved_in": False, "moved_out": False, "moved_within": False,
    "in_frame": True, "in_frame_previous": True, "in_frame_next": False,
}  # fmt: skip
_ACTIVITY: Row = {"period": 2021, "origin": "return", "confidence": 1.0, "recoded": False, "size_class": "M"}
STARRED = {"2462", "3831", "4790", "4851", "4910", "4999", "6429", "7213", "7320", "8610"}


@dataclass
class District:
    """Units by year, filled by the tests; `run` hands them to the stage and returns its tables as rows."""

    make_context: Callable[..., Any]
    tables: dict[str, list[Row]] = field(
        default_factory=lambda: {
            "unit_period": [],
            "unit_activity": [],
            "returns": [],
            "revenue_bases": [],
            "split_evidence": [],
        }
    )

    def unit(self, unit_id: int, gbt_code: str | None = "6513", size_class: str = "M", **status: Any) -> None:
        """Add one unit and year."""
        year = status.get("period", 2021)
        self.tables["unit_period"].append(
            _PERIOD | {"unit_id": unit_id, "holder_id": unit_id, "has_return": False} | status
        )
        self.tables["unit_activity"].append(
            _ACTIVITY | {"unit_id": unit_id, "gbt_code": gbt_code, "core": gbt_code is not None,
                         "starred": gbt_code in STARRED, "period": year, "size_class": size_class}
        )  # fmt: skip

    def returns(self, unit_id: int, **items: Any) -> None:
        """Add the annual return of a unit: the five required items are 20, 1, 4, 5, 10 of revenue 100."""
        full = {"revenue": 100, "payroll": 20, "taxes_surcharges": 1, "vat_payable": 4, "depreciation": 5,
                "operating_profit": 10}  # fmt: skip
        row = {"period": 2021, "source": "annual", "file": "annual.csv", "row": 2, "consolidated": False}
        amounts = {
            key: Decimal(value) if isinstance(value, int | str) else value
            for key, value in (full | items).items()
            if key not in row
        }
        status = {key: value for key, value in items.items() if key in row}
        self.tables["returns"].append(row | status | {"unit_id": unit_id} | amounts)

    def base(self, unit_id: int, **bases: Any) -> None:
        """Add the revenue base of a unit."""
        row = {"period": 2021, "unit_id": unit_id, "quarters": 0}
        self.tables["revenue_bases"].append(
            row | {key: value if key in {"period", "quarters"} else Decimal(value) for key, value in bases.items()}
        )

    def evidence(self, unit_id: int | None, activity: str, share: float | None, **told: Any) -> None:
        """Add a statement on a digital share."""
        row = {"evidence_id": len(self.tables["split_evidence"]) + 1, "unit_id": unit_id, "activity": activity,
               "share": share, "period": 2021, "tier": "visited", "design": "take_all"}  # fmt: skip
        if told.get("evidence_date"):
            told["evidence_date"] = dt.date.fromisoformat(told["evidence_date"])
        self.tables["split_evidence"].append(row | told)

    def reporters(self, first: int, number: int, gbt_code: str = "6513", **items: Any) -> None:
        """Add units that report all items (value added 40 of revenue 100, unless items say otherwise)."""
        for unit_id in range(first, first + number):
            self.unit(unit_id, gbt_code, has_return=True)
            self.returns(unit_id, **items)

    def run(self, **changes: Any) -> Result:
        """Bring the rows together as the stage classify does, and run the stage."""
        vault = self.make_context(stage, self.tables, **changes).vault
        given = (vault.read(name) for name in ("unit_period", "unit_activity", "returns", "revenue_bases"))
        vault.write("accounted_units", accounted_units(*given))
        context = self.make_context(stage, **changes)
        stage.run(context)
        return Result({name: context.read(name).to_pyarrow().to_pylist() for name in stage.WRITES})


@dataclass
class Result:
    """The tables that the stage wrote, as rows."""

    tables: dict[str, list[Row]]

    def one(self, table: str, **key: Any) -> Row:
        """Return the only row of a table that has the key."""
        rows = self.all(table, **key)
        assert len(rows) == 1, f"{len(rows)} rows of {table} have {key}"
        return rows[0]

    def all(self, table: str, **key: Any) -> list[Row]:
        """Return the rows of a table that have the key."""
        return [row for row in self.tables[table] if all(row[name] == value for name, value in key.items())]

    def total(self, measure: str = "VA") -> Decimal:
        """Return the sum of the leaves in yuan."""
        return sum((row["value"] for row in self.all("leaves", measure=measure)), Decimal(0))


@pytest.fixture
def district(make_context: Callable[..., Any]) -> District:
    """An empty district."""
    return District(make_context)
