"""The delivered files of the sample: the same bytes again, valid in form, every fault written down."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest
import yaml

from keli.base.errors import KeliError
from keli.base.identifiers import is_uscc
from keli.model.catalogue import Catalogue
from keli.model.workspace_file import load_workspace
from keli.sample.delivery.identity import credit_codes
from keli.sample.district import write_sample

UNITS = 4000
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("district") / "sample"
    write_sample(folder, UNITS, 7)
    return folder


@pytest.fixture(scope="module")
def dirt(district: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(district / "truth" / "dirt.parquet").to_pylist()
    return rows


@pytest.fixture(scope="module")
def truth(district: Path) -> dict[tuple[str, int], dict[str, Any]]:
    rows = pq.read_table(district / "truth" / "units.parquet").to_pylist()
    return {(row["unit"], row["year"]): row for row in rows}


def read(path: Path, encoding: str = "utf-8", above: int = 0) -> Rows:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = raw.decode(encoding).splitlines()[above:]
    return list(csv.DictReader(lines))


def hashes(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), hashlib.sha256(path.read_bytes()).hexdigest()


def test_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("two", 5), ("other", 6)):
        write_sample(tmp_path / name, 300, seed)
    assert dict(hashes(tmp_path / "one")) == dict(hashes(tmp_path / "two"))
    assert dict(hashes(tmp_path / "one")) != dict(hashes(tmp_path / "other"))


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(KeliError, match="not empty") as problem:
        write_sample(tmp_path)
    assert problem.value.next_step is not None
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("units", [-1, 0, 199])
def test_too_few_units_are_refused(tmp_path: Path, units: int) -> None:
    with pytest.raises(KeliError, match="too few"):
        write_sample(tmp_path / "district", units)
    assert not (tmp_path / "district").exists()


def test_a_negative_seed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeliError, match="negative"):
        write_sample(tmp_path / "district", 300, -1)


def test_codes_are_valid_and_nobodys() -> None:
    codes = credit_codes("91440304YY", np.arange(50_000), 7).to_pylist()
    assert all(is_uscc(code) for code in codes[:500])
    assert len(set(codes)) == 50_000
    # Organisation number, GB 11714: the weighted sum and the check character together are a multiple of 11.
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    for code in codes[:200]:
        values = [int(letter, 36) for letter in code[8:16]]
        check = 10 if code[16] == "X" else int(code[16])
        assert (sum(value * weight for value, weight in zip(values, weights, strict=True)) + check) % 11 == 0


def test_codes_in_the_register_are_valid_but_for_the_planted_ones(district: Path, dirt: list[dict[str, Any]]) -> None:
    rows = read(district / "inputs" / "register.csv")
    wrong = [
        row["统一社会信用代码"]
        for row in rows
        if row["统一社会信用代码"] and not is_uscc(row["统一社会信用代码"].upper())
    ]
    planted = [fault for fault in dirt if fault["kind"] == "invalid_code" and fault["source"] == "register"]
    assert len(wrong) >= len(planted) > 0
    assert {fault["delivered"] for fault in planted} >= {code.upper() for code in wrong}


def test_each_fault_stands_in_the_row_that_the_ledger_names(district: Path, dirt: list[dict[str, Any]]) -> None:
    files = {
        "tax_2018.csv": (read(district / "inputs" / "tax" / "tax_2018.csv", "gb18030"), 2),
        "tax_2020.csv.gz": (read(district / "inputs" / "tax" / "tax_2020.csv.gz"), 2),
        "annual_2021.csv": (read(district / "inputs" / "annual" / "annual_2021.csv", above=1), 3),
        "register.csv": (read(district / "inputs" / "register.csv"), 2),
    }
    seen = 0
    single = {"misspelt_name", "missing_item", "wrong_unit", "not_a_number", "missing_code", "invalid_code",
              "lost_identity"}  # fmt: skip
    for fault in dirt:
        if fault["file"] in files and fault["kind"] in single and fault["column"]:
            rows, first = files[fault["file"]]
            delivered = rows[fault["row"] - first][fault["column"]]
            if fault["kind"] == "missing_item" or fault["column"] != "统一社会信用代码":
                assert delivered == (fault["delivered"] or "")
                assert delivered != fault["correct"]
                seen += 1
    assert seen > 200


def test_every_kind_of_fault_is_planted(dirt: list[dict[str, Any]]) -> None:
    assert set(Counter(fault["kind"] for fault in dirt)) == {
        "blank_like", "corrected_return", "date_form", "duplicate_row", "duplicate_unit", "full_width", "invalid_code",
        "lost_identity", "lower_case_code", "missing_code", "missing_from_frame", "missing_item", "misspelt_name",
        "no_name_or_code", "no_return", "no_such_quarter", "not_a_number", "replaced_return", "thousands",
        "unit_in_cell", "unregistered", "wrong_unit",
    }  # fmt: skip


def test_clean_annual_returns_add_up_to_true_value_added(
    district: Path, dirt: list[dict[str, Any]], truth: dict[tuple[str, int], dict[str, Any]]
) -> None:
    spoilt = {fault["row"] for fault in dirt if fault["file"] == "annual_2021.csv"}
    checked = 0
    for number, row in enumerate(read(district / "inputs" / "annual" / "annual_2021.csv", above=1), start=3):
        if number in spoilt:
            continue
        item = {name: round(float(text or 0) * 100) for name, text in row.items() if name not in list(row)[:6]}
        value_added = (
            item["应付职工薪酬"]
            + item["税金及附加"] + item["应交增值税"] - item["其他收益"]
            + item["本年折旧"]
            + item["营业利润"] + item["资产减值损失"] + item["信用减值损失"]
            - item["公允价值变动收益"] - item["投资收益"] - item["净敞口套期收益"] - item["资产处置收益"]
        )  # fmt: skip
        assert value_added == truth[row["统一社会信用代码"], 2021]["value_added"] * 100
        checked += 1
    assert checked > 300


def test_tax_list_is_the_true_revenue(district: Path, truth: dict[tuple[str, int], dict[str, Any]]) -> None:
    compared = 0
    for row in read(district / "inputs" / "tax" / "tax_2019.csv", "utf-8-sig"):
        one = truth.get((row["纳税人识别号"] or row["纳税人名称"], 2019))
        if one and not one["covered"] and row["应税销售收入"].isascii() and "," not in row["应税销售收入"]:
            assert row["应税销售收入"] == str(one["revenue"])
            compared += 1
    assert compared > 1500


def test_quarters_are_discrete_first_and_year_to_date_later(
    district: Path, truth: dict[tuple[str, int], dict[str, Any]]
) -> None:
    # Thousand yuan: four discrete quarters add up to the year; the fourth year-to-date figure is the year.
    discrete: dict[str, int] = {}
    for row in read(district / "inputs" / "quarterly" / "quarterly_2019.csv", above=1):
        if row["季度"] in "1234" and row["营业收入(千元)"].isdigit():
            discrete[row["统一社会信用代码"]] = discrete.get(row["统一社会信用代码"], 0) + int(row["营业收入(千元)"])
    matching = [
        abs(total - float(truth[unit, 2019]["revenue"]) / 1000) < 0.51
        for unit, total in discrete.items()
        if (unit, 2019) in truth
    ]
    assert np.mean(matching) > 0.85
    for row in read(district / "inputs" / "quarterly" / "quarterly_2021.csv", above=1):
        if row["季度"] == "4" and row["营业收入(千元)"].isdigit() and (row["统一社会信用代码"], 2021) in truth:
            year = float(truth[row["统一社会信用代码"], 2021]["revenue"]) / 1000
            assert float(row["营业收入(千元)"]) == pytest.approx(year, abs=0.51)


def test_scopes_code_back_to_the_class_where_no_source_gives_a_code(
    district: Path, truth: dict[tuple[str, int], dict[str, Any]], catalogue: Catalogue
) -> None:
    codes: dict[str, set[str]] = {}
    for entry in catalogue.scope_phrases:
        codes.setdefault(entry.phrase, set()).update(entry.gbt_codes)
    coded = {
        row["纳税人识别号"] or row["纳税人名称"]
        for year, encoding in ((2019, "utf-8-sig"), (2021, "utf-8"))
        for row in read(district / "inputs" / "tax" / f"tax_{year}.csv", encoding)
        if row["行业代码"]
    }
    in_tax = {row["纳税人识别号"] for row in read(district / "inputs" / "tax" / "tax_2021.csv") if row["纳税人识别号"]}
    checked = 0
    for row in read(district / "inputs" / "register.csv"):
        unit = row["统一社会信用代码"]
        if not row["行业代码"] and unit in in_tax and unit not in coded and (unit, 2021) in truth:
            first = row["经营范围"].split("；")[0]
            if first != "依法自主开展经营活动":
                assert codes[first] == {truth[unit, 2021]["gbt_code"]}
                checked += 1
    assert checked > 20


def test_frame_is_a_spreadsheet_with_two_head_rows_and_about_the_listed_units(
    district: Path, truth: dict[tuple[str, int], dict[str, Any]]
) -> None:
    sheet = openpyxl.load_workbook(district / "inputs" / "frame.xlsx", read_only=True).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    listed = {unit for (unit, _), row in truth.items() if row["in_frame"]}
    assert "SYNTHETIC" in str(rows[0][0])
    assert rows[2][:3] == ("名称", "统一社会信用代码", "行业代码")
    assert {row[1] for row in rows[3:]} == listed
    assert 0.15 < len(listed) / UNITS < 0.35


def test_largest_units_of_a_starred_class_are_visited_and_weights_count_the_rest(
    district: Path, truth: dict[tuple[str, int], dict[str, Any]]
) -> None:
    rows = [row for row in read(district / "inputs" / "split_evidence.csv") if row["年份"] == "2021"]
    earning: dict[str, list[tuple[float, str]]] = {}
    for (unit, year), row in truth.items():
        if year == 2021 and row["revenue"] > 0:
            earning.setdefault(row["gbt_code"], []).append((float(row["revenue"]), unit))
    for klass in ("6429", "7320"):
        visits = {row["统一社会信用代码"] or row["单位名称"]: row for row in rows if row["行业代码"] == klass}
        assert max(earning[klass])[1] in visits
        assert visits[max(earning[klass])[1]]["抽样设计"] == "take_all"
        weights = sum(float(row["抽样权数"]) for row in visits.values())
        assert weights == pytest.approx(len(earning[klass]), abs=0.01)
    of_6429 = {row["数字经济分类代码"] for row in rows if row["行业代码"] == "6429"}
    assert of_6429 == {"030304", "030307"}
    assert {row["证据层级"] for row in rows if row["行业代码"] == "8610"} == {"coefficient"}


def test_settings_name_files_that_are_there_and_never_the_truth(district: Path) -> None:
    text = (district / "keli.yaml").read_text(encoding="utf-8")
    settings = yaml.safe_load(text)
    assert settings["synthetic"] is True
    assert "truth" not in text
    for source in settings["sources"]:
        for pattern in source["files"]:
            assert list(district.glob(pattern)), pattern
    assert (district / settings["plates"]).exists()


def test_settings_load_as_a_workspace(district: Path) -> None:
    workspace = load_workspace(district)
    assert workspace.synthetic
    assert list(workspace.years) == [2017, 2018, 2019, 2020, 2021]
    assert {source.name: len(source.files) for source in workspace.sources} == {
        "register": 1, "frame": 1, "tax": 5, "annual": 5, "quarterly_discrete": 3, "quarterly_to_date": 3,
        "split_evidence": 1, "prices": 1, "controls": 1,
    }  # fmt: skip


def test_mapped_columns_stand_in_the_files(district: Path) -> None:
    settings = yaml.safe_load((district / "keli.yaml").read_text(encoding="utf-8"))
    for source in settings["sources"]:
        for path in (path for pattern in source["files"] for path in sorted(district.glob(pattern))):
            if path.suffix != ".xlsx":
                encoding = "gb18030" if path.name == "tax_2018.csv" else "utf-8-sig"
                rows = read(path, encoding, source.get("skip_rows", 0))
                assert set(source["columns"].values()) <= set(rows[0]), path.name


def test_plates_are_six_placeholders_and_their_classes_exist(district: Path, catalogue: Catalogue) -> None:
    rows = read(district / "catalogue" / "plates.csv")
    assert {row["name_zh"] for row in rows} == {"板块一", "板块二", "板块三", "板块四", "板块五", "板块六"}
    assert all(row["activity"] in catalogue.digital for row in rows)
    assert all("placeholder" in row["remark"] for row in rows)


def test_map_has_the_ten_subdistricts_with_their_official_codes(district: Path, catalogue: Catalogue) -> None:
    layer = json.loads((district / "inputs" / "map" / "subdistricts.geojson").read_text(encoding="utf-8"))
    found = {feature["properties"]["code"]: feature["properties"]["name"] for feature in layer["features"]}
    assert len(found) == 10
    assert found["440304010"] == "福保街道"
    assert found["440304011"] == "华强北街道"
    assert all(catalogue.areas[code].name_zh == name for code, name in found.items())


def test_names_are_plainly_synthetic(district: Path) -> None:
    names = [row["单位名称"] for row in read(district / "inputs" / "register.csv")]
    assert all(not name or name.startswith("福田样例") for name in names)


def test_long_lists_are_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue) -> None:
    frame = catalogue.parameter("sample/frame_design").values[0].value
    monkeypatch.setitem(frame, "rows_of_xlsx", 10)
    write_sample(tmp_path / "district", 300)
    settings = yaml.safe_load((tmp_path / "district" / "keli.yaml").read_text(encoding="utf-8"))
    source = next(one for one in settings["sources"] if one["name"] == "frame")
    assert source["files"] == ["inputs/frame.csv"]
    assert source["head_rows"] == 1
    assert set(source["columns"].values()) <= set(read(tmp_path / "district" / "inputs" / "frame.csv")[0])
