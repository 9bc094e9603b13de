"""Gazetteer files: both layouts, names and codes, and errors that say the row."""

from __future__ import annotations

from pathlib import Path

import pytest

from keli.base.errors import CatalogueError
from keli.model.catalogue import Catalogue
from keli.model.places.gazetteer import GazetteerFile, gazetteer_folder, read_gazetteer

FUTIAN, SHATOU, HUAQIANGBEI = "440304", "440304005", "440304011"


def read(path: Path, catalogue: Catalogue, text: str, part: str = "roads", **columns: str) -> list[dict[str, object]]:
    file = path / f"{part}.csv"
    file.write_text(text, encoding="utf-8")
    return read_gazetteer({part: GazetteerFile(file, columns)}, catalogue.areas, FUTIAN)[part]


def test_counts_by_code_name_or_short_name_are_summed(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = read(tmp_path, catalogue, f"road,subdistrict,n\n甲路,沙头街道,2\n甲路,{SHATOU},3\n甲路,沙头,1\n")
    assert rows == [{"name": "甲路", "area": SHATOU, "votes": 6}]


def test_votes_by_area_come_before_the_leading_area(tmp_path: Path, catalogue: Catalogue) -> None:
    text = "building,subdistrict,share,n,votes\n甲大厦,沙头街道,0.75,4,沙头:3;华强北:1\n"
    rows = read(tmp_path, catalogue, text, "buildings")
    assert [(row["area"], row["votes"]) for row in rows] == [(SHATOU, 3), (HUAQIANGBEI, 1)]


def test_columns_of_the_file_are_mapped(tmp_path: Path, catalogue: Catalogue) -> None:
    text = "路名,门牌,街道,次数\n甲路,12,沙头街道,2\n"
    names = {"road": "路名", "number": "门牌", "subdistrict": "街道", "n": "次数"}
    rows = read(tmp_path, catalogue, text, "road_numbers", **names)
    assert rows == [{"name": "甲路", "number": 12, "area": SHATOU, "votes": 2}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("roads,subdistrict,n\n甲路,沙头街道,2\n", 'no column "road". Did you mean "roads"'),
        (
            "road,subdistrict,n\n甲路,沙头街到,2\n",
            '"沙头街到" is no subdistrict of the district. Did you mean "沙头街道"',
        ),
        ("road,subdistrict,n\n甲路,沙头街道,两次\n", '"两次" is no whole number'),
        ("", 'no column "road"'),
    ],
)
def test_errors_teach(tmp_path: Path, catalogue: Catalogue, text: str, message: str) -> None:
    with pytest.raises(CatalogueError, match=message):
        read(tmp_path, catalogue, text)


def test_a_file_in_another_encoding_is_named(tmp_path: Path, catalogue: Catalogue) -> None:
    file = tmp_path / "roads.csv"
    file.write_bytes("road,subdistrict,n\n甲路,沙头街道,2\n".encode("gb18030"))
    with pytest.raises(CatalogueError, match="not in UTF-8"):
        read_gazetteer({"roads": GazetteerFile(file)}, catalogue.areas, FUTIAN)


def test_a_folder_holds_the_parts_that_it_has(tmp_path: Path) -> None:
    (tmp_path / "roads.csv").write_text("road,subdistrict,n\n", encoding="utf-8")
    assert list(gazetteer_folder(tmp_path)) == ["roads"]
    with pytest.raises(CatalogueError, match="holds no gazetteer"):
        gazetteer_folder(tmp_path / "nowhere")
