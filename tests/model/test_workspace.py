"""keli.yaml: what it says becomes a workspace, and what is wrong in it is told with its line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from keli.base.errors import ConfigurationError
from keli.model.workspace import Workspace
from keli.model.workspace_file import load_workspace

GOOD = """\
title: 某区核算
area: "440304"
years: [2020, 2021]
stage: 最终核实
notes: [first]
precedence:
  gbt_code: [annual, register]
sources:
  - name: register
    kind: register
    files: inputs/register_*.csv
    received: 2022-03-01
    columns:
      name: 单位名称
      uscc: 代码
  - name: annual
    kind: annual_return
    files: [inputs/annual.csv]
    received: "2022-03-02"
    consolidated: true
    units: 千元
    negated: [asset_impairment]
    constants: {year: 2021}
    columns: {name: 单位名称, payroll: 401, asset_impairment: 减值}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    for name in ("register_b.csv", "register_a.csv", "annual.csv"):
        (inputs / name).write_text("x\n", encoding="utf-8")
    return tmp_path


def load(folder: Path, text: str) -> None:
    (folder / "keli.yaml").write_text(text, encoding="utf-8")
    load_workspace(folder)


def test_every_key_arrives(folder: Path) -> None:
    (folder / "keli.yaml").write_text(GOOD, encoding="utf-8")
    workspace = load_workspace(folder)
    assert (workspace.area, list(workspace.years), workspace.stage) == ("440304", [2020, 2021], "最终核实")
    assert workspace.precedence == {"gbt_code": ("annual", "register")}
    register, annual = workspace.sources
    assert [path.name for path in register.files] == ["register_a.csv", "register_b.csv"]
    assert register.received == dt.date(2022, 3, 1)
    assert annual.columns["payroll"] == "401"
    assert (annual.units, annual.negated, annual.constants) == (
        {"_default": "千元"},
        ("asset_impairment",),
        {"year": 2021},
    )
    assert annual.places["payroll"].row == 24


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ("received: 2022", "recieved: 2022", 12, 'Did you mean "received"?'),
        ("kind: register", "kind: registr", 10, 'Did you mean "register"?'),
        ("uscc: 代码", "usc: 代码", 15, 'Did you mean "uscc"?'),
        ("      name: 单位名称\n", "      单位名称: name\n", 14, 'Did you mean "name"?'),
        ('"440304"', "440304", 2, "six digits in quotes"),
        ("[2020, 2021]", "[2021, 2020]", 3, "comes after"),
        ("years: [2020, 2021]\n", "", 1, '"years" is missing'),
        ("register_*", "registr_*", 11, "There is no file"),
        ("units: 千元", "units: 仟元", 21, '"仟元" is not of this form. Unit of all money columns'),
        ("years: [2020, 2021]", "years: 2021", 3, "2021 should be a list, as [1, 2]. First and last year"),
        ("stage: 最终核实", "stage: 终稿", 4, '"终稿" is none of 快报, 初步核算, 最终核实, 普查修订.'),
        ("units: 千元", "units: {name: 千元}", 21, "not a money column"),
        ("constants: {year: 2021}", "constants: {}", 24, "needs year"),
        ("[annual, register]", "[anual, register]", 7, 'Did you mean "annual"?'),
        ("gbt_code: [", "gbt_cod: [", 7, 'Did you mean "gbt_code"?'),
        ("name: annual", "name: Register", 16, "Two sources"),
        ("stage: 最终核实", "stage: 终稿", 4, "Vintage stage"),
        ("title: 某区核算", "title: 某区核算\ntitle: 又", 2, "stands twice"),
        ("area:", "\tarea:", 2, "not YAML"),
        ("years: [2020, 2021]", "years: [2020, 2021]\nplates: catalogue/p.csv", 4, "There is no file"),
    ],
)
def test_errors_name_the_line(folder: Path, before: str, after: str, line: int, message: str) -> None:
    assert before in GOOD
    with pytest.raises(ConfigurationError) as caught:
        load(folder, GOOD.replace(before, after, 1))
    assert message in caught.value.what
    assert caught.value.where is not None
    assert caught.value.where.row == line


@pytest.mark.parametrize(
    ("head", "units", "message"),
    [
        ("营业收入（千元）", "元", 'The column "营业收入（千元）" (for revenue) says 千元, but it is read in 元.'),
        ("营业收入(万元)", "千元", "says 万元, but it is read in 千元"),
        ("401", "千元", 'revenue and payroll are both taken from the column "401".'),
    ],
)
def test_heads_of_amounts_are_held_against_the_mapping(folder: Path, head: str, units: str, message: str) -> None:
    wrong = GOOD.replace("units: 千元", f"units: {units}").replace("payroll: 401", f"payroll: 401, revenue: {head}")
    with pytest.raises(ConfigurationError) as caught:
        load(folder, wrong)
    assert message in caught.value.what


