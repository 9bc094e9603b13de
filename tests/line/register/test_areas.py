"""Where a unit is, what that rests on, and when it moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import ibis
import pytest
from tests.line.register.conftest import Row

from keli.engine.context import StageContext
from keli.engine.places.official import address_areas
from keli.line.register import stage
from keli.model.places.gazetteer import GazetteerFile
from keli.model.workspace import Workspace

Register = Callable[..., dict[tuple[int, int], Row]]
FUTIAN, SHATOU, LIANHUA, NANSHAN = "440304", "440304005", "440304008", "440305007"


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("深圳市福田区沙头街道天安社区泰然路1号", SHATOU),
        ("福田区莲花街道办事处", LIANHUA),
        ("沙头街道", SHATOU),
        ("深圳市福田区上沙社区5栋", SHATOU),
        ("上沙社区5栋", None),
        ("深圳市福田区深南大道1号", FUTIAN),
        ("深圳市福田区沙头下沙村", FUTIAN),
        ("深圳市福田保税区市花路", FUTIAN),
        ("深圳市南山区粤海街道", "outside"),
        ("粤海街道科苑路", "outside"),
        ("深圳市坪山新区", "outside"),
        ("义乌市福田街道", "outside"),
        ("浙江省义乌市福田街道", "outside"),
        ("广东省深圳市福田区沙头街道", SHATOU),
        ("深圳市盐田区沙头角街道", "outside"),
        ("华强北路1号", None),
        ("深南大道1号", None),
    ],
)
def test_an_address_counts_by_official_names_only(
    make_context: Callable[..., StageContext], address: str, area: str | None
) -> None:
    context = make_context(stage)
    told = context.connection.create_table("told", ibis.memtable({"address": [address, None, address]}), temp=True)
    found = address_areas(told, context.catalogue.areas, FUTIAN)
    rows = context.connection.to_pyarrow(found.select("address", "named_area")).to_pylist()
    assert rows == [{"address": address, "named_area": area}]


RETURN, TAX = {"unit_id": 1, "period": 2021}, {"unit_id": 1, "period": 2021}


@pytest.mark.parametrize(
    ("unit", "annual", "tax", "area", "basis"),
    [
        ({"subdistrict": LIANHUA}, {"subdistrict": SHATOU}, {"subdistrict": LIANHUA}, SHATOU, "return"),
        ({"subdistrict": LIANHUA}, {"address": "福田区沙头街道"}, {}, SHATOU, "return"),
        ({"subdistrict": LIANHUA}, {"address": "福田区深南大道"}, {}, LIANHUA, "return"),
        ({"subdistrict": LIANHUA}, {"address": "南山区"}, {}, "outside", "return"),
        ({"subdistrict": LIANHUA}, {}, {"subdistrict": SHATOU}, SHATOU, "legal_seat"),
        ({"subdistrict": LIANHUA, "address": "福田区沙头街道"}, {}, {}, LIANHUA, "legal_seat"),
        ({"subdistrict": NANSHAN}, {}, {}, "outside", "legal_seat"),
        ({"address": "福田区沙头街道"}, {}, {}, SHATOU, "address"),
        ({"subdistrict": LIANHUA, "unit_type": "local_activity"}, {}, {}, LIANHUA, "local_unit"),
        ({}, {}, {}, FUTIAN, "unknown"),
        ({"consolidated": True}, {}, {}, "outside", "unknown"),
    ],
)
def test_the_best_evidence_of_place_decides(
    register: Register, unit: Row, annual: Row, tax: Row, area: str, basis: str
) -> None:
    row = register([{"unit_id": 1} | unit], returns=[RETURN | annual], revenue_bases=[TAX | tax])[1, 2021]
    assert (row["area"], row["area_basis"], row["in_district"]) == (area, basis, area != "outside")


def test_without_evidence_a_list_of_the_district_decides(register: Register) -> None:
    units = [{"unit_id": 1}, {"unit_id": 2}]
    rows = register(units, frame=[{"unit_id": 1, "entry_date": dt.date(2015, 1, 1)}])
    assert (rows[1, 2021]["area"], rows[1, 2021]["in_district"]) == (FUTIAN, True)
    assert (rows[2, 2021]["area"], rows[2, 2021]["in_district"]) == ("outside", False)


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        (SHATOU, LIANHUA, (False, False, True)),
        (NANSHAN, LIANHUA, (True, False, False)),
        (LIANHUA, NANSHAN, (False, True, False)),
        (LIANHUA, LIANHUA, (False, False, False)),
        (FUTIAN, LIANHUA, (False, False, False)),
    ],
)
def test_moves_are_seen_against_the_year_before(
    register: Register, before: str, after: str, moves: tuple[bool, bool, bool]
) -> None:
    returns = [{"unit_id": 1, "period": 2020, "subdistrict": before}, RETURN | {"subdistrict": after}]
    rows = register([{"unit_id": 1}], returns=returns)
    events = ("moved_in", "moved_out", "moved_within")
    assert tuple(rows[1, 2021][event] for event in events) == moves
    assert not any(rows[1, 2020][event] for event in events)


PLACED = "深圳市福田区泰然九路雪松大厦"


@pytest.mark.parametrize(
    ("unit", "annual", "area", "basis"),
    [
        ({"address": PLACED}, {}, SHATOU, "gazetteer"),
        ({}, {"address": PLACED}, SHATOU, "gazetteer"),
        ({"address": PLACED}, {"address": "福田区"}, SHATOU, "gazetteer"),
        ({"address": PLACED, "subdistrict": LIANHUA}, {}, LIANHUA, "legal_seat"),
        ({"address": PLACED}, {"subdistrict": LIANHUA}, LIANHUA, "return"),
        ({"address": PLACED}, {"address": "南山区"}, "outside", "return"),
        ({"address": "福田区无名大厦"}, {}, FUTIAN, "address"),
    ],
)
def test_the_gazetteer_places_what_official_names_leave_open(
    register: Register, workspace: Workspace, tmp_path: Path, unit: Row, annual: Row, area: str, basis: str
) -> None:
    file = tmp_path / "buildings.csv"
    file.write_text("building,subdistrict,n\n雪松大厦,沙头街道,3\n", encoding="utf-8")
    supplied = replace(workspace, gazetteer={"buildings": GazetteerFile(file)})
    row = register([{"unit_id": 1} | unit], returns=[RETURN | annual], workspace=supplied)[1, 2021]
    assert (row["area"], row["area_basis"], row["in_district"]) == (area, basis, area != "outside")
