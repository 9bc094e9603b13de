"""Parameters in a passport: the value of the period, in plain words."""

from __future__ import annotations

from typing import Any

import pytest

from keli.formats.explained.parameters import named_parameters, parameter_lines, rested_on


def _entry(value: Any, unit: str = "1", valid_from: str = "2000-01-01", name: str = "group/name") -> dict[str, Any]:
    return {
        "name": name, "label_zh": "参数", "description": "What it is.", "value": value, "unit": unit,
        "valid_from": valid_from, "reference": "a document", "verified": True,
    }  # fmt: skip


BASE_YEARS = [
    _entry(2015, "year", "2016-01-01", "prices/base_year"),
    _entry(2020, "year", "2021-01-01", "prices/base_year"),
]


@pytest.mark.parametrize(("year", "base"), [(2016, 2015), (2020, 2015), (2021, 2020), (2030, 2020)])
def test_the_entry_is_the_last_one_valid_in_the_year(year: int, base: int) -> None:
    assert [entry["value"] for entry in rested_on(BASE_YEARS, ["prices/base_year"], year)] == [base]


def test_a_parameter_that_the_release_does_not_use_is_left_out() -> None:
    assert rested_on(BASE_YEARS, ["intake/exchange_rates", "prices/base_year"], 2015) == []


def test_constant_prices_rest_on_more() -> None:
    indicator = {
        "parameters": ["a/b"],
        "release_parameters": ["r/z", "r/a"],
        "constant_price_parameters": ["prices/base_year"],
    }
    assert named_parameters(indicator, "V") == (("a/b",), ("r/a", "r/z"))
    assert named_parameters(indicator, "Q") == (("a/b", "prices/base_year"), ("r/a", "r/z"))


@pytest.mark.parametrize(
    ("value", "unit", "head"),
    [
        (85, "PCT", "  group/name 参数 = 85 %"),
        (2020, "year", "  group/name 参数 = 2020 年"),
        (20000000, "yuan a year", "  group/name 参数 = 20,000,000 元/年 yuan a year"),
        ("half_up", "convention", "  group/name 参数 = half_up"),
        ({}, "1", "  group/name 参数 = 无 none"),
        ([], "1", "  group/name 参数 = 无 none"),
        (["L", "M"], "1", "  group/name 参数 = L, M"),
    ],
)
def test_a_single_value_stands_with_its_unit(value: Any, unit: str, head: str) -> None:
    lines = parameter_lines(_entry(value, unit), "VA", 80, described=False)
    assert lines == [head, "    from 2000-01-01; 已核实 verified; a document"]


def test_a_list_is_a_table() -> None:
    value = [{"scope": ["B", "C"], "revenue_min": 20000000}, {"scope": ["E"], "revenue_min": None}]
    assert parameter_lines(_entry(value), "VA", 80, described=True)[1:-1] == [
        "    What it is.",
        "    scope  revenue_min",
        "    B, C   20,000,000",
        "    E      –",
    ]


def test_a_mapping_by_measures_is_cut_to_the_measure() -> None:
    value = {"VA": {"headline": 2, "detail": 4}, "PULL": {"headline": 1, "detail": 1}}
    lines = parameter_lines(_entry(value), "VA", 80, described=False)
    assert lines[1:-1] == ["    区合计 headline  2", "    分项 detail      4"]
    assert parameter_lines(_entry(value), "UNITS", 80, described=False)[2] == (
        "    PULL  区合计 headline 1, 分项 detail 1"
    )
