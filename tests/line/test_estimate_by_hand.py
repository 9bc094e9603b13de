"""From units to VA_UNBENCHMARKED: a deleted unit, a changed return, a changed coefficient move it as by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.line.account.conftest import District

from keli.line.account import stage as account
from keli.line.analyse import stage as analyse

YI = 10**8
Estimate = Callable[[], float]


@pytest.fixture
def district(make_context: Callable[..., Any]) -> District:
    """Six units that report value added 40 on revenue 100, one of 50 that is estimated, ten of a starred class.

    Those of the starred class report 40 each, the coefficient of their class is 0.5.
    """
    found = District(make_context)
    found.reporters(1, 6)
    found.unit(10)
    found.base(10, taxable_revenue=50)
    found.reporters(21, 10, "7320")
    found.evidence(None, "040703", 0.5, gbt_code="7320", tier="coefficient")
    return found


@pytest.fixture
def estimate(district: District, make_context: Callable[..., Any]) -> Estimate:
    """Return a function that accounts and analyses the district and returns VA_UNBENCHMARKED of the core, in yuan."""

    def run() -> float:
        district.run()
        others: dict[str, list[dict[str, Any]]] = {name: [] for name in analyse.READS if name not in account.WRITES}
        context = make_context(analyse, others)
        analyse.run(context)
        rows = context.read("cells_value_added").to_pandas()
        rows = rows[
            (rows["measure"] == "VA_UNBENCHMARKED") & (rows["activity"] == "DE") & (rows["ref_area"] == "440304")
        ]
        [value] = rows["obs_value"]
        return round(float(value) * YI, 2)

    return run


def test_what_moves_the_estimate_and_by_how_much(district: District, estimate: Estimate) -> None:
    # 6 x 40, 50 x 0.4, 10 x 40 x 0.5.
    assert estimate() == 240 + 20 + 200
    # The coefficient of the class: 0.6 in place of 0.5, on 400.
    district.tables["split_evidence"][0]["share"] = 0.6
    assert estimate() == 240 + 20 + 240
    # Payroll of unit 1 is 6 more: its own 6, and the rate of its class becomes 246 / 600 = 0.41, the estimate 20.50.
    district.tables["returns"][0]["payroll"] = Decimal(26)
    assert estimate() == 246 + 20.5 + 240
    # Unit 2 is deleted: its 40, and the rate of its class becomes 206 / 500 = 0.412, the estimate 20.60.
    for name in ("unit_period", "unit_activity", "returns"):
        district.tables[name] = [row for row in district.tables[name] if row["unit_id"] != 2]
    assert estimate() == 206 + 20.6 + 240
