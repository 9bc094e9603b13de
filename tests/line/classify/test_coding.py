"""The coder in the line: after declared codes and phrases, before nothing; what it cannot say surely goes to people."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.line.classify.conftest import PERIOD, Classified, Row

from keli.base.errors import SourceError
from keli.line.classify import stage
from keli.line.classify.coding.coder import described
from keli.methods.industry_coding.stored import model_bytes
from keli.methods.industry_coding.training import CodedUnits, own_model
from keli.model.catalogue import Catalogue
from keli.model.workspace import Workspace
from keli.plain.code import Columns, train_file

Classify = Callable[..., Classified]

HOTEL = {"unit_id": 1, "name": "深圳样例大酒店有限公司", "scope": "酒店经营管理；中西餐制售"}
GAMES = {"unit_id": 2, "name": "深圳样例网络科技有限公司", "scope": "网络游戏的设计"}
VAGUE = {"unit_id": 3, "name": "深圳样例实业有限公司", "scope": "兴办实业（具体项目另行申报）；国内贸易"}


def last(found: Classified, unit: int) -> tuple[str | None, str, float]:
    row = found.activity[unit, 2021]
    return row["gbt_code"], row["origin"], row["confidence"]


def opinion(found: Classified, unit: int) -> Row:
    return next(row for row in found.rows("code_opinions") if row["unit_id"] == unit)


def case(found: Classified, unit: int) -> Row:
    return next(row for row in found.rows("coding_cases") if row["unit_id"] == unit)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    """A coder trained on hotels and pig farms, sure of both."""
    rows = [("酒店住宿服务；会议服务", "样例大酒店", "6110"), ("生猪养殖；生猪销售", "样例牧业", "0313")] * 40
    scopes, names, codes = zip(*rows, strict=True)
    path = tmp_path_factory.mktemp("coder") / "our.model"
    path.write_bytes(model_bytes(own_model(CodedUnits(scopes, names, codes), catalogue)))
    return path


def test_the_coder_is_asked_after_sources_and_phrases(classify: Classify, own: Path) -> None:
    scope = {"scope": "酒店住宿服务", "name": "样例大酒店"}
    units = [
        {"unit_id": 1, "gbt_code": "6513", "gbt_code_source": "register", **scope},
        {"unit_id": 2, "scope": "物业管理", "name": "样例大酒店"},
        {"unit_id": 3, **scope},
    ]
    found = classify(units, settings={"coding_model": own})
    assert last(found, 1)[:2] == ("6513", "register")
    assert last(found, 2)[:2] == ("7020", "scope_phrase")
    told = opinion(found, 3)
    assert last(found, 3) == ("6110", "coder", told["p_class"])
    assert told["p_class"] >= 0.6


def test_as_deep_as_the_coder_is_sure(classify: Classify) -> None:
    found = classify([HOTEL, GAMES, VAGUE])
    for unit in (1, 2):
        told = opinion(found, unit)
        code, origin, confidence = last(found, unit)
        assert (told["probability"] >= 0.6, told["p_class"] >= 0.6) == (code is not None, len(code or "") == 4)
        if code is not None:
            assert (code, origin) == (told["code"][: len(code)], "coder")
            assert confidence == (told["p_class"] if len(code) == 4 else told["probability"])
    assert last(found, 3) == (None, "none", 0.0)


def test_only_a_class_within_the_phrase_refines_it(classify: Classify, own: Path) -> None:
    # 软件开发 stands for the group 651; the coder knows the hotel from the name and says 6110.
    unit = {"unit_id": 1, "scope": "软件开发；酒店住宿服务", "name": "样例大酒店"}
    found = classify([unit], settings={"coding_model": own})
    assert last(found, 1)[:2] == ("651", "scope_phrase")
    assert case(found, 1)["gbt_code"] == "651"


def test_what_is_open_goes_to_people_and_names_the_proposal(classify: Classify) -> None:
    found = classify([HOTEL, VAGUE, {"unit_id": 4}, {"unit_id": 5, "gbt_code": "65", "gbt_code_source": "register"}])
    listed = found.rows("coding_cases")
    # The likeliest of the core first: who only says that he trades is likelier there than a hotel.
    assert [row["unit_id"] for row in listed] == [3, 1, 4]
    hotel = case(found, 1)
    assert (hotel["list"], hotel["case_id"], hotel["decision"]) == ("codes", "unit/1", "open")
    assert (hotel["proposed"], hotel["scope"]) == (opinion(found, 1)["code"], HOTEL["scope"])
    assert (listed[2]["proposed"], listed[2]["p_core"]) == (None, None)
    with (found.context.vault.folder / "coding_cases.csv").open(encoding="utf-8-sig", newline="") as sheet:
        heads = next(csv.reader(sheet))
    assert heads[:6] == ["list", "case_id", "proposed", "decision", "corrected", "note"]


def test_units_outside_the_district_are_not_asked_about(classify: Classify) -> None:
    outside = [PERIOD | {"unit_id": 1, "period": 2021, "in_district": False, "area": "outside"}]
    found = classify([HOTEL], outside)
    assert (found.rows("code_opinions"), found.rows("coding_cases")) == ([], [])


def test_a_decision_overrides_and_becomes_training_data(classify: Classify, tmp_path: Path) -> None:
    decisions = [
        {"case_id": "unit/1", "proposed": "5511", "value": "6110"},
        {"case_id": "unit/3", "value": "7212", "decision": "no"},
    ]
    found = classify([HOTEL, GAMES, VAGUE], decisions=decisions)
    assert last(found, 1) == ("6110", "decision", 1.0)
    assert last(found, 3)[:2] == (None, "none")
    assert [row["unit_id"] for row in found.rows("coding_cases")] == [2]
    (coded,) = found.rows("coded_units")
    assert (coded["unit_id"], coded["code"], coded["scope"]) == (1, "6110", HOTEL["scope"])
    # The sheet trains a coder as it is: here one unit is too few, and the answer says how many it takes.
    with pytest.raises(SourceError, match="1 rows have a text and a code of GB/T 4754-2017; training needs 50"):
        train_file(
            found.context.vault.folder / "coded_units.csv", tmp_path / "our.model", Columns("scope", "name"),
            label="code", edition=2017, catalogue=found.context.catalogue,
        )  # fmt: skip


def test_a_decision_that_names_no_code_stays_open_and_says_why(classify: Classify) -> None:
    found = classify([HOTEL], decisions=[{"case_id": "unit/1", "value": "酒店"}])
    assert case(found, 1)["note"] == 'decided 2022-03-01: "酒店" is no code of GB/T 4754-2017'
    assert last(found, 1)[1] != "decision"
    assert found.rows("coded_units") == []


def test_a_declared_code_that_the_coder_doubts(classify: Classify, own: Path) -> None:
    units = [
        {
            "unit_id": 1,
            "gbt_code": "6513",
            "gbt_code_source": "register",
            "scope": "酒店住宿服务",
            "name": "样例大酒店",
        },
        {
            "unit_id": 2,
            "gbt_code": "6120",
            "gbt_code_source": "register",
            "scope": "酒店住宿服务",
            "name": "样例大酒店",
        },
    ]
    (doubt,) = classify(units, settings={"coding_model": own}).rows("code_doubts")
    assert (doubt["unit_id"], doubt["case_id"], doubt["declared_code"], doubt["code"]) == (
        1,
        "unit/1/6513",
        "6513",
        "6110",
    )
    assert (doubt["declared_core"], doubt["code_core"], doubt["declared_origin"]) == (True, False, "register")
    assert doubt["declared_share"] <= 0.05
    assert doubt["probability"] >= 0.6


def test_a_doubt_that_was_decided_holds_for_that_declared_code_alone(classify: Classify, own: Path) -> None:
    unit = {"unit_id": 1, "scope": "酒店住宿服务", "name": "样例大酒店"}
    returns = [{"unit_id": 1, "period": year, "gbt_code": code} for year, code in ((2020, "6513"), (2021, "6540"))]
    decided = [{"case_id": "unit/1/6513", "value": "6110"}]
    found = classify([unit], returns=returns, decisions=decided, settings={"coding_model": own})
    assert found.activity[1, 2020]["gbt_code"] == "6110"
    assert last(found, 1)[:2] == ("6540", "return")
    assert [row["case_id"] for row in found.rows("code_doubts")] == ["unit/1/6540"]
    later = [*decided, {"case_id": "unit/1/6540", "decision": "no", "received": dt.date(2022, 4, 1)}]
    found = classify([unit], returns=returns, decisions=later, settings={"coding_model": own})
    assert (last(found, 1)[:2], found.rows("code_doubts")) == (("6540", "return"), [])


def test_equal_texts_get_equal_opinions_in_any_company(classify: Classify) -> None:
    alike = [{**HOTEL, "unit_id": unit} for unit in (7, 8)]
    found = classify([*alike, GAMES])
    first, second = opinion(found, 7), opinion(found, 8)
    one = opinion(classify([HOTEL | {"unit_id": 7}]), 7)
    assert first == second | {"unit_id": 7} == one


def test_people_may_keep_it_all(classify: Classify, own: Path) -> None:
    unit = {"unit_id": 1, "scope": "会议", "name": "样例大酒店"}
    found = classify([unit], settings={"coding_model": own, "coding_automatic": False})
    assert last(found, 1) == (None, "none", 0.0)
    assert case(found, 1)["proposed"] == "6110"
    (coder,) = found.rows("coder")
    assert (coder["kind"], coder["file"], coder["units"], coder["automatic"]) == ("own", "our.model", 80, False)


def test_check_names_the_coder(workspace: Workspace, catalogue: Catalogue, own: Path, tmp_path: Path) -> None:
    assert "the shipped one, from official facts" in stage.check(workspace, catalogue)
    bureau = Workspace(tmp_path, "t", "440304", 2020, 2021, (), coding_model=own, coding_automatic=False)
    said = described(bureau, catalogue)
    assert said == "our.model, trained on 80 coded units of edition 2017; it only proposes"
    broken = tmp_path / "broken.model"
    broken.write_bytes(own.read_bytes()[:-200])
    with pytest.raises(SourceError, match="not an industry coder") as problem:
        described(Workspace(tmp_path, "t", "440304", 2020, 2021, (), coding_model=broken), catalogue)
    assert "broken.model" in str(problem.value)
