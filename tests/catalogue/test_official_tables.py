"""The shipped facts against the reference tables of the official classifications beside the checkout."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from keli.model.catalogue import Catalogue
from keli.model.crosswalks import Membership

pytestmark = pytest.mark.real

Rows = list[dict[str, str]]


def rows(shared: Path, name: str) -> Rows:
    path = shared / "reference" / "classification" / f"{name}.csv"
    if not path.exists():
        pytest.skip("the reference tables of the classifications are not beside this checkout")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_industries(shared: Path, catalogue: Catalogue) -> None:
    official = [
        (row["code"], row["level"], row["parent"] or None, row["name_zh"]) for row in rows(shared, "gbt4754_2017")
    ]
    ours = [(code.code, code.level, code.parent, code.name_zh) for code in catalogue.gbt.codes.values()]
    assert ours == official


def test_digital_economy(shared: Path, catalogue: Catalogue) -> None:
    official = {row["code"]: (row["level"], row["name_zh"]) for row in rows(shared, "digital_economy_2021")}
    ours = {code.code: (code.level, code.name_zh) for code in catalogue.digital.codes.values() if code.code != "DE"}
    assert ours == official


def test_memberships(shared: Path, catalogue: Catalogue) -> None:
    official = {
        Membership(row["de_code"], row["gbt4754_class"], row["starred"] == "true", row["is_core"] == "true")
        for row in rows(shared, "digital_economy_2021_gbt4754_expanded")
    }
    assert set(catalogue.memberships) == official


def test_names_in_the_digital_table_agree_with_the_industries(shared: Path, catalogue: Catalogue) -> None:
    printed = rows(shared, "digital_economy_2021_gbt4754")
    assert len(printed) == 185
    for row in printed:
        assert row["gbt4754_name_in_source"] == catalogue.gbt[row["gbt4754_code"]].name_zh


def test_sectors(shared: Path, catalogue: Catalogue) -> None:
    official = {
        row["gbt4754_code"]: row["sector_zh"]
        for row in rows(shared, "three_sectors_2018")
        if row["level"] == "division"
    }
    ours = {
        code.code: catalogue.three_sectors[code.parent or ""].name_zh
        for code in catalogue.three_sectors.at_level("division")
    }
    assert ours == official


def test_size_bounds(shared: Path, catalogue: Catalogue) -> None:
    factor = {"万元": 10_000, "人": 1}
    official = [
        (
            tuple(row["gbt4754_scope_derived"].split(";")),
            row["indicator"],
            *(int(row[bound]) * factor[row["unit"]] for bound in ("large_min", "medium_min", "small_min")),
        )
        for row in rows(shared, "size_class_2017")
    ]
    ours = [
        (rule.scope, rule.indicator, rule.large_min, rule.medium_min, rule.small_min) for rule in catalogue.size_rules
    ]
    assert ours == official


def test_scope_phrases(shared: Path, catalogue: Catalogue) -> None:
    official = {
        row["phrase"]: tuple(dict.fromkeys(row["gbt_codes"].split("|")))
        for row in rows(shared, "scope_phrase_catalogue_2021")
    }
    assert {phrase.phrase: phrase.gbt_codes for phrase in catalogue.scope_phrases} == official


def test_areas(shared: Path, catalogue: Catalogue) -> None:
    official = {row["code"]: row["name_zh"] for row in rows(shared, "admin_shenzhen")}
    ours = {code.code: code.name_zh for code in catalogue.areas.codes.values() if code.level != "unplaced"}
    assert ours == official
