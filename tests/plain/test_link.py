"""keli link on plain files: firms, persons, one file, and errors."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from keli.base.errors import ConfigurationError, KeliError, SourceError
from keli.model.catalogue import Catalogue
from keli.plain.link import LinkDone, LinkTask, link_files, told_of_links

LEFT = (
    "编号,企业名称,住所\n"
    "1,深圳市星河科技有限公司,深圳市福田区深南大道1号星河大厦3层\n"
    "2,深圳市云海贸易有限公司,深圳市罗湖区红岭路9号\n"  # renamed in the other file, at the same address
    "3,深圳市远山实业有限公司,深圳市南山区科苑路15号\n"  # moved
    "4,深圳市长青置业有限公司,深圳市福田区华强北路20号\n"  # another firm of the group in the same building
)
RIGHT = (
    "编号,企业名称,住所\n"
    "a,深圳星河科技股份有限公司,广东省深圳市福田区深南大道1号星河大厦3楼\n"
    "b,深圳市海洋之星商贸有限公司,深圳市罗湖区红岭路9号\n"
    "c,深圳市远山实业有限公司,深圳市宝安区海秀路7号\n"
    "d,深圳市明月酒店有限公司,深圳市盐田区海山路3号\n"
)


def run(folder: Path, catalogue: Catalogue, left: str, right: str | None = None, **more: object) -> LinkDone:
    """Link texts as files."""
    (folder / "left.csv").write_text(left, encoding="utf-8")
    other = None
    if right is not None:
        other = folder / "right.csv"
        other.write_text(right, encoding="utf-8")
    task = {"identifier": "编号", "out": folder / "pairs.csv"} | more
    return link_files(LinkTask(folder / "left.csv", other, **task), catalogue)  # type: ignore[arg-type]


def pairs(folder: Path) -> dict[tuple[str, str], str]:
    """Pairs with their reason."""
    with (folder / "pairs.csv").open(encoding="utf-8") as file:
        return {(row["left_id"], row["right_id"]): row["reason"] for row in csv.DictReader(file)}


def test_firms_by_name_or_by_address(tmp_path: Path, catalogue: Catalogue) -> None:
    done = run(tmp_path, catalogue, LEFT, RIGHT)
    found = pairs(tmp_path)
    assert set(found) == {("1", "a"), ("2", "b"), ("3", "c")}
    assert found["3", "c"] == "same name; same city"
    assert found["2", "b"] == "different names; same address, of no other"
    assert done.fields.told() == ["Linking firms by:", "  name = 企业名称  (guessed)", "  address = 住所  (guessed)"]
    assert told_of_links(done)[0].startswith("3 pairs of the same unit among 4 x 4 rows")


def test_the_same_files_give_the_same_bytes(tmp_path: Path, catalogue: Catalogue) -> None:
    first = run(tmp_path, catalogue, LEFT, RIGHT)
    before = ((tmp_path / "pairs.csv").read_bytes(), first.weights.read_bytes())
    second = run(tmp_path, catalogue, LEFT, RIGHT)
    assert ((tmp_path / "pairs.csv").read_bytes(), second.weights.read_bytes()) == before
    saved = json.loads(first.weights.read_text(encoding="utf-8"))
    assert [one["output_column_name"] for one in saved["comparisons"]] == ["name", "kind", "address"]


def test_former_names_find_a_firm_that_moved_and_changed_its_name(tmp_path: Path, catalogue: Catalogue) -> None:
    left = "编号,企业名称,曾用名\n1,深圳市海洋之星商贸有限公司,深圳市云海贸易有限公司\n2,深圳市长青置业有限公司,\n"
    right = "编号,企业名称\na,深圳市云海贸易有限公司\nb,深圳市明月酒店有限公司\n"
    run(tmp_path, catalogue, left, right)
    assert pairs(tmp_path) == {("1", "a"): "one name is a former name of the other"}


def test_one_file_gives_pairs_and_units(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = LEFT + "5,深圳市星河科技有限公司,福田区深南大道1号星河大厦3层\n"
    run(tmp_path, catalogue, rows, clusters=tmp_path / "units.csv")
    assert set(pairs(tmp_path)) == {("1", "5")}
    assert (tmp_path / "units.csv").read_text(encoding="utf-8") == "id,unit\n1,1\n2,2\n3,3\n4,4\n5,1\n"


def test_persons_by_mapped_columns(tmp_path: Path, catalogue: Catalogue) -> None:
    left = "编号,vorname,surname,dob\n1,anna,meier,1970-05-01\n2,bert,kranz,1981-12-24\n3,carla,vogt,1990-01-30\n"
    right = "编号,vorname,surname,dob\na,ana,meier,1970-05-01\nb,kranz,bert,1981-12-24\nc,doris,hahn,1955-07-07\n"
    done = run(tmp_path, catalogue, left, right, mapping=("given_name=vorname",))
    assert done.fields.person
    assert set(pairs(tmp_path)) == {("1", "a"), ("2", "b")}
    assert "names exchanged" in pairs(tmp_path)["2", "b"]


def test_one_to_one_keeps_the_best(tmp_path: Path, catalogue: Catalogue) -> None:
    twice = RIGHT + "e,深圳市星河科技有限公司,深圳市福田区深南大道1号星河大厦3层\n"
    run(tmp_path, catalogue, LEFT, twice, one_to_one=True)
    assert [pair for pair in pairs(tmp_path) if pair[0] == "1"] == [("1", "e")]


@pytest.mark.parametrize(
    ("left", "more", "error", "what"),
    [
        (LEFT, {"identifier": "编码"}, SourceError, 'no column "编码"'),
        (LEFT, {"mapping": ("name=企业名",)}, SourceError, 'no column "企业名"'),
        (LEFT, {"mapping": ("nam=企业名称",)}, ConfigurationError, 'no field "nam"'),
        (LEFT, {"mapping": ("name",)}, ConfigurationError, "not FIELD=COLUMN"),
        (LEFT, {"threshold": 1.5}, ConfigurationError, "no probability"),
        ("编号,企业名称\n1,甲公司\n", {}, SourceError, "one row"),
        ("编号,企业名称\n", {}, SourceError, "no rows"),
        ("", {}, SourceError, "empty"),
        ("编号,企业名称\n1,甲公司\n1,乙公司\n", {}, SourceError, "more than once"),
        ("编号,企业名称,x\n1,,b\n2,,c\n", {"mapping": ("name=企业名称",)}, SourceError, "empty in all 2 rows"),
        ("编号,a\n1,x\n2,y\n", {}, ConfigurationError, "No column tells"),
    ],
)
def test_errors_say_what_to_do(
    left: str, more: dict[str, object], error: type[KeliError], what: str, tmp_path: Path, catalogue: Catalogue
) -> None:
    with pytest.raises(error, match=what):
        run(tmp_path, catalogue, left, None, **more)


def test_the_nearest_column_is_named(tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(SourceError) as caught:
        run(tmp_path, catalogue, LEFT, mapping=("name=企业名",))
    assert 'Did you mean "企业名称"?' in str(caught.value)
