"""How sources are merged: precedence, provenance, holders, consolidated groups."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from tests.line.link.conftest import CODES, Linked, Row

from keli.model.workspace import Source, Workspace

Link = Callable[..., Linked]


def sources(workspace: Workspace, *names: str, **precedence: tuple[str, ...]) -> Workspace:
    given = tuple(Source(name, "register", (), dt.date(2022, 3, 1), {}) for name in names)
    return dataclasses.replace(workspace, sources=given, precedence=precedence)


TWO_REGISTERS = [
    {"source": "city", "uscc": CODES[0], "name": "旧名", "scope": "软件开发"},
    {"source": "district", "uscc": CODES[0], "name": "新名", "address": "福田区"},
]


@pytest.mark.parametrize(
    ("precedence", "name", "source"), [({}, "旧名", "city"), ({"name": ("district",)}, "新名", "district")]
)
def test_each_attribute_comes_from_its_best_source(
    link: Link, workspace: Workspace, precedence: dict[str, tuple[str, ...]], name: str, source: str
) -> None:
    linked = link(sources(workspace, "city", "district", **precedence), register=TWO_REGISTERS)
    unit = linked.unit(f"code:{CODES[0]}")
    assert (unit["name"], unit["name_source"]) == (name, source)
    assert (unit["scope"], unit["scope_source"]) == ("软件开发", "city")
    assert (unit["address"], unit["address_source"]) == ("福田区", "district")
    assert (unit["subdistrict"], unit["subdistrict_source"]) == (None, None)


def test_within_a_source_the_file_received_last_and_then_the_upper_row_speaks(link: Link) -> None:
    row = {"source": "register", "uscc": CODES[0]}
    linked = link(
        register=[
            row | {"file": "a.csv", "row": 2, "name": "甲", "received": dt.date(2021, 1, 1)},
            row | {"file": "b.csv", "row": 3, "name": "丙", "received": dt.date(2022, 1, 1)},
            row | {"file": "b.csv", "row": 2, "name": "乙", "received": dt.date(2022, 1, 1)},
        ]
    )
    assert linked.unit(f"code:{CODES[0]}")["name"] == "乙"


def test_the_frame_comes_before_the_register_for_the_code(link: Link) -> None:
    linked = link(
        register=[{"uscc": CODES[0], "name": "甲", "gbt_code": "6513"}],
        frame=[{"uscc": CODES[0], "gbt_code": "6519", "entry_date": dt.date(2020, 1, 1)}],
    )
    unit = linked.unit(f"code:{CODES[0]}")
    assert (unit["gbt_code"], unit["gbt_code_source"], unit["name_source"]) == ("6519", "frame", "register")


@pytest.mark.parametrize(
    ("row", "unit_type"),
    [
        ({"uscc": CODES[0]}, "legal"),
        ({"uscc": CODES[3]}, "individual"),
        ({"uscc": CODES[3], "unit_type": "legal"}, "legal"),
        ({"name": "甲分公司", "parent_uscc": CODES[0]}, "local_activity"),
    ],
)
def test_the_type_of_unit_follows_from_parent_and_code(link: Link, row: Row, unit_type: str) -> None:
    [unit] = link(register=[row]).rows("units")
    assert unit["unit_type"] == unit_type


@pytest.mark.parametrize(
    ("registration_type", "ownership"),
    [
        ("173", "170"),
        ("私营有限责任公司", "170"),
        ("有限责任公司", "150"),
        ("外资企业", "300"),
        ("不明", "_U"),
        (None, "_U"),
    ],
)
def test_ownership_is_the_group_of_the_registration_type(
    link: Link, registration_type: str | None, ownership: str
) -> None:
    [unit] = link(register=[{"name": "甲", "registration_type": registration_type}]).rows("units")
    assert unit["ownership"] == ownership
    assert unit["ownership_source"] == (None if ownership == "_U" else "register")


def test_units_of_one_group_have_one_holder(link: Link) -> None:
    linked = link(
        register=[
            {"name": "大集团", "uscc": CODES[0]},
            {"name": "子公司一", "uscc": CODES[1], "holder": "大 集团"},
            {"name": "子公司二", "uscc": CODES[2], "holder": "大集团"},
            {"name": "一分公司", "parent_uscc": CODES[1]},
            {"name": "独立公司"},
        ]
    )
    holders = {row["name"]: row["holder_id"] for row in linked.rows("units")}
    group = holders.pop("独立公司")
    assert group == linked.unit("name:独立公司")["unit_id"]
    assert len(set(holders.values())) == 1
    branch = linked.unit("name:一分公司")
    assert branch["parent_id"] == linked.unit(f"code:{CODES[1]}")["unit_id"]


def test_a_branch_of_an_unknown_parent_is_held_by_it(link: Link) -> None:
    linked = link(register=[{"name": "一部", "parent_uscc": CODES[0]}, {"name": "二部", "parent_uscc": CODES[0]}])
    first, second = linked.rows("units")
    assert first["holder_id"] == second["holder_id"] == first["parent_id"]


GROUP = {"source": "listed", "consolidated": True, "name": "上市公司", "year": 2020, "revenue": 900}


def test_a_unit_known_from_group_figures_only_is_consolidated(link: Link) -> None:
    linked = link(register=[{"name": "上市公司", "uscc": CODES[0]}], annual_return=[GROUP])
    unit = linked.unit(f"code:{CODES[0]}")
    assert (unit["registered"], unit["consolidated"]) == (True, True)
    assert [row["consolidated"] for row in linked.rows("returns")] == [True]


def test_figures_of_its_own_replace_those_of_the_group(link: Link) -> None:
    linked = link(
        register=[{"name": "上市公司", "uscc": CODES[0]}],
        annual_return=[GROUP],
        tax=[{"uscc": CODES[0], "year": 2020, "taxable_revenue": 100}],
    )
    assert linked.unit(f"code:{CODES[0]}")["consolidated"] is False
    assert linked.rows("returns") == []
    assert [(row["source"], row["rule"], row["period"]) for row in linked.rows("superseded")] == [
        ("listed", "replaced_row", 2020)
    ]
