"""Crosswalks: memberships, deflators, phrases, size rules and ownership groups as the official tables print them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from keli.base.errors import CatalogueError
from keli.model.catalogue import Catalogue
from keli.model.crosswalks import (
    Membership,
    ScopePhrase,
    SizeRule,
    read_deflators,
    read_memberships,
    read_size_rules,
)


def test_a_printed_section_stands_for_all_its_classes(catalogue: Catalogue) -> None:
    finance = {row.gbt_code for row in catalogue.memberships if row.activity == "050501"}
    assert "6610" in finance
    assert all(catalogue.gbt.ancestors(code)[-1] == "J" for code in finance)


def test_memberships_know_star_and_core(catalogue: Catalogue) -> None:
    assert Membership("010101", "3911", starred=False, core=True) in catalogue.memberships
    assert {row for row in catalogue.memberships if row.gbt_code == "6429"} >= {
        Membership("030304", "6429", starred=True, core=True),
        Membership("030307", "6429", starred=True, core=True),
    }


def test_the_longest_activity_names_the_deflator(catalogue: Catalogue) -> None:
    series = {
        activity: catalogue.deflator(activity).series for activity in ("010101", "010401", "0302", "030101", "040501")
    }
    assert series == {
        "010101": "ppi_39",
        "010401": "ppi_34",
        "0302": "cpi_communication",
        "030101": "sppi_information",
        "040501": "construction",
    }


def test_an_activity_outside_the_map_takes_the_default(catalogue: Catalogue) -> None:
    assert catalogue.deflator("050101").activity == "DE"
    assert catalogue.deflator("DE").series == "cpi_services"


def test_producer_prices_are_those_of_the_division_of_the_classes(catalogue: Catalogue) -> None:
    made = [row for row in catalogue.core_memberships() if row.activity.startswith("01")]
    assert {catalogue.deflator(row.activity).series for row in made} == {f"ppi_{row.gbt_code[:2]}" for row in made}
    assert [row for row in made if catalogue.deflator(row.activity).series != f"ppi_{row.gbt_code[:2]}"] == []


def test_a_phrase_has_the_codes_that_the_list_prints(catalogue: Catalogue) -> None:
    assert ScopePhrase("谷物种植", ("011",)) in catalogue.scope_phrases
    assert ScopePhrase("智能农业管理", ("0519", "0529", "0539", "0549")) in catalogue.scope_phrases
    assert len({phrase.phrase for phrase in catalogue.scope_phrases}) == len(catalogue.scope_phrases) == 1997


def test_size_bounds_are_in_person_and_yuan(catalogue: Catalogue) -> None:
    rules = {(rule.scope, rule.indicator): rule for rule in catalogue.size_rules}
    assert rules[("65",), "revenue"] == SizeRule(
        ("65",), "revenue", Decimal(100_000_000), Decimal(10_000_000), Decimal(500_000)
    )
    assert rules[("65",), "employees"].large_min == 300
    assert rules[("B", "C", "D"), "employees"] == SizeRule(
        ("B", "C", "D"), "employees", Decimal(1000), Decimal(300), Decimal(20)
    )
    assert rules[("701",), "assets"].small_min == Decimal(20_000_000)
    assert {rule.indicator for rule in catalogue.size_rules} == {"employees", "revenue", "assets"}
    assert len(catalogue.size_rules) == 30


def test_no_industry_has_two_size_rules_for_one_indicator(catalogue: Catalogue) -> None:
    pairs = [
        (code, rule.indicator)
        for rule in catalogue.size_rules
        for scope in rule.scope
        for code in catalogue.gbt.below(scope, "class")
    ]
    assert len(pairs) == len(set(pairs))


def test_a_registration_type_belongs_to_its_nearest_group(catalogue: Catalogue) -> None:
    groups = catalogue.registration_types
    assert (groups["151"], groups["173"], groups["230"], groups["310"], groups["410"]) == (
        "150",
        "170",
        "200",
        "300",
        "400",
    )
    assert "100" not in groups
    assert set(groups.values()) == set(catalogue.ownership.codes)
    assert catalogue.ownership["170"].name_zh == catalogue.registration["170"].name_zh == "私营企业"


MEMBERSHIPS = "activity,gbt_code,level,starred,name_zh"
SIZES = "scope,indicator,unit,large_min,medium_min,small_min"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("010101,3910,class,false,计算机制造", '"3910" is not a code of 国民经济行业分类.'),
        ("010199,3911,class,false,计算机整机制造", '"010199" is not a code of 数字经济及其核心产业统计分类（2021）.'),
        ("010101,3911,class,false,计算机制造", '"3911" is class 计算机整机制造 in gbt4754_2017.'),
        ("010101,3911,group,false,计算机整机制造", '"3911" is class 计算机整机制造 in gbt4754_2017.'),
    ],
)
def test_a_wrong_membership_is_named(tmp_path: Path, catalogue: Catalogue, row: str, what: str) -> None:
    path = tmp_path / "digital_economy_2021_gbt4754.csv"
    path.write_text(f"{MEMBERSHIPS}\n{row}\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as problem:
        read_memberships(catalogue.gbt, catalogue.digital, tmp_path)
    assert problem.value.what == what
    assert problem.value.where is not None
    assert problem.value.where.row == 2


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("65,revenue,person,3,2,1", '"revenue" is not measured in "person".'),
        ("65,profit,yuan,3,2,1", '"profit" is not measured in "yuan".'),
        ("65,revenue,yuan,3,4,1", "The bounds must fall from large to small."),
        ("65,revenue,yuan,3,2,few", '"few" is not a number.'),
        ("6X,revenue,yuan,3,2,1", '"6X" is not a code of 国民经济行业分类.'),
    ],
)
def test_a_wrong_size_rule_is_named(tmp_path: Path, catalogue: Catalogue, row: str, what: str) -> None:
    (tmp_path / "size_classes_2017_gbt4754.csv").write_text(f"{SIZES}\n{row}\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as problem:
        read_size_rules(catalogue.gbt, tmp_path)
    assert problem.value.what == what


def test_deflators_need_a_default(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "deflators.csv").write_text("activity,series,label_zh\n01,ppi,价格\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="default deflator"):
        read_deflators(catalogue.digital, tmp_path)