def test_a_head_with_the_unit_that_is_stated_is_read(folder: Path) -> None:
    right = GOOD.replace("payroll: 401", "payroll: 401, revenue: 营业收入（千元）")
    load(folder, right)
    register, annual = load_workspace(folder).sources
    assert annual.stated_unit("revenue") == "千元"
    assert register.stated_unit("registered_capital") is None


def test_a_missing_file_shows_the_nearest_one(folder: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(folder, GOOD.replace("inputs/annual.csv", "inputs/anual.csv"))
    assert caught.value.example == "files: inputs/annual.csv"


def test_a_folder_without_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_workspace(tmp_path)
    assert "keli new" in str(caught.value.next_step)


def test_the_documented_example_is_right(folder: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n", 1)[1].split("```", 1)[0]
    for name in ("register_2021.csv", "tax_2020.csv.gz", "tax_2021.csv.gz", "frame.xlsx", "annual_2021.csv"):
        (folder / "inputs" / name).write_text("x\n", encoding="utf-8")
    (folder / "catalogue" / "parameters").mkdir(parents=True)
    for name in ("plates.csv", "roads.csv", "buildings.csv", "our.model"):
        (folder / "catalogue" / name).write_text("x\n", encoding="utf-8")
    (folder / "inputs" / "subdistricts.geojson").write_text("{}", encoding="utf-8")
    (folder / "keli.yaml").write_text(example, encoding="utf-8")
    assert [source.kind for source in load_workspace(folder).sources] == ["register", "frame", "tax", "annual_return"]
    assert load_workspace(folder).coding_model == folder / "catalogue" / "our.model"


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ("      longitude: 经度\n      latitude: 纬度\n", "not the frame"),
        ("      longitude: 经度\n    coordinates: gcj02\n", "mapped without latitude"),
        ("      longitude: 经度\n      latitude: 纬度\n    coordinates: baidu\n", "coordinates is not right"),
    ],
)
def test_coordinates_name_their_frame(tmp_path: Path, added: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        _with_register(tmp_path, added, "")


def test_a_frame_and_a_gazetteer_are_read(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("building,subdistrict,n\n", encoding="utf-8")
    added = "      longitude: 经度\n      latitude: 纬度\n    coordinates: bd09\n"
    gazetteer = "gazetteer:\n  roads: b.csv\n  buildings: {file: b.csv, columns: {building: 楼宇}}\n"
    workspace = _with_register(tmp_path, added, gazetteer)
    assert workspace.sources[0].coordinates == "bd09"
    assert workspace.gazetteer["buildings"].columns == {"building": "楼宇"}
    assert workspace.gazetteer["roads"].path == tmp_path / "b.csv"
    with pytest.raises(ConfigurationError, match="no file"):
        _with_register(tmp_path, added, "gazetteer: {roads: none.csv}\n")


def _with_register(folder: Path, added: str, more: str) -> Workspace:
    (folder / "r.csv").write_text("单位名称\n", encoding="utf-8")
    source = (
        "sources:\n  - name: r\n    kind: register\n    files: r.csv\n    received: 2022-03-01\n"
        "    columns:\n      name: 单位名称\n"
    )
    text = f'title: t\narea: "440304"\nyears: [2020, 2021]\n{more}{source}{added}'
    (folder / "keli.yaml").write_text(text, encoding="utf-8")
    return load_workspace(folder)


def test_decisions_are_sources_by_their_date(folder: Path) -> None:
    decisions = folder / "inputs" / "decisions"
    decisions.mkdir()
    for name in ("2022-04-01-links.csv", "2022-04-01-codes.csv", "2022-05-02.csv"):
        (decisions / name).write_text("list,case_id\n", encoding="utf-8")
    (folder / "keli.yaml").write_text(GOOD, encoding="utf-8")
    first, second = load_workspace(folder).sources_of("decision")
    assert (first.name, first.received) == ("decisions-2022-04-01", dt.date(2022, 4, 1))
    assert [path.name for path in first.files] == ["2022-04-01-codes.csv", "2022-04-01-links.csv"]
    assert second.received == dt.date(2022, 5, 2)


def test_decisions_without_a_date_in_the_name_are_refused(folder: Path) -> None:
    decisions = folder / "inputs" / "decisions"
    decisions.mkdir()
    (decisions / "links.csv").write_text("list,case_id\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="does not begin with the date") as caught:
        load(folder, GOOD)
    assert "2022-03-01-links.csv" in str(caught.value)
