"""Reclassification: what changed codes bring to the core and take from it, and the warning."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.line.cover.conftest import NANYUAN, SOFTWARE, TICKETS, WHOLESALE, District


def recoded(district: District, unit_id: int, before: str, now: str) -> None:
    """A unit of 100 万元 revenue whose code changed from 2020 to 2021."""
    for period, code in ((2020, before), (2021, now)):
        value_added = Decimal(40) if period == 2021 else None
        district.unit(unit_id, code=code, revenue=100, period=period, value_added=value_added)
        district.tables["unit_activity"].append(
            {"unit_id": unit_id, "period": period, "gbt_code": code, "origin": "return", "confidence": 1.0,
             "core": code != WHOLESALE, "starred": code == TICKETS, "recoded": period == 2021, "size_class": "_U"}
        )  # fmt: skip


def test_a_trader_that_becomes_a_software_firm_adds_its_value(district: District) -> None:
    """Headline 1000, of which 40 came with a new code and 40 went to wholesale: 0 %; without the second 4 %."""
    recoded(district, 1, WHOLESALE, SOFTWARE)
    district.digital(1, 40)
    district.digital(9, 960)
    district.run()
    [year] = [row for row in district.rows("coverage_alerts") if row["period"] == 2021]
    assert (year["units"], year["added"], year["removed"], year["headline"]) == (1, 40, 0, 1000)
    assert (year["net_percent"], year["limit_percent"], year["raised"]) == (pytest.approx(4), 1, True)


def test_what_leaves_the_core_is_taken_off(district: District) -> None:
    recoded(district, 1, WHOLESALE, SOFTWARE)
    recoded(district, 2, SOFTWARE, WHOLESALE)
    district.digital(1, 40)
    district.digital(9, 960)
    district.run()
    [year] = [row for row in district.rows("coverage_alerts") if row["period"] == 2021]
    assert (year["units"], year["added"], year["removed"]) == (2, 40, 40)
    assert (year["net_percent"], year["raised"]) == (0, False)


@pytest.mark.parametrize(("coefficient", "added", "removed"), [(0.25, 30, 0), (None, 0, 0)])
def test_a_starred_class_before_had_the_part_of_its_coefficient(
    district: District, coefficient: float | None, added: int, removed: int
) -> None:
    """Value added 40, wholly digital now; before a quarter of it was: 30 more. Without a coefficient all of it was."""
    recoded(district, 1, TICKETS, SOFTWARE)
    district.digital(1, 40)
    if coefficient is not None:
        district.tables["split_coefficients"].append(
            {"period": 2021, "gbt_code": TICKETS, "activity": "030401", "share": coefficient, "tier": "sample"}
        )
    district.run()
    [year] = [row for row in district.rows("coverage_alerts") if row["period"] == 2021]
    assert (year["added"], year["removed"]) == (added, removed)


def test_a_year_is_at_its_limit_without_a_warning(district: District) -> None:
    """Exactly 1 % is not more than 1 %."""
    recoded(district, 1, WHOLESALE, SOFTWARE)
    district.digital(1, 40)
    district.digital(9, 3960)
    district.run()
    [year] = [row for row in district.rows("coverage_alerts") if row["period"] == 2021]
    assert (year["net_percent"], year["raised"]) == (1, False)


def test_leaves_hold_what_moved_and_who_reaches(district: District) -> None:
    """Two firms of one holder and a third reach the threshold; the two are kept by holder."""
    recoded(district, 1, WHOLESALE, SOFTWARE)
    district.digital(1, 40)
    district.unit(5, revenue=3000, in_frame=True, in_frame_next=True, holder_id=7)
    district.unit(6, revenue=2000, holder_id=7)
    district.unit(7, revenue=2500, base="return", in_frame=True, in_frame_next=True)
    district.unit(8, revenue=4000, in_frame=True, in_frame_next=True, holder_id=7)
    district.run()
    leaves = {row["measure"]: row for row in district.rows("coverage_leaves") if row["period"] == 2021}
    assert {name: row["value"] for name, row in leaves.items()} == {
        "RECLASSIFIED_IN": 40, "UNITS_REACHING_LISTED": 3, "UNITS_REACHING_MISSING": 1, "UNITS_REACHING_BOTH": 2,
        "UNITS_REACHING_FRAME": 1, "UNITS_REACHING_TAX": 1, "REVENUE_LISTED": 95_000_000, "REVENUE_MISSING": 20_000_000,
    }  # fmt: skip
    listed = leaves["REVENUE_LISTED"]
    assert (listed["area"], listed["gbt_code"], listed["units"]) == (NANYUAN, WHOLESALE, 0)
    held = {(row["measure"], row["holder_id"]): row["value"] for row in district.rows("coverage_contributors")}
    assert held["REVENUE_LISTED", 7] == 95_000_000
    assert ("REVENUE_MISSING", 7) not in held
    assert (leaves["REVENUE_MISSING"]["units"], leaves["REVENUE_MISSING"]["x1"]) == (1, 20_000_000)
