"""Indicators: every measure says what it is; the file must follow its schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from keli.base.errors import CatalogueError
from keli.model.catalogue import Catalogue
from keli.model.indicators import indicators, read_indicators

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
        "GROWTH_PUBLISHED", "SHARE_GDP", "SHARE_GDP_CHANGE", "CONTRIBUTION", "PULL",
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
