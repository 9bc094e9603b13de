"""Size classes by the 2017 rule, and the counts of enterprises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from tests.line.classify.conftest import Classified, Row

Classify = Callable[..., Classified]
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("code", "figures", "size"),
    [
        # Software: employees 300/100/10, revenue 100/10/0.5 million yuan.
        ("6513", {"employees": 300.0, "revenue": 100 * MILLION}, "L"),
        ("6513", {"employees": 299.0, "revenue": 100 * MILLION}, "M"),
        ("6513", {"employees": 300.0, "revenue": 9 * MILLION}, "S"),
        ("6513", {"employees": 9.0, "revenue": 100 * MILLION}, "MI"),
        ("6513", {"employees": 300.0}, "_U"),
        # Business services: employees 300/100/10, assets 1,200/80/1 million yuan.
        ("7259", {"employees": 100.0, "assets": 80 * MILLION}, "M"),
        # Farming: revenue alone, 200/5/0.5 million yuan.
        ("0111", {"revenue": 5 * MILLION}, "M"),
        # Education has no size class.
        ("8310", {"employees": 300.0, "revenue": 100 * MILLION}, "_U"),
    ],
)
def test_every_indicator_must_reach_the_bound(classify: Classify, code: str, figures: Row, size: str) -> None:
    annual = {"unit_id": 1, "period": 2021, "gbt_code": code} | figures
    assert classify([{"unit_id": 1}], returns=[annual]).activity[1, 2021]["size_class"] == size


@pytest.mark.parametrize(
    ("base", "size"),
    [
        ({"quarters": 4, "quarterly_revenue": 100 * MILLION, "employees": 300.0}, "L"),
        ({"quarters": 3, "quarterly_revenue": 100 * MILLION, "employees": 300.0}, "_U"),
        ({"quarters": 3, "quarterly_revenue": 100 * MILLION, "taxable_revenue": MILLION, "employees": 300.0}, "S"),
    ],
)
def test_without_a_return_the_revenue_base_tells_the_size(classify: Classify, base: Row, size: str) -> None:
    unit = {"unit_id": 1, "gbt_code": "6513", "gbt_code_source": "register"}
    found = classify([unit], revenue_bases=[{"unit_id": 1, "period": 2021} | base])
    assert found.activity[1, 2021]["size_class"] == size


def counted(classified: Classified, period: int = 2021) -> dict[tuple[str, str, str], int]:
    """Units by measure, area and code, all sizes and statuses together."""
    found: Counter[tuple[str, str, str]] = Counter()
    for row in classified.leaves:
        if row["period"] == period:
            found[row["measure"], row["area"], row["gbt_code"]] += row["units"]
    return dict(found)


def test_events_are_counted_in_the_area_of_the_year(classify: Classify) -> None:
    unit = {"gbt_code": "6513", "gbt_code_source": "register"}
    units = [unit | {"unit_id": number} for number in range(1, 7)] + [{"unit_id": 7}]
    area, left = "440304005", "440304008"
    now: list[Row] = [
        {"unit_id": 1, "born": True, "in_frame": True},
        {"unit_id": 2, "status": "closed", "died": True, "in_frame_previous": True},
        {"unit_id": 3, "moved_in": True, "in_frame": True, "in_frame_previous": True, "in_frame_next": True},
        {"unit_id": 4, "moved_within": True},
        {"unit_id": 5, "moved_out": True, "in_district": False, "area": "outside"},
        {"unit_id": 6, "consolidated": True, "registered": False},
        {"unit_id": 7},
    ]
    before = {"unit_id": 5, "period": 2020, "area": left}
    found = classify(units, [before, *(row | {"period": 2021} for row in now)])
    assert counted(found, 2020) == {("UNITS", left, "6513"): 1}
    assert counted(found) == {
        ("UNITS", area, "6513"): 4,
        ("UNITS", area, "_U"): 1,
        ("BIRTHS", area, "6513"): 1,
        ("DEATHS", area, "6513"): 1,
        ("MOVES_IN", area, "6513"): 1,
        ("MOVES_WITHIN", area, "6513"): 1,
        ("MOVES_OUT", left, "6513"): 1,
        ("FRAME_UNITS", area, "6513"): 2,
        ("FRAME_ENTRIES", area, "6513"): 1,
        ("FRAME_EXITS", area, "6513"): 1,
    }


def test_recodes_are_counted_under_the_new_code(classify: Classify) -> None:
    returns = [{"unit_id": 1, "period": year, "gbt_code": code} for year, code in ((2020, "6513"), (2021, "6519"))]
    found = counted(classify([{"unit_id": 1}], returns=returns))
    assert found == {("UNITS", "440304005", "6519"): 1, ("RECODES", "440304005", "6519"): 1}


def test_units_are_counted_by_status_and_registered_ones_even_if_consolidated(classify: Classify) -> None:
    # Unit 3 is registered and its return is a group's: counted, of unknown size. Unit 4 is a group in no register.
    unit = {"gbt_code": "6513", "gbt_code_source": "register"}
    now: list[Row] = [
        {"unit_id": 1},
        {"unit_id": 2, "status": "closed", "died": True},
        {"unit_id": 3, "consolidated": True, "born": True},
        {"unit_id": 4, "consolidated": True, "registered": False},
    ]
    figures = {"period": 2021, "employees": 300.0, "revenue": 100 * MILLION}
    returns = [{"unit_id": 1} | figures, {"unit_id": 3, "consolidated": True} | figures]
    found = classify(
        [unit | {"unit_id": number} for number in range(1, 5)], [row | {"period": 2021} for row in now], returns=returns
    )
    assert {(row["measure"], row["status"], row["size_class"]): row["units"] for row in found.leaves} == {
        ("UNITS", "active", "L"): 1,
        ("UNITS", "active", "_U"): 1,
        ("BIRTHS", "active", "_U"): 1,
        ("UNITS", "closed", "_U"): 1,
        ("DEATHS", "closed", "_U"): 1,
    }
