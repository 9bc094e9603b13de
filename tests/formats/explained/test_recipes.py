"""Recipes: the figures of a formula at constant prices are in one base, or are not shown."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from keli.formats.explained.recipes import RECIPES, Neighbours, Operand, operand_row
from keli.model.indicators import indicators


def _row(year: str, measure: str, price_base: str = "V", base: str | None = None, **changes: Any) -> dict[str, Any]:
    row = {
        "time_period": year, "ref_area": "440304001", "activity": "0101", "size_class": "_T", "ownership": "_T",
        "measure": measure, "price_base": price_base, "base_period": base,
    }  # fmt: skip
    return row | changes


LEVELS = [
    _row("2020", "VA"),
    _row("2020", "VA", "Q", "2015"),
    _row("2021", "VA"),
    _row("2021", "VA", "Q", "2020"),
    _row("2022", "VA", "Q", "2020"),
    _row("2021", "BENCHMARK_FACTOR", ref_area="440304", activity="01"),
    _row("2021", "BENCHMARK_FACTOR", ref_area="440304", activity="DE"),
    _row("2021", "VA", ref_area="440304", activity="_T"),
]
DISTRICT = "440304"


def _found(operand: Operand, figure: dict[str, Any], rows: list[dict[str, Any]] = LEVELS) -> tuple[Any, ...] | None:
    neighbours = Neighbours(pa.Table.from_pylist(rows), ("440304001", DISTRICT))
    row = operand_row(operand, figure, neighbours, DISTRICT)
    return None if row is None else (row["time_period"], row["price_base"], row["base_period"])


def test_within_a_base_both_years_are_at_constant_prices() -> None:
    growth = _row("2022", "GROWTH", "Q", "2021")
    assert _found(Operand("VA"), growth) == ("2022", "Q", "2020")
    assert _found(Operand("VA", 1), growth) == ("2021", "Q", "2020")


def test_where_the_base_changes_the_year_before_is_at_its_own_prices() -> None:
    """2021 is in prices of 2020, and so is 2020 at current prices."""
    assert _found(Operand("VA", 1), _row("2021", "GROWTH", "Q", "2020")) == ("2020", "V", None)


def test_a_year_in_another_base_is_no_operand() -> None:
    """Had 2021 prices of 2019, no open figure shows 2020 in them."""
    rows = [_row("2020", "VA"), _row("2020", "VA", "Q", "2015"), _row("2021", "VA", "Q", "2019")]
    assert _found(Operand("VA", 1), _row("2021", "GROWTH", "Q", "2020"), rows) is None


def test_the_factor_is_that_of_the_major_in_the_district() -> None:
    factor = Operand("BENCHMARK_FACTOR", 0, "major")
    assert _found(factor, _row("2021", "VA")) == ("2021", "V", None)
    assert _found(factor, _row("2021", "VA", activity="DE", ref_area=DISTRICT)) == ("2021", "V", None)


def test_what_holds_several_majors_has_no_factor_of_its_own() -> None:
    factor = Operand("BENCHMARK_FACTOR", 0, "major")
    assert _found(factor, _row("2021", "VA", activity="P1")) is None
    assert _found(factor, _row("2021", "VA", activity="DE")) is None  # the core total of a subdistrict


def test_gdp_is_that_of_the_district() -> None:
    assert _found(Operand("VA", 0, "whole"), _row("2021", "SHARE_GDP")) == ("2021", "V", None)


def test_every_recipe_is_of_a_measure_of_value_added() -> None:
    measures = {code for table, code in indicators() if table == "value_added"}
    assert set(RECIPES) <= measures
    assert {operand.measure for recipe in RECIPES.values() for operand in recipe.operands} <= measures
