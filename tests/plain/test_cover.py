"""keli cover on plain files: who is missing, near or below, coverage by hand, what cannot be tested, errors."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import pytest

from keli.base.errors import ConfigurationError, KeliError, SourceError
from keli.model.catalogue import Catalogue
from keli.plain.cover import CoverTask, cover_file, told_of_coverage

HEAD = "id,code,revenue,in_frame,subdistrict,tax\n"
# Revenue in 万元. Thresholds: wholesale 2000, software 2000, retail 500; builders are asked from 2000 on.
UNITS = (
    'a,5111,"2,400",是,莲花街道,是\n'
    "b,5111,2000,否,莲花街道,是\n"
    "c,6513,3600,1,南园街道,0\n"
    "d,I6513,1600,0,南园街道,1\n"
    "e,6513,1599.99,no,南园街道,yes\n"
    "f,6513,900,yes,南园街道,1\n"
    "g,4710,2000,0,,1\n"
    "h,6610,9000,0,南园街道,1\n"
    "i,9999,1,0,南园街道,\n"
    "j,,1,0,南园街道,\n"
    "k,5211,很多,0,南园街道,\n"
    "l,5211,,0,南园街道,\n"
    "m,5211,600,maybe,南园街道,\n"
)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def task(tmp_path: Path) -> CoverTask:
    path = tmp_path / "units.csv"
    path.write_text(HEAD + UNITS, encoding="utf-8")
    return CoverTask(path, tmp_path / "out", area="subdistrict", second="tax", identifier="id", unit="万元")


def test_lists_by_area_and_revenue(task: CoverTask, catalogue: Catalogue) -> None:
    done = cover_file(task, catalogue)
    assert done.by_list == {"missing": 2, "near": 1, "below": 1, "untested": 6, "listed": 2, "small": 1}
    assert sum(done.by_list.values()) == done.rows == 13
    missing = read(task.out / "missing.csv")
    assert [row["id"] for row in missing] == ["g", "b"]
    assert (missing[1]["threshold_yuan"], missing[1]["revenue_yuan"], missing[1]["percent_of_threshold"]) == (
        "20000000.00", "20000000.00", "100",
    )  # fmt: skip
    assert [row["remark"] for row in missing] == ["asked for its qualification or activity", ""]
    assert [row["id"] for row in read(task.out / "near.csv")] == ["d"]
    assert [row["id"] for row in read(task.out / "below.csv")] == ["f"]


def test_what_cannot_be_tested_says_why(task: CoverTask, catalogue: Catalogue) -> None:
    cover_file(task, catalogue)
    assert {row["id"]: row["remark"] for row in read(task.out / "untested.csv")} == {
        "h": "an industry without a threshold", "i": "no code of GB/T 4754-2017", "j": "no industry code",
        "k": "the revenue is no number", "l": "no revenue", "m": "on the list: neither yes nor no",
    }  # fmt: skip


def test_coverage_by_hand(task: CoverTask, catalogue: Catalogue) -> None:
    """a, b, c, g reach it with 2400, 2000, 3600, 2000; a and c are listed: 2 of 4, 6000 of 10000 万元.

    a, b and g are on the tax list, a on both: (2 + 1)(3 + 1) / (1 + 1) - 1 = 5, variance 3 x 4 x 1 x 2 / (4 x 3) = 2.
    """
    done = cover_file(task, catalogue)
    rows = {(row["area"], row["industries"]): row for row in read(task.out / "coverage.csv")}
    whole = rows["_T", "_T"]
    assert [whole[name] for name in ("units_reaching", "units_listed", "units_missing", "units_near")] == [
        "4", "2", "2", "1",
    ]  # fmt: skip
    assert (whole["coverage_count_percent"], whole["coverage_revenue_percent"]) == ("50.0", "60.0")
    assert whole["revenue_reaching_yuan"] == "100000000"
    assert (whole["units_estimated"], whole["standard_error"]) == ("5.0", "1.41")
    assert (rows["莲花街道", "_T"]["coverage_count_percent"], rows["_U", "_T"]["units_missing"]) == ("50.0", "1")
    assert rows["_T", "限额以上批发业"]["coverage_revenue_percent"] == "54.55"
    assert told_of_coverage(done)[-2:] == [
        "2 of 4 units that reach the threshold are on the list: 50.00 % by count, 60.00 % by revenue.",
        "Estimated units that reach the threshold: 5.00, standard error 1.41 (Chapman).",
    ]


def test_without_area_and_second_list_there_is_the_whole_and_no_estimate(task: CoverTask, catalogue: Catalogue) -> None:
    done = cover_file(dataclasses.replace(task, area=None, second=None, near=0.5), catalogue)
    assert done.rates["units_estimated"] is None
    assert done.by_list["near"] == 2
    assert {row["area"] for row in read(task.out / "coverage.csv")} == {"_T"}
    assert told_of_coverage(done)[-1].startswith("2 of 4 units")


def test_one_row_that_reaches_nothing(task: CoverTask, catalogue: Catalogue) -> None:
    task.path.write_text(HEAD + "a,5111,1,否,莲花街道,是\n", encoding="utf-8")
    done = cover_file(task, catalogue)
    assert told_of_coverage(done)[-1] == "No unit of the file reaches the threshold of its industry."
    assert read(task.out / "missing.csv") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (HEAD, "no rows"),
        ("id,code,revenue,in_frame,subdistrict\na,5111,1,1,x\n", 'no column "tax"'),
        (HEAD + "a,5111,1,1,x,1\na,5111,1,1,x,1\n", '"a" in rows 2 and 3'),
        (HEAD + "a,,1,1,x,1\nb,,1,1,x,1\n", 'column "code" is empty in all 2 rows'),
        ("remark," + HEAD + "x,a,5111,1,1,x,1\n", 'has a column "remark" already'),
    ],
)
def test_a_wrong_file_is_refused(task: CoverTask, catalogue: Catalogue, text: str, message: str) -> None:
    task.path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        cover_file(task, catalogue)
    assert not task.out.exists()


@pytest.mark.parametrize(("change", "message"), [({"unit": "万"}, "no unit of money"), ({"near": 1.0}, "no part of")])
def test_a_wrong_option_is_refused(task: CoverTask, catalogue: Catalogue, change: dict, message: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(ConfigurationError, match=message):
        cover_file(dataclasses.replace(task, **change), catalogue)


def test_a_file_in_place_of_the_folder_is_refused(task: CoverTask, catalogue: Catalogue) -> None:
    task.out.write_text("mine", encoding="utf-8")
    with pytest.raises(KeliError, match="needs a folder"):
        cover_file(task, catalogue)
