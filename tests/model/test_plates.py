"""Plates: a crosswalk of the workspace; weights of a class add up to at most 1."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from keli.base.errors import ConfigurationError
from keli.model.catalogue import load_catalogue
from keli.model.crosswalks import Plate


def saved(folder: Path, rows: str) -> Path:
    path = folder / "plates.csv"
    path.write_text(f"plate,name_zh,activity,weight\n{rows}", encoding="utf-8-sig")
    return path


def test_a_class_may_be_shared_by_plates(tmp_path: Path) -> None:
    path = saved(tmp_path, "P2,板块二,030101,0.4\nP1,板块一,030101,0.6\n")
    assert load_catalogue(plates=path).plates == (
        Plate("P1", "板块一", "030101", Decimal("0.6")),
        Plate("P2", "板块二", "030101", Decimal("0.4")),
    )


def test_a_middle_code_stands_for_its_classes(tmp_path: Path) -> None:
    plates = load_catalogue(plates=saved(tmp_path, "P1,板块一,0101,1\n")).plates
    assert [plate.activity for plate in plates] == [f"01010{number}" for number in range(1, 7)]
    assert {plate.weight for plate in plates} == {Decimal(1)}


def test_shares_without_a_plate_are_told(tmp_path: Path) -> None:
    path = saved(tmp_path, "P1,板块一,01,1\nP1,板块一,02,1\nP2,板块二,03,1\nP3,板块三,0401,1\nP3,板块三,040201,0.25\n")
    rest = load_catalogue(plates=path).unassigned_classes()
    assert rest["040201"] == Decimal("0.75")
    assert rest["040202"] == Decimal(1)
    assert not [activity for activity in rest if not activity.startswith("04") or activity.startswith("0401")]


def test_without_plates_nothing_is_unassigned() -> None:
    assert load_catalogue().plates == ()
    assert load_catalogue().unassigned_classes() == {}


@pytest.mark.parametrize(
    ("rows", "what", "row"),
    [
        (
            "P1,板块一,010101,0.6\nP2,板块二,0101,0.5\n",
            'The weights of the class "010101" add up to 1.1, more than 1.',
            3,
        ),
        ("P1,板块一,10101,0.6\n", '"10101" is not an activity of the core of 数字经济及其核心产业统计分类（2021）.', 2),
        ("P1,板块一,050101,1\n", '"050101" is not an activity of the core of 数字经济及其核心产业统计分类（2021）.', 2),
        ("P1,板块一,010101,60%\n", 'The weight "60%" is not a share above 0 and at most 1.', 2),
        ("P1,板块一,010101,0\n", 'The weight "0" is not a share above 0 and at most 1.', 2),
        ("P1,板块一,010101,NaN\n", 'The weight "NaN" is not a share above 0 and at most 1.', 2),
        ("P1,板块一,010101,1.01\n", 'The weight "1.01" is not a share above 0 and at most 1.', 2),
        ("P1,板块一,0101,0.3\nP1,板块一,010101,0.3\n", 'The class "010101" stands twice in the plate "P1".', 3),
        (
            "P1,板块一,010101,0.3\nP1,板块二,010102,0.3\n",
            'The plate "P1" is called "板块一" above and "板块二" here.',
            3,
        ),
        ("_T,合计,010101,1\n", '"_T" already names an activity.', 2),
        ("0101,计算机,010101,1\n", '"0101" already names an activity.', 2),
        (",板块一,010101,1\n", "A plate needs a code and a name.", 2),
        ("", "The file has no plates.", 2),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, rows: str, what: str, row: int) -> None:
    with pytest.raises(ConfigurationError) as problem:
        load_catalogue(plates=saved(tmp_path, rows))
    assert problem.value.what == what
    assert problem.value.where is not None
    assert (problem.value.where.row, Path(problem.value.where.file).name) == (row, "plates.csv")


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "plates.csv"
    path.write_text("plate,name,activity,weight\nP1,板块一,010101,1\n", encoding="utf-8")
    with pytest.raises(
        ConfigurationError, match='The column "name_zh" is missing; the head has: plate, name, activity'
    ):
        load_catalogue(plates=path)
