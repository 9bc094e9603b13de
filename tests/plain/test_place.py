"""keli place on plain files: learn, place, and errors."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from keli.base.errors import ConfigurationError, KeliError, SourceError
from keli.model.catalogue import Catalogue
from keli.plain.place import learn_file, place_file, told_of

FUTIAN, SHATOU, HUAQIANGBEI = "440304", "440304005", "440304011"
LABELLED = (
    "address,subdistrict\n"
    "深圳市福田区华强北路赛格广场1楼,华强北街道\n"
    f"深圳市福田区华强北路赛格广场2楼,{HUAQIANGBEI}\n"
    "深圳市福田区泰然九路8号雪松大厦,沙头街道\n"
    "深圳市福田区泰然九路雪松大厦B座,沙头街道\n"
    "深圳市福田区两可路两可大厦,沙头街道\n"
    "深圳市福田区两可路两可大厦,华强北街道\n"  # two labels for one text
    "深圳市南山区科苑路,粤海街道\n"  # another district
)


@pytest.fixture
def learned(tmp_path: Path, catalogue: Catalogue) -> Path:
    """A gazetteer learned from six labelled rows."""
    (tmp_path / "labelled.csv").write_text(LABELLED, encoding="utf-8")
    found = learn_file(
        tmp_path / "labelled.csv", tmp_path / "gazetteer", text="address", label="subdistrict", catalogue=catalogue,
        district=FUTIAN,
    )  # fmt: skip
    assert (found.rows, found.used) == (7, 4)
    assert found.places == {"roads": 2, "road_numbers": 1, "buildings": 2}
    return tmp_path / "gazetteer"


def test_what_is_learned(learned: Path) -> None:
    text = (learned / "buildings.csv").read_text(encoding="utf-8")
    assert text == f"building,subdistrict,n\n赛格广场,{HUAQIANGBEI},2\n雪松大厦,{SHATOU},2\n"
    assert (learned / "road_numbers.csv").read_text(encoding="utf-8").splitlines()[1] == f"泰然九路,8,{SHATOU},1"


def test_every_row_comes_back_in_order_with_its_place(tmp_path: Path, learned: Path, catalogue: Catalogue) -> None:
    asked = tmp_path / "asked.csv"
    asked.write_text(
        "id,address\n1,深圳市福田区雪松大厦7D\n2,深圳市福田区沙头街道上沙社区5栋\n3,深圳市福田区无名大厦\n4,深圳市南山区科苑路\n"
        "5,赛格广场\n6,\n7,深圳市福田区雪松大厦7D\n",
        encoding="utf-8",
    )
    placed = place_file(
        asked, tmp_path / "out.csv", text="address", catalogue=catalogue, district=FUTIAN, gazetteer=learned
    )
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5", "6", "7"]
    assert [(row["area"], row["origin"]) for row in rows] == [
        (SHATOU, "gazetteer"), (SHATOU, "official_name"), (FUTIAN, "district_only"), ("outside", "outside"),
        ("", "unknown"), ("", "unknown"), (SHATOU, "gazetteer"),
    ]  # fmt: skip
    assert (rows[0]["area_name"], rows[0]["evidence"]) == ("沙头街道", "building 雪松大厦 (0.7667)")
    assert catalogue.areas[rows[1]["community"]].name_zh == "上沙社区居委会"
    assert placed.coded == 3
    assert told_of(placed)[-1] == "3 of 7 rows have a subdistrict (42.9%)."


def test_the_same_file_gives_the_same_bytes(tmp_path: Path, learned: Path, catalogue: Catalogue) -> None:
    for name in ("one.csv", "two.csv"):
        place_file(
            tmp_path / "labelled.csv", tmp_path / name, text="address", catalogue=catalogue, district=FUTIAN,
            gazetteer=learned,
        )  # fmt: skip
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_errors_teach(tmp_path: Path, catalogue: Catalogue) -> None:
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text("adress,area\n福田区,1\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no district of the area list"):
        place_file(file, out, text="adress", catalogue=catalogue, district="110101")
    with pytest.raises(SourceError, match='no column "address"'):
        place_file(file, out, text="address", catalogue=catalogue, district=FUTIAN)
    with pytest.raises(SourceError, match='has a column "area" already'):
        place_file(file, out, text="adress", catalogue=catalogue, district=FUTIAN)
    with pytest.raises(SourceError, match="No row of the column"):
        learn_file(file, out, text="adress", label="area", catalogue=catalogue, district=FUTIAN)
    with pytest.raises(KeliError, match="no such file"):
        place_file(tmp_path / "none.csv", out, text="a", catalogue=catalogue, district=FUTIAN)
