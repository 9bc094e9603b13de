"""Coverage: the books of each source close; units by what is known of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.line.analyse.conftest import FUTIAN, LIANHUA, Tables

Analysed = Callable[..., Tables]


def book(source: str, file: str, rows: int, accepted: int, repaired: int) -> dict[str, Any]:
    return {
        "source": source, "file": file, "kind": "tax", "rows_in": rows, "rows_accepted": accepted,
        "rows_repaired": repaired, "rows_quarantined": rows - accepted,
    }  # fmt: skip


def test_replaced_rows_count_as_quarantined(analysed: Analysed) -> None:
    """Two files of 10 and 5 rows: 12 accepted, 4 of them repaired; 2 are replaced later, one a repaired one."""
    row = {"source": "tax", "file": "a.csv", "rule": "replaced_row"}
    tables = analysed(
        intake=[book("tax", "a.csv", 10, 8, 3), book("tax", "b.csv", 5, 4, 1), book("frame", "c.csv", 7, 7, 0)],
        superseded=[row | {"row": 2}, row | {"row": 3}],
        repairs=[row | {"row": 3, "column": "revenue"}, row | {"row": 3, "column": "name"}, row | {"row": 5}],
    )
    found = tables.rows("coverage", source="tax").set_index("measure")["obs_value"].to_dict()
    assert found == {
        "ROWS_IN": 15, "ROWS_ACCEPTED": 10, "ROWS_REPAIRED": 3, "ROWS_QUARANTINED": 5, "ROWS_UNREGISTERED": 0,
    }  # fmt: skip
    assert tables.value("coverage", source="frame", measure="ROWS_ACCEPTED") == 7
    rows = tables.rows("coverage")
    assert set(rows["time_period"]) == {"_T"}
    assert [list(cells) for cells in rows["rests_on"]] == [[]] * 10
    assert set(rows["unit_measure"]) == {"ROW"}


def test_rows_about_units_in_no_register_are_counted(analysed: Analysed) -> None:
    """Three rows of the tax list: one about a registered unit, two about the same unregistered one."""
    row = {"source": "tax", "kind": "tax", "file": "a.csv", "match": "unregistered"}
    unit = {"identity": "name:a", "consolidated": False, "unit_type": "legal", "holder_id": 1, "ownership": "_U"}
    tables = analysed(
        intake=[book("tax", "a.csv", 3, 3, 0), book("frame", "c.csv", 7, 7, 0)],
        unit_rows=[row | {"row": 2, "unit_id": 1}, row | {"row": 3, "unit_id": 2}, row | {"row": 4, "unit_id": 2}],
        units=[unit | {"unit_id": 1, "registered": True}, unit | {"unit_id": 2, "registered": False}],
    )
    assert tables.value("coverage", source="tax", measure="ROWS_UNREGISTERED") == 2
    assert tables.value("coverage", source="frame", measure="ROWS_UNREGISTERED") == 0


@pytest.fixture
def units(analysed: Analysed) -> Tables:
    """5 units of 6511 in a street, 4 with returns; 2 unclassified ones of an unknown street."""
    street = {"period": 2021, "area": LIANHUA, "gbt_code": "6511"}
    unknown = {"period": 2021, "area": FUTIAN, "gbt_code": "_U"}
    return analysed(
        count_leaves=[
            street | {"measure": "UNITS", "units": 5, "lone_units": 5},
            street | {"measure": "UNITS_CLASSIFIED", "units": 5, "lone_units": 5},
            street | {"measure": "UNITS_WITH_RETURNS", "units": 4, "lone_units": 4},
            unknown | {"measure": "UNITS", "units": 2, "lone_units": 2},
            unknown | {"measure": "UNITS_NO_BASIS", "units": 2, "lone_units": 2},
        ]
    )


def test_units_by_area_and_activity(units: Tables) -> None:
    def found(measure: str, area: str, activity: str) -> float:
        return units.value("coverage", measure=measure, ref_area=area, activity=activity)

    assert found("UNITS", FUTIAN, "_T") == 7
    assert found("UNITS", FUTIAN, "DE") == 5
    assert found("UNITS_CLASSIFIED", LIANHUA, "_T") == 5
    assert found("UNITS_WITH_RETURNS", FUTIAN, "030101") == 4
    assert found("UNITS_NO_BASIS", FUTIAN, "_T") == 2
    assert found("UNITS_NO_BASIS", FUTIAN, "DE") == 0


def test_register_counts_are_free_and_reporting_counts_rest_on_their_cell(units: Tables) -> None:
    place = {"ref_area": FUTIAN, "activity": "_T"}
    assert list(units.rows("coverage", measure="UNITS", **place)["rests_on"].iloc[0]) == []
    [cells] = units.rows("coverage", measure="UNITS_NO_BASIS", **place)["rests_on"]
    assert list(cells) == [f"UNITS_NO_BASIS|all|2021|{FUTIAN}|_T|_T"]
    assert units.cell(cells[0])["holders"] == 2
