"""Code lists: ancestors, children, levels, and heads."""

from __future__ import annotations

from pathlib import Path

import pytest

from keli.base.errors import CatalogueError
from keli.model.catalogue import Catalogue
from keli.model.codes import read_code_list

HEAD = """name: fruit
title_zh: 水果
agency: 某局
document: X 1
version: "1"
valid_from: 2020-01-01
verified: true
source: test
"""


def written(folder: Path, rows: str, head: str = HEAD) -> Path:
    (folder / "fruit.csv").write_text(f"code,level,parent,name_zh\n{rows}", encoding="utf-8")
    (folder / "fruit.yaml").write_text(head, encoding="utf-8")
    return folder


def test_ancestors_go_from_the_code_to_the_root(catalogue: Catalogue) -> None:
    assert catalogue.gbt.ancestors("6513") == ("6513", "651", "65", "I")
    assert catalogue.digital.ancestors("040501") == ("040501", "0405", "04", "DE")
    assert catalogue.digital.ancestors("050101") == ("050101", "0501", "05")
    assert catalogue.areas.ancestors("440304009006") == ("440304009006", "440304009", "440304", "440300")


def test_children_are_one_level_below_in_order(catalogue: Catalogue) -> None:
    assert catalogue.digital.children("DE") == ("01", "02", "03", "04")
    assert catalogue.gbt.children("652") == ("6520",)
    assert catalogue.gbt.children("6520") == ()


def test_below_collects_a_level_under_a_code(catalogue: Catalogue) -> None:
    assert catalogue.gbt.below("64", "group") == ("641", "642", "643", "644", "645", "649")
    assert catalogue.gbt.below("6421", "class") == ("6421",)
    assert len(catalogue.digital.below("DE", "middle")) == 6 + 5 + 5 + 7


def test_a_list_knows_its_head(catalogue: Catalogue) -> None:
    assert catalogue.gbt.document.startswith("GB/T 4754—2017")
    assert (catalogue.digital.agency, catalogue.digital.document) == ("国家统计局", "国家统计局令第33号")
    assert (catalogue.digital.version, catalogue.digital.valid_from) == ("2021", "2021-05-27")
    assert catalogue.gbt.name == "gbt4754_2017"
    assert catalogue.gbt.title_zh == "国民经济行业分类"


def test_an_unknown_code_is_named(catalogue: Catalogue) -> None:
    assert "6598" not in catalogue.gbt
    with pytest.raises(CatalogueError, match='"6598" is not a code of 国民经济行业分类'):
        catalogue.gbt.ancestors("6598")


def test_a_code_twice_is_refused_with_its_row(tmp_path: Path) -> None:
    folder = written(tmp_path, "1,kind,,苹果\n1,kind,,梨\n")
    with pytest.raises(CatalogueError, match="stands twice") as problem:
        read_code_list("fruit", folder)
    assert problem.value.where is not None
    assert (problem.value.where.row, problem.value.where.column) == (3, "code")


def test_a_code_before_its_parent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match='parent "1" does not stand above "11"'):
        read_code_list("fruit", written(tmp_path, "11,sort,1,苹果\n1,kind,,果\n"))


def test_a_head_of_another_name_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path, "1,kind,,苹果\n", HEAD.replace("fruit", "nuts"))
    with pytest.raises(CatalogueError, match='called "nuts"'):
        read_code_list("fruit", folder)


def test_a_head_without_an_agency_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path, "1,kind,,苹果\n", HEAD.replace("agency: 某局\n", ""))
    with pytest.raises(CatalogueError, match="'agency' is a required property"):
        read_code_list("fruit", folder)
