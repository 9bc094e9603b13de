"""Parameters: dates, references, and what a workspace may put in their place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from keli.base.errors import CatalogueError, ConfigurationError
from keli.model.catalogue import Catalogue, load_catalogue
from keli.model.parameters import Parameter, ParameterValue, local_parameters, read_parameter

LOCAL = """name: protection/min_count
label_zh: 最少单位数
description: Stricter here.
unit: holder
values:
  - {valid_from: 2020-07-01, value: 5, reference: 区统计局规定, verified: true}
  - {valid_from: 2000-01-01, value: 4, reference: 区统计局规定, verified: true}
"""


def saved(folder: Path, text: str, name: str = "protection/min_count") -> Path:
    path = folder / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def test_the_value_of_a_year_is_the_last_valid_on_its_31_december(catalogue: Catalogue) -> None:
    base_year = catalogue.parameter("prices/base_year")
    assert [base_year.at(year) for year in (2015, 2016, 2020, 2021, 2025)] == [2010, 2015, 2015, 2020, 2020]
    assert base_year.entry(2021).valid_from == dt.date(2021, 1, 1)


def test_a_change_on_31_december_counts_for_the_year() -> None:
    values = tuple(
        ParameterValue(dt.date(year, month, day), value, "test", verified=True)
        for year, month, day, value in [(2019, 1, 1, 1), (2020, 12, 31, 2), (2022, 1, 1, 3)]
    )
    parameter = Parameter("a/b", "甲", "d", "1", values)
    assert [parameter.at(year) for year in (2019, 2020, 2021, 2022)] == [1, 2, 2, 3]


def test_a_year_before_the_first_value_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError) as problem:
        catalogue.parameter("prices/base_year").at(2010)
    assert "no value for 2010; the first holds from 2011-01-01" in problem.value.what
    assert problem.value.example == "valid_from: 2010-01-01"


def test_an_unknown_parameter_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError, match='no parameter "protection/max_count"'):
        catalogue.parameter("protection/max_count")


def test_a_local_parameter_replaces_the_shipped_one_as_a_whole(tmp_path: Path, catalogue: Catalogue) -> None:
    local = load_catalogue(parameters=saved(tmp_path, LOCAL))
    assert [local.parameter("protection/min_count").at(year) for year in (2019, 2020)] == [4, 5]
    assert local.parameter("protection/min_count").entry(2020).reference == "区统计局规定"
    assert local.parameter("protection/p_percent").at(2020) == 10
    assert catalogue.parameter("protection/min_count").at(2020) == 3
    assert "protection/min_count" not in {entry.name for entry in local.unverified()}


def test_a_workspace_may_have_parameters_of_its_own(tmp_path: Path) -> None:
    text = LOCAL.replace("protection/min_count", "exchange/usd_yuan")
    assert (
        load_catalogue(parameters=saved(tmp_path, text, "exchange/usd_yuan")).parameter("exchange/usd_yuan").at(2021)
        == 5
    )


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            "reference: 区统计局规定, verified: true}\n  -",
            "verified: true}\n  -",
            "values[0]: 'reference' is a required property.",
        ),
        ("value: 4", "value: three", "value valid from 2000-01-01: 'three' is not of type 'integer'."),
        ("value: 4", "value: 0", "value valid from 2000-01-01: 0 is less than the minimum of 1."),
        ("2020-07-01", "July 2020", "values[0].valid_from: 'July 2020' does not match '^\\\\d{4}-\\\\d{2}-\\\\d{2}$'."),
        ("unit: holder\n", "", "the file: 'unit' is a required property."),
        (
            "unit: holder",
            "unit: unit",
            'unit: "protection/min_count" is in "unit" here and in "holder" in the catalogue.',
        ),
        ("2020-07-01", "2000-01-01", "values: two values hold from the same day."),
        ("min_count\n", "min_cuont\n", 'name: the parameter is called "protection/min_cuont".'),
    ],
)
def test_a_wrong_local_parameter_names_file_and_entry(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert old in LOCAL
    with pytest.raises(ConfigurationError) as problem:
        local_parameters(saved(tmp_path, LOCAL.replace(old, new, 1)))
    assert problem.value.what == what
    assert problem.value.where is not None
    assert problem.value.where.file.endswith("protection/min_count.yaml")


def test_a_misspelt_name_gets_a_suggestion(tmp_path: Path) -> None:
    text = LOCAL.replace("min_count", "min_cuont")
    with pytest.raises(ConfigurationError, match='no parameter "protection/min_cuont"') as problem:
        local_parameters(saved(tmp_path, text, "protection/min_cuont"))
    assert problem.value.example == "protection/min_count"


def test_a_missing_folder_and_a_yml_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="folder of local parameters is missing"):
        local_parameters(tmp_path / "none")
    (saved(tmp_path, LOCAL) / "extra.yml").write_text("", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"ends in \.yml"):
        local_parameters(tmp_path)


def test_a_shipped_fault_is_a_fault_of_the_catalogue(tmp_path: Path) -> None:
    folder = saved(tmp_path, LOCAL.replace("unit: holder\n", ""))
    with pytest.raises(CatalogueError, match="'unit' is a required property"):
        read_parameter(folder / "protection" / "min_count.yaml", "protection/min_count")
