"""Passports: one number at a time, from open tables only, nothing that is withheld."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keli.base.errors import KeliError
from keli.engine.shelf import Shelf, StoredRelease
from keli.formats.open_table import OpenTable
from keli.formats.passport import Origins, one_row, passport
from keli.formats.selection import conditions_of

INDICATORS = {
    "VA": {"label_zh": "增加值", "label_en": "value added", "formula": "CE + NTP + CFC + OS", "reference": "SNA 2008"}
}
HEADLINE = ["time_period=2021", "activity=DE", "measure=VA", "price_base=V"]


@pytest.fixture
def release(released: Path) -> StoredRelease:
    return Shelf(released / "releases").open()


def _passport(release: StoredRelease, *conditions: str) -> str:
    table = OpenTable("value_added", release.table("value_added"), release.manifest)
    origins = Origins(INDICATORS, release.catalogue("labels"), release.table("components"), release.table("evidence"))
    return "\n".join(passport(one_row(table, conditions_of(conditions)), table, origins))


def test_passport_of_the_headline(release: StoredRelease) -> None:
    text = _passport(release, *HEADLINE)
    assert "ref_area: 440304 福田区" in text
    assert "figure: 624.92 亿元" in text
    assert "price basis: current prices 现价" in text
    assert "vintage: 初步核算, inputs received to 2022-08-31, status A" in text
    assert "CE + NTP + CFC + OS" in text
    assert "  reported SHARE_VA: 88.3 %" in text
    assert "  2021 DE VA_UNBENCHMARKED V: 620.1234 亿元" in text
    assert "  2021 DE BENCHMARK_FACTOR V: 1.0077" in text
    assert "inputs/register.csv sha256 " + "ab" * 32 in text
    assert f"release: {release.manifest.release_id} test district" in text
    assert "secondary: none" in text
    assert "code version: 0.1.0 sha256 " in text


def test_only_components_that_may_be_shown_are_shown(release: StoredRelease) -> None:
    """CE 300.00 and NTP 24.92 are free, CFC and OS withheld."""
    lines = _passport(release, *HEADLINE).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("components"))
    assert lines[start + 1 : start + 4] == ["  CE: 300.00 亿元", "  NTP: 24.92 亿元", "  2 parts confidential"]


def test_the_only_withheld_component_is_not_told_by_the_others(
    publish_rows: Callable[..., Path], open_rows: dict[str, list[dict[str, Any]]]
) -> None:
    compensation, taxes, depreciation, surplus = open_rows["open_components"]
    known = depreciation | {"obs_value": 100.0, "conf_status": "F"}
    folder = publish_rows({"open_components": [compensation, taxes, known, surplus]})
    text = _passport(Shelf(folder.parent).open(), *HEADLINE)
    assert "components 收入法构成: confidential" in text
    assert "300.00" not in text


def test_growth_shows_the_two_levels_that_it_compares(release: StoredRelease) -> None:
    text = _passport(release, "measure=GROWTH")
    assert "  2021 DE VA V: 624.92 亿元" in text
    assert "  2020 DE VA V: 530.49 亿元" in text
    assert "components" not in text


def test_parameters_come_with_reference_and_say_if_unverified(release: StoredRelease) -> None:
    text = _passport(release, *HEADLINE)
    line = next(line for line in text.splitlines() if line.startswith("  protection/dominance_k = "))
    assert line.startswith("  protection/dominance_k = 85 (PCT, from ")
    assert ("verified; " in line) or ("NOT VERIFIED; " in line)
    assert "rounding/decimals = " in text


def test_confidential_figure_says_that_and_nothing_else(release: StoredRelease) -> None:
    text = _passport(release, "activity=0101")
    assert "figure: confidential" in text
    for word in ("formula", "components", "evidence", "parameters", "inputs", "price basis"):
        assert word not in text


def test_constant_prices_name_their_base(release: StoredRelease) -> None:
    text = _passport(release, "measure=VA", "price_base=Q")
    assert "figure: 610.25 亿元" in text
    assert "price basis: constant prices 不变价, base 2020" in text


def test_open_dimensions_are_listed_with_their_values(release: StoredRelease) -> None:
    with pytest.raises(KeliError) as caught:
        _passport(release, "measure=VA", "activity=DE")
    assert caught.value.what.splitlines() == [
        "3 rows meet the conditions. Still open are:",
        "    time_period: 2020, 2021",
        "    price_base: Q, V",
    ]
    assert caught.value.example == "time_period=2020 price_base=V"  # a row that is there


def test_conditions_that_exclude_each_other_are_said(release: StoredRelease) -> None:
    with pytest.raises(KeliError, match="No row meets all the conditions together"):
        _passport(release, "measure=GROWTH", "time_period=2020")
