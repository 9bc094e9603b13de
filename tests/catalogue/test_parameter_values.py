"""Shipped parameters: their values as the line's documents state them, each with unit, date and reference."""

from __future__ import annotations

from typing import Any

import pytest

from keli.model.catalogue import Catalogue
from keli.model.indicators import indicators
from keli.model.workspace import Workspace


def by_item(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    return {item["item"]: item for item in catalogue.parameter("value_added/items").at(2021)}


def test_every_value_has_unit_date_and_reference(catalogue: Catalogue) -> None:
    for parameter in catalogue.parameters.values():
        assert parameter.unit, parameter.name
        assert parameter.description.endswith("."), parameter.name
        for value in parameter.values:
            assert len(value.reference) > 3, parameter.name


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("protection/min_count", 3, "holder"),
        ("protection/dominance_n", 1, "holder"),
        ("protection/dominance_k", 85, "PCT"),
        ("protection/p_percent", 10, "PCT"),
        ("rounding/convention", "half_up", "convention"),
        ("imputation/min_cell", 5, "unit"),
        ("value_added/subsidy_convention", "net_taxes", "convention"),
        ("value_added/interest_convention", "excluded", "convention"),
        ("value_added/external_rates", {}, "1"),
        ("uncertainty/normal_quantile", 1.96, "1"),
        ("split/evidence_max_age_months", 24, "month"),
    ],
)
def test_defaults_of_the_line(catalogue: Catalogue, name: str, value: Any, unit: str) -> None:
    assert (catalogue.parameter(name).at(2017), catalogue.parameter(name).unit) == (value, unit)


def test_items_of_value_added_carry_the_codes_of_the_form(catalogue: Catalogue) -> None:
    codes = {name: item["field_code"] for name, item in by_item(catalogue).items() if item["field_code"]}
    assert codes == {
        "payroll": "401",
        "taxes_surcharges": "309",
        "vat_payable": "402",
        "depreciation": "211",
        "operating_profit": "323",
        "asset_impairment": "320",
        "fair_value_gain": "321",
        "investment_income": "322",
    }


def test_required_items_are_the_five_of_the_income_approach(catalogue: Catalogue) -> None:
    assert [name for name, item in by_item(catalogue).items() if item["required"]] == [
        "payroll",
        "taxes_surcharges",
        "vat_payable",
        "depreciation",
        "operating_profit",
    ]


def test_subsidy_vector_gives_60(catalogue: Catalogue) -> None:
    """Revenue 100, inputs 40, subsidy 8: operating profit 68, net taxes -8, value added 60 (not 52)."""
    return_of_the_unit = {"operating_profit": 68, "other_income": 8}
    items = by_item(catalogue)
    components: dict[str, int] = {}
    for name, value in return_of_the_unit.items():
        component = items[name]["component"]
        components[component] = components.get(component, 0) + items[name]["sign"] * value
    assert components == {"surplus": 68, "net_taxes": -8}
    assert sum(components.values()) == 60


def test_gains_are_taken_out_and_losses_put_back(catalogue: Catalogue) -> None:
    signs = {name: item["sign"] for name, item in by_item(catalogue).items() if item["component"] == "surplus"}
    assert {name for name, sign in signs.items() if sign == -1} == {
        "fair_value_gain",
        "investment_income",
        "hedging_gain",
        "asset_disposal_gain",
    }
    assert {name for name, sign in signs.items() if sign == 1} == {
        "operating_profit",
        "asset_impairment",
        "credit_impairment",
        "interest_net",
    }


def test_every_item_is_a_column_of_the_annual_return(catalogue: Catalogue) -> None:
    assert set(by_item(catalogue)) <= set(catalogue.sources["annual_return"].column_names)


def test_headline_prints_as_the_district_does(catalogue: Catalogue) -> None:
    decimals = catalogue.parameter("rounding/decimals").at(2021)
    headline = {measure: decimals[measure]["headline"] for measure in ("VA", "GROWTH", "SHARE_GDP", "SHARE_GDP_CHANGE")}
    assert headline == {"VA": 2, "GROWTH": 1, "SHARE_GDP": 1, "SHARE_GDP_CHANGE": 1}
    assert (decimals["VA"]["detail"], decimals["PULL"]["detail"], decimals["UNITS"]["detail"]) == (4, 2, 0)


def test_every_measure_of_the_open_tables_has_decimals(catalogue: Catalogue) -> None:
    decimals = catalogue.parameter("rounding/decimals").at(2021)
    assert set(decimals) == {code for _, code in indicators()}


def test_thresholds_name_known_industries(catalogue: Catalogue) -> None:
    rules = catalogue.parameter("thresholds/above_scale").at(2021)
    scopes = [scope for rule in rules for scope in rule["scope"]]
    assert [scope for scope in scopes if scope not in catalogue.gbt] == []
    assert len(scopes) == len(set(scopes))
    revenue_min = {scope: rule["revenue_min"] for rule in rules for scope in rule["scope"]}
    assert (revenue_min["C"], revenue_min["52"], revenue_min["I"], revenue_min["L"]) == (
        20_000_000,
        5_000_000,
        20_000_000,
        10_000_000,
    )
    assert revenue_min["E"] is revenue_min["701"] is None


def test_no_class_has_two_thresholds(catalogue: Catalogue) -> None:
    rules = catalogue.parameter("thresholds/above_scale").at(2021)
    classes = [code for rule in rules for scope in rule["scope"] for code in catalogue.gbt.below(scope, "class")]
    assert len(classes) == len(set(classes))


def test_a_wrong_scale_is_never_ambiguous(catalogue: Catalogue) -> None:
    band = catalogue.parameter("intake/payroll_per_head").at(2021)
    assert 0 < band["min"] < band["max"] < 1000 * band["min"]


def test_confidence_falls_with_the_distance_of_the_origin(catalogue: Catalogue) -> None:
    confidence = catalogue.parameter("classification/confidence").at(2021)
    assert list(confidence) == ["decision", "return", "frame", "tax", "register", "scope_phrase", "none"]
    assert list(confidence.values()) == sorted(confidence.values(), reverse=True)
    assert confidence["none"] == 0


def test_parameters_hold_for_the_years_of_a_workspace(catalogue: Catalogue, workspace: Workspace) -> None:
    for name, parameter in catalogue.parameters.items():
        if not name.startswith("sample/"):
            for year in workspace.years:
                assert parameter.entry(year).valid_from.year <= year
