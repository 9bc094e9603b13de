"""The catalogue as a whole: everything loads, and what is not verified is listed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from keli.model.catalogue import Catalogue, load_catalogue
from keli.model.codes import CodeList


def test_the_shipped_catalogue_is_read_once(tmp_path: Path) -> None:
    assert load_catalogue() is load_catalogue()
    assert load_catalogue(parameters=tmp_path).gbt is load_catalogue().gbt


def test_every_source_kind_has_a_table_of_accepted_rows(catalogue: Catalogue) -> None:
    assert {f"accepted_{kind}" for kind in catalogue.sources} <= set(catalogue.tables)
    assert catalogue.tables["accepted_tax"].key == ("source", "file", "row")
    assert "open_value_added" in catalogue.tables


def test_three_classes_have_no_industry_code(catalogue: Catalogue) -> None:
    assert catalogue.not_applicable() == ("020500", "030502", "040504")


def test_core_memberships_are_those_of_majors_01_to_04(catalogue: Catalogue) -> None:
    assert {row.activity[:2] for row in catalogue.core_memberships()} == {"01", "02", "03", "04"}
    assert len(catalogue.core_memberships()) == 131


def test_unverified_facts_are_listed_with_their_reference(catalogue: Catalogue) -> None:
    found = {(entry.kind, entry.name): entry for entry in catalogue.unverified()}
    items = found["parameter", "value_added/items"]
    assert (items.valid_from, items.label_zh) == (dt.date(2007, 1, 1), "收入法增加值指标")
    assert "联网直报 财务状况表" in items.reference
    assert ("codes", "registration_types") in found
    assert ("crosswalk", "deflators") in found
    assert ("codes", "digital_economy_2021") not in found
    assert ("parameter", "uncertainty/normal_quantile") not in found
    assert all(entry.reference for entry in found.values())
    base_years = [entry for entry in catalogue.unverified() if entry.name == "prices/base_year"]
    assert [entry.valid_from.year for entry in base_years] == [2011, 2016, 2021]


@pytest.mark.parametrize("name", ["gbt", "digital", "areas", "ownership", "registration", "three_sectors", "sizes"])
def test_every_list_has_its_head_among_the_heads(catalogue: Catalogue, name: str) -> None:
    codes: CodeList = getattr(catalogue, name)
    assert codes.head in catalogue.code_heads
