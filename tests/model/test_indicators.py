"""Indicators: every measure says what it is; the file must follow its schema."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from keli.base.errors import CatalogueError
from keli.model.catalogue import Catalogue
from keli.model.indicators import Indicator, indicators, read_indicators, resolved

HEAD = "table: {table}\ntitle_zh: 增加值\nindicators:\n"
ENTRY = (
    "  VA: {label_zh: 增加值, label_en: Value added, formula: CE + NTP + CFC + OS, unit_measure: CNY,"
    " unit_mult: 8, reference: SNA}\n"
)


def test_the_headline_is_in_hundred_million_yuan() -> None:
    indicator = indicators()["value_added", "VA"]
    assert (indicator.label_zh, indicator.unit_measure, indicator.unit_mult) == ("增加值", "CNY", 8)


def test_the_measures_of_value_added_are_those_of_the_open_table() -> None:
    assert {code for table, code in indicators() if table == "value_added"} == {
        "VA", "VA_UNBENCHMARKED", "VA_LOWER", "VA_UPPER", "BENCHMARK_FACTOR", "GROWTH", "GROWTH_MATCHED",
        "GROWTH_PUBLISHED", "SHARE_GDP", "SHARE_GDP_CHANGE", "CONTRIBUTION", "PULL", "VA_SPLIT_LOW", "VA_SPLIT_HIGH",
        "GROWTH_UNBENCHMARKED", "GROWTH_LOWER", "GROWTH_UPPER",
    }  # fmt: skip


def test_every_indicator_is_of_an_open_table_and_has_decimals(catalogue: Catalogue) -> None:
    decimals = catalogue.parameter("rounding/decimals").at(2021)
    assert {table for table, _ in indicators()} == {
        name.removeprefix("open_") for name in catalogue.tables if name.startswith("open_")
    }
    assert {code for _, code in indicators()} - set(decimals) == set()


def test_amounts_are_in_hundred_million_yuan_and_all_else_is_plain() -> None:
    assert {i.code for i in indicators().values() if (i.unit_measure == "CNY") != (i.unit_mult == 8)} == set()


def test_a_file_of_another_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "components.yaml"
    path.write_text(HEAD.format(table="value_added") + ENTRY, encoding="utf-8")
    with pytest.raises(CatalogueError, match='The table is called "value_added"'):
        read_indicators(path)


def test_an_unknown_unit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "value_added.yaml"
    path.write_text(HEAD.format(table="value_added") + ENTRY.replace("CNY", "YUAN"), encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"indicators\.VA\.unit_measure: 'YUAN'"):
        read_indicators(path)


def test_growth_rests_on_what_value_added_rests_on() -> None:
    value_added, growth = indicators()["value_added", "VA"], indicators()["value_added", "GROWTH"]
    assert growth.formed_from == ("VA",)
    assert growth.parameters == value_added.parameters
    assert growth.parameters[0] == "value_added/items"
    assert growth.constant_price_parameters == ("prices/base_year",)
    assert "prices" in growth.constant_price_inputs
    assert "prices" not in growth.inputs


def test_a_component_rests_on_an_indicator_of_another_table() -> None:
    compensation = indicators()["components", "CE"]
    assert compensation.origins == (("value_added", "VA"),)
    assert "controls" in compensation.inputs
    assert "prices/base_year" in compensation.constant_price_parameters


def test_the_bounds_rest_on_the_quantile_and_the_estimate_does_not() -> None:
    quantile = "uncertainty/normal_quantile"
    assert quantile in indicators()["value_added", "VA_LOWER"].release_parameters
    assert quantile in indicators()["reconciliation", "INSIDE_INTERVAL"].release_parameters
    assert quantile not in indicators()["value_added", "VA"].release_parameters


def test_register_counts_rest_on_no_protection() -> None:
    assert indicators()["enterprises", "UNITS"].release_parameters == ("rounding/convention", "rounding/decimals")


def _indicator(code: str, *formed_from: str) -> Indicator:
    growth = indicators()["value_added", "GROWTH"]
    return dataclasses.replace(growth, code=code, formed_from=formed_from)


def test_an_indicator_formed_from_itself_is_refused() -> None:
    with pytest.raises(CatalogueError, match='The indicator "value_added/A" is formed from itself'):
        resolved([_indicator("A", "B"), _indicator("B", "A")])


def test_an_indicator_formed_from_none_that_is_there_is_refused() -> None:
    with pytest.raises(CatalogueError, match='The indicator "components/C" is not there'):
        resolved([_indicator("A", "components/C")])
