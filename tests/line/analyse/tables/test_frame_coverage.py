"""Coverage of the above-scale list: rates, units that no list names, what each figure rests on."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.line.analyse.conftest import FUTIAN, LIANHUA, NANYUAN, Tables, leaf

Analysed = Callable[..., Tables]
YI = 10**8


def covered(measure: str, value: float, units: int, **changes: Any) -> dict[str, Any]:
    """One leaf of lone units of software in Lianhua."""
    row = {
        "period": 2021, "area": LIANHUA, "gbt_code": "6513", "measure": measure, "value": Decimal(str(value)),
        "absolute": Decimal(str(value)), "units": units, "x1": Decimal(1), "x2": Decimal(1),
    }  # fmt: skip
    return row | changes


@pytest.fixture
def city(analysed: Analysed) -> Tables:
    """The reference case of a city's trade and catering, all of it in one industry and one subdistrict."""
    return analysed(
        coverage_leaves=[
            covered("UNITS_REACHING_LISTED", 9461, 9461),
            covered("UNITS_REACHING_MISSING", 22_181, 22_181),
            covered("REVENUE_LISTED", 89_367.29 * YI, 9461),
            covered("REVENUE_MISSING", 33_953.72 * YI, 22_181),
            covered("UNITS_REACHING_BOTH", 8200, 8200),
            covered("UNITS_REACHING_FRAME", 1261, 1261),
            covered("UNITS_REACHING_TAX", 3800, 3800),
        ]
    )


def test_coverage_of_the_reference_case(city: Tables) -> None:
    """9461 of 31642 units are 29.90 %, 89367.29 of 123321.01 亿元 are 72.47 %; Chapman of 9461, 12000 and 8200."""

    def found(measure: str, area: str = FUTIAN, activity: str = "DE") -> float:
        return city.value("coverage", measure=measure, ref_area=area, activity=activity)

    assert (found("UNITS_REACHING"), found("UNITS_REACHING_LISTED", LIANHUA, "_T")) == (31_642, 9461)
    assert round(found("COVERAGE_COUNT"), 2) == 29.90
    assert found("REVENUE_REACHING", activity="03") == pytest.approx(123_321.01)
    assert round(found("COVERAGE_REVENUE", LIANHUA), 2) == 72.47
    assert round(found("UNITS_ESTIMATED", activity="_T"), 2) == 13_845.29
    assert round(found("UNITS_ESTIMATED_SE"), 2) == 31.41


def test_unseen_units_are_estimated_for_the_district_only(city: Tables) -> None:
    rows = city.rows("coverage", measure="UNITS_ESTIMATED")
    assert set(zip(rows["ref_area"], rows["activity"], strict=True)) == {(FUTIAN, "_T"), (FUTIAN, "DE")}
    assert set(rows["obs_status"]) == {"E"}


def test_a_rate_rests_on_what_is_listed_and_on_what_is_missing(city: Tables) -> None:
    """With total and rate the missing part is known too."""
    [cells] = city.rows("coverage", measure="COVERAGE_REVENUE", ref_area=FUTIAN, activity="DE")["rests_on"]
    assert list(cells) == [f"REVENUE_{part}|all|2021|{FUTIAN}|DE|_T" for part in ("LISTED", "MISSING")]
    [cells] = city.rows("coverage", measure="UNITS_ESTIMATED", ref_area=FUTIAN, activity="DE")["rests_on"]
    assert list(cells) == [f"UNITS_REACHING_{part}|all|2021|{FUTIAN}|DE|_T" for part in ("BOTH", "FRAME", "TAX")]
    assert city.cell(cells[0])["holders"] == 8200


def test_nothing_missing_is_a_coverage_of_100_and_no_unit_has_no_rate(analysed: Analysed) -> None:
    street = {"area": NANYUAN, "gbt_code": "5111"}
    tables = analysed(
        coverage_leaves=[
            covered("UNITS_REACHING_LISTED", 5, 5), covered("REVENUE_LISTED", 5 * YI, 5),
            covered("UNITS_REACHING_MISSING", 4, 4, **street), covered("REVENUE_MISSING", 4 * YI, 4, **street),
        ]
    )  # fmt: skip
    assert tables.value("coverage", measure="COVERAGE_COUNT", ref_area=LIANHUA, activity="DE") == 100
    assert tables.value("coverage", measure="COVERAGE_COUNT", ref_area=NANYUAN, activity="_T") == 0
    assert tables.value("coverage", measure="COVERAGE_REVENUE", ref_area=FUTIAN, activity="_T") == pytest.approx(
        500 / 9
    )
    assert tables.cell(f"UNITS_REACHING_MISSING|all|2021|{LIANHUA}|DE|_T")["holders"] == 0
    assert tables.rows("coverage", measure="COVERAGE_COUNT", ref_area=NANYUAN, activity="DE").empty


def test_a_holder_of_several_units_is_one_contributor(analysed: Analysed) -> None:
    """Three missing units of one holder: 3 units, 1 holder."""
    several = {"period": 2021, "area": LIANHUA, "gbt_code": "6513", "holder_id": 7}
    tables = analysed(
        coverage_leaves=[covered("UNITS_REACHING_MISSING", 3, 0, x1=None, x2=None)],
        coverage_contributors=[several | {"measure": "UNITS_REACHING_MISSING", "value": Decimal(3)}],
    )
    cell = tables.cell(f"UNITS_REACHING_MISSING|all|2021|{FUTIAN}|_T|_T")
    assert (cell["value"], cell["holders"], cell["x1"]) == (3, 1, 3)


def test_effect_of_changed_codes_on_the_core(analysed: Analysed) -> None:
    """30 came and 10 went in a core of 1000: 2 %, resting on all three."""
    tables = analysed(
        leaves=[leaf(2021, "030101", 1000)],
        coverage_leaves=[covered("RECLASSIFIED_IN", 30, 3), covered("RECLASSIFIED_OUT", 10, 3, gbt_code="5111")],
    )
    [row] = tables.rows("coverage", measure="RECLASSIFICATION").to_dict("records")
    assert (row["obs_value"], row["ref_area"], row["activity"]) == (pytest.approx(2), FUTIAN, "DE")
    assert list(row["rests_on"]) == [
        f"RECLASSIFIED_IN|all|2021|{FUTIAN}|_T|_T", f"RECLASSIFIED_OUT|all|2021|{FUTIAN}|_T|_T",
        f"VA|all|2021|{FUTIAN}|DE|_T",
    ]  # fmt: skip
