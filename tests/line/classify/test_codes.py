"""Where a code comes from: sources first, then the business scope."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.line.classify.conftest import Classified, Row

from keli.line.classify.declared import resolved_codes
from keli.line.classify.phrases import shared_code
from keli.model.catalogue import Catalogue

Classify = Callable[..., Classified]


def coded(classified: Classified, period: int = 2021) -> tuple[str | None, str, float]:
    row = classified.activity[1, period]
    return row["gbt_code"], row["origin"], row["confidence"]


REGISTER = {"unit_id": 1, "gbt_code": "6513", "gbt_code_source": "register", "scope": "物业管理"}
FRAME = REGISTER | {"gbt_code": "6519", "gbt_code_source": "frame"}
TAX = {"unit_id": 1, "period": 2021, "gbt_code": "6540", "taxable_revenue": 5}
RETURN = {"unit_id": 1, "period": 2021, "gbt_code": "6560"}


@pytest.mark.parametrize(
    ("unit", "returns", "bases", "expected"),
    [
        (FRAME, [RETURN], [TAX], ("6560", "return", 0.9)),
        (FRAME, [], [TAX], ("6519", "frame", 0.8)),
        (REGISTER, [], [TAX], ("6540", "tax", 0.7)),
        (REGISTER, [], [TAX | {"taxable_revenue": None}], ("6540", "return", 0.9)),
        (REGISTER, [], [], ("6513", "register", 0.6)),
        (REGISTER, [RETURN | {"gbt_code": "0000"}], [], ("6513", "register", 0.6)),
        (REGISTER, [RETURN | {"gbt_code": "651"}], [], ("6513", "register", 0.6)),
        (REGISTER | {"gbt_code": None}, [RETURN | {"gbt_code": "651"}], [], ("651", "return", 0.9)),
        (REGISTER | {"gbt_code": "702"}, [], [], ("7020", "register", 0.6)),
        (REGISTER | {"gbt_code": None}, [], [], ("7020", "scope_phrase", 0.5)),
        (REGISTER | {"gbt_code": None, "scope": "其他"}, [], [], (None, "none", 0.0)),
        (REGISTER | {"gbt_code": None, "scope": None}, [], [], (None, "none", 0.0)),
    ],
)
def test_the_best_source_states_the_code(
    classify: Classify, unit: Row, returns: list[Row], bases: list[Row], expected: tuple[str | None, str, float]
) -> None:
    assert coded(classify([unit], returns=returns, revenue_bases=bases)) == expected


def test_keli_yaml_may_put_a_source_first(classify: Classify) -> None:
    chosen = classify([REGISTER], precedence={"gbt_code": ("register",)}, returns=[RETURN], revenue_bases=[TAX])
    assert coded(chosen) == ("6513", "register", 0.6)
    chosen = classify([REGISTER], precedence={"gbt_code": ("tax",)}, returns=[RETURN], revenue_bases=[TAX])
    assert coded(chosen) == ("6540", "tax", 0.7)


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        ("物业管理；软件开发", "7020"),
        ("软件开发、物业管理", "651"),
        ("一般经营项目是：软件开发（依法须经批准的项目，经相关部门批准后方可开展经营活动）。物业管理", "651"),
        ("经济咨询；物业管理", "7020"),
        ("计算机软件开发及系统集成业务", "651"),
        ("信息咨询（不含银行业务）", None),
        ("人力资源服务（不含职业中介活动、劳务派遣服务）", "726"),
        ("仪器仪表销售；软件开发", None),
        ("国内贸易", None),
    ],
)
def test_the_scope_names_the_main_activity_in_official_phrases(
    classify: Classify, scope: str, code: str | None
) -> None:
    found = classify([{"unit_id": 1, "scope": scope}])
    assert found.activity[1, 2021]["gbt_code"] == code
    assert found.activity[1, 2021]["origin"] == ("none" if code is None else "scope_phrase")


def test_codes_of_a_phrase_meet_in_the_longest_common_code(catalogue: Catalogue) -> None:
    assert shared_code(catalogue.gbt, {"7264", "7269"}) == "726"
    assert shared_code(catalogue.gbt, {"5221", "5242"}) == "52"
    assert shared_code(catalogue.gbt, {"5179", "5299"}) == ""
    assert shared_code(catalogue.gbt, {"6513"}) == "6513"


def test_a_code_with_one_class_below_is_that_class(catalogue: Catalogue) -> None:
    codes = resolved_codes(catalogue.gbt)
    assert (codes["702"], codes["651"], codes["6513"]) == ("7020", "651", "6513")
    assert "I" not in codes


@pytest.mark.parametrize(
    ("code", "core", "starred"),
    [("6513", True, False), ("6429", True, True), ("7020", False, False), ("651", False, False)],
)
def test_the_core_is_known_by_class(classify: Classify, code: str, core: bool, starred: bool) -> None:
    row = classify([REGISTER | {"gbt_code": code}]).activity[1, 2021]
    assert (row["core"], row["starred"]) == (core, starred)


@pytest.mark.parametrize(
    ("before", "after", "recoded"),
    [("6513", "6519", True), ("6513", "6513", False), ("651", "6513", False), (None, "6513", False)],
)
def test_a_recode_is_another_class_than_the_year_before(
    classify: Classify, before: str | None, after: str, recoded: bool
) -> None:
    returns = [RETURN | {"period": 2020, "gbt_code": before}, RETURN | {"gbt_code": after}]
    found = classify([{"unit_id": 1}], returns=returns).activity
    assert (found[1, 2020]["recoded"], found[1, 2021]["recoded"]) == (False, recoded)
