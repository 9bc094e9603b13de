"""A small district whose figures can be checked by hand, and the tables that the stage makes of it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from keli.line.analyse import stage

FUTIAN, LIANHUA, NANYUAN, UNPLACED = "440304", "440304008", "440304001", "440304_U"
COMPUTERS, WHOLESALE, SOFTWARE = "010101", "020101", "030101"
YI = 10**8

Rows = list[dict[str, Any]]


def yuan(amount: float) -> Decimal:
    """Return an amount as the tables hold it."""
    return Decimal(str(amount)).quantize(Decimal("0.01"))


def leaf(period: int, activity: str, value: float, *contributions: float, **changes: Any) -> dict[str, Any]:
    """One leaf of lone contributors: value and absolute contributions in yuan, the largest two kept."""
    amounts = sorted((abs(amount) for amount in (contributions or (value,))), reverse=True)
    row = {
        "period": period, "area": LIANHUA, "activity": activity, "gbt_code": "6510", "size_class": "S",
        "ownership": "_U", "basis": "reported", "split_evidence": "full", "matched_previous": False,
        "matched_next": False, "measure": "VA", "value": yuan(value), "absolute": yuan(sum(amounts)),
        "units": len(amounts), "x1": yuan(amounts[0]), "x2": yuan(amounts[1]) if len(amounts) > 1 else None,
    }  # fmt: skip
    return row | changes


def held(period: int, activity: str, unit: int, holder: int, value: float, **changes: Any) -> dict[str, Any]:
    """One contribution of a unit whose holder lies in several leaves."""
    row = leaf(period, activity, value, **changes) | {"unit_id": unit, "holder_id": holder}
    return {name: row[name] for name in row if name not in {"absolute", "units", "x1", "x2"}}


def control(period: int, activity: str, value: float, measure: str = "VA") -> dict[str, Any]:
    """One control figure of the district, in yuan."""
    return {"period": period, "area": FUTIAN, "activity": activity, "measure": measure, "price_base": "V",
            "value": yuan(value)}  # fmt: skip


def price(series: str, period: int, index: float) -> dict[str, Any]:
    """One price index, previous year = 100."""
    return {"series": series, "period": period, "index_previous_year": index}


class Tables:
    """The tables that a run of the stage wrote."""

    def __init__(self, context: Any) -> None:
        self.context = context

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table sorted by its key."""
        key = list(self.context.catalogue.tables[name].key)
        return self.context.read(name).to_pandas().sort_values(key, ignore_index=True)

    def rows(self, name: str, **where: Any) -> pd.DataFrame:
        """Return the rows of cells_<name> that have the values."""
        frame = self.frame(f"cells_{name}")
        for column, value in where.items():
            frame = frame[frame[column] == value]
        return frame

    def value(self, name: str, **where: Any) -> float:
        """Return the one figure that has the values."""
        rows = self.rows(name, **where)
        assert len(rows) == 1, rows[["time_period", "ref_area", "activity", "measure", "price_base"]]
        return float(rows["obs_value"].iloc[0])

    def cell(self, address: str) -> dict[str, Any]:
        """Return the base cell at an address."""
        cells = self.frame("base_cells").set_index("cell_id")
        found: dict[str, Any] = cells.loc[address].to_dict()
        return found


@pytest.fixture
def analysed(make_context: Callable[..., Any]) -> Callable[..., Tables]:
    """Return a function that runs the stage on tables given as rows."""

    def run(*, workspace: Any = None, catalogue: Any = None, **tables: Rows) -> Tables:
        given: dict[str, Rows] = {name: [] for name in stage.READS} | tables
        changes = {"workspace": workspace, "catalogue": catalogue}
        context = make_context(stage, given, **{name: value for name, value in changes.items() if value is not None})
        stage.run(context)
        return Tables(context)

    return run
