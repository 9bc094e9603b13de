"""Doubted codes: what the headline would do, which declared codes are confirmed, what a decision changes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tests.line.cover.conftest import SOFTWARE, TICKETS, WHOLESALE, District


def doubted(district: District, unit_id: int, declared: str, code: str, *, doubt: bool = True) -> None:
    """A unit with value added 40 whose declared code the coder knows; it doubts it or not."""
    district.unit(unit_id, code=declared, revenue=100, value_added=Decimal(40))
    opinion = {"unit_id": unit_id, "period": 2021, "declared_code": declared, "declared_origin": "register",
               "declared_share": 0.01, "code": code, "probability": 0.967, "p_core": 0.9}  # fmt: skip
    told = {"p_class": 0.5, "code_2": "6490", "code_3": "7510"}
    district.tables["code_opinions"].append(opinion | told)
    if doubt:
        core = {"declared_core": declared != WHOLESALE, "code_core": code != WHOLESALE}
        district.tables["code_doubts"].append(opinion | core | {"case_id": f"unit/{unit_id}/{declared}"})


def test_a_trader_that_writes_software_would_raise_the_headline(district: District) -> None:
    doubted(district, 1, WHOLESALE, SOFTWARE)
    district.run()
    case = district.cases("code")[1]
    assert (case["list"], case["case_id"], case["proposed"]) == ("codes", f"unit/1/{WHOLESALE}", SOFTWARE)
    assert (case["headline_change"], case["digital_value_added"]) == (40, 0)
    assert case["effect"] == "The headline would rise: more of the unit would be in the core."
    assert case["evidence"] == (
        "Declared 5111 谷物、豆及薯类批发 (register); scope and name speak for 6513 应用软件开发, its division with a "
        "probability of 96 %."
    )


@pytest.mark.parametrize(
    ("declared", "code", "digital", "coefficient", "change"),
    [
        (SOFTWARE, WHOLESALE, 40, None, -40),  # leaves the core
        (SOFTWARE, "6510", 40, None, 0),  # as much of it with either code
        (WHOLESALE, TICKETS, 0, 0.25, 10),  # a quarter of it is digital
        (WHOLESALE, TICKETS, 0, None, None),  # nobody knows which part
    ],
)
def test_change_of_the_headline(
    district: District, declared: str, code: str, digital: int, coefficient: float | None, change: int | None
) -> None:
    doubted(district, 1, declared, "6511" if code == "6510" else code)
    if digital:
        district.digital(1, digital)
    if coefficient is not None:
        district.tables["split_coefficients"].append(
            {"period": 2021, "gbt_code": TICKETS, "activity": "030401", "share": coefficient, "tier": "sample"}
        )
    district.run()
    assert district.cases("code")[1]["headline_change"] == change


def test_confirmed_codes_are_those_that_neither_coder_nor_person_finds_wrong(district: District) -> None:
    """Of four codes one is doubted, one was found wrong and one right by a person, one never questioned: 2 of 4."""
    doubted(district, 1, WHOLESALE, SOFTWARE)
    doubted(district, 2, WHOLESALE, SOFTWARE, doubt=False)
    doubted(district, 3, WHOLESALE, SOFTWARE, doubt=False)
    doubted(district, 4, WHOLESALE, WHOLESALE, doubt=False)
    said = {"list": "codes", "proposed": SOFTWARE, "received": dt.date(2022, 3, 1)}
    district.tables["decisions"] += [
        said | {"case_id": f"unit/2/{WHOLESALE}", "decision": "yes", "value": SOFTWARE},
        said | {"case_id": f"unit/3/{WHOLESALE}", "decision": "no", "value": SOFTWARE},
    ]
    district.run()
    counted = {row["measure"]: row["value"] for row in district.rows("coverage_leaves")}
    assert (counted["UNITS_CODES_CONFIRMED"], counted["UNITS_CODES_DOUBTED"]) == (2, 2)


def test_a_decision_that_brings_a_unit_into_the_core_is_a_reclassification(district: District) -> None:
    """Declared wholesale, decided software in both years: no change from year to year, but 40 of 1000 came by it."""
    for period in (2020, 2021):
        district.unit(1, code=SOFTWARE, revenue=100, period=period, value_added=Decimal(40))
        district.digital(1, 40, period)
        district.digital(9, 960, period)
        district.tables["unit_activity"].append(
            {"unit_id": 1, "period": period, "gbt_code": SOFTWARE, "origin": "decision", "confidence": 1.0,
             "core": True, "starred": False, "recoded": False, "size_class": "_U"}
        )  # fmt: skip
    district.tables["decisions"].append(
        {"list": "codes", "case_id": f"unit/1/{WHOLESALE}", "decision": "yes", "value": SOFTWARE,
         "received": dt.date(2022, 3, 1)}
    )  # fmt: skip
    district.run()
    found = {row["period"]: (row["added"], row["raised"]) for row in district.rows("coverage_alerts")}
    assert found == {2020: (40, True), 2021: (40, True)}
