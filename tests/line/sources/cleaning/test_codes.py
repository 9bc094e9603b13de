"""Codes: only case, width and blanks are repaired; what is wrong is emptied by name, never guessed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

TakeIn = Callable[..., Any]
VALID = "9144030071526726XG"


def test_credit_codes(take_in: TakeIn) -> None:
    codes = [VALID, VALID.lower(), "9144 0300 7152 6726 XG", "９１４４03007152６726XG", "9144030071526726XH", "N/A"]
    lines = [f"甲{number},{code}" for number, code in enumerate(codes)]
    ledgers = take_in("register", "\n".join(["名称,代码", *lines, f",{VALID[:-1]}H"]), {"name": "名称", "uscc": "代码"})
    assert [row["uscc"] for row in ledgers.accepted] == [VALID] * 4 + [None, None]
    assert [ledgers.rules_of(row) for row in range(2, 8)] == [
        [],
        ["code_case_and_blanks"],
        ["code_case_and_blanks"],
        ["full_width"],
        ["invalid_code_removed"],
        ["blank_like"],
    ]
    assert ledgers.problems() == [(8, "代码", "invalid_code")]
    assert ledgers.quarantine[0]["value"] == "9144030071526726XH"


def test_industry_codes(take_in: TakeIn) -> None:
    given = {
        "6513": ("6513", []),
        "I6513": ("6513", ["section_letter_removed"]),
        "i6513": ("6513", ["section_letter_removed"]),
        "C6513": (None, ["invalid_industry_code_removed"]),
        "6513.0": ("6513", ["code_notation"]),
        "641": ("6410", ["group_code_completed"]),
        "I641": ("6410", ["group_code_completed", "section_letter_removed"]),
        "651": (None, ["invalid_industry_code_removed"]),
        "6510": (None, ["invalid_industry_code_removed"]),
        "软件": (None, ["invalid_industry_code_removed"]),
    }
    lines = [f"甲{number},{code}" for number, code in enumerate(given)]
    ledgers = take_in("register", "\n".join(["名称,行业", *lines]), {"name": "名称", "gbt_code": "行业"})
    for number, (code, (expected, rules)) in enumerate(given.items()):
        assert ledgers.accepted[number]["gbt_code"] == expected, code
        assert ledgers.rules_of(number + 2) == rules, code


def test_subdistricts_by_code_or_name(take_in: TakeIn) -> None:
    text = "名称,街道\n甲,440304004\n乙,福田街道\n丙,福田街道办事处\n丁,幸福街道\n"
    ledgers = take_in("register", text, {"name": "名称", "subdistrict": "街道"})
    assert [row["subdistrict"] for row in ledgers.accepted] == ["440304004", "440304004", "440304004", None]
    assert ledgers.rules_of(5) == ["unknown_subdistrict_removed"]


def test_areas_and_totals_of_controls(take_in: TakeIn) -> None:
    text = "地区,年,类,指标,值\n福田区,2021,DE,增加值,624.92\n440304,2021,_T,GDP,5341\n火星,2021,DE,VA,1\n"
    columns = {"area": "地区", "year": "年", "activity": "类", "measure": "指标", "value": "值"}
    ledgers = take_in("controls", text, columns, units={"value": "亿元"})
    assert [(row["area"], row["activity"], row["measure"], str(row["value"])) for row in ledgers.accepted] == [
        ("440304", "DE", "VA", "62492000000.00"),
        ("440304", "_T", "GDP", "534100000000.00"),
    ]
    assert [row["price_base"] for row in ledgers.accepted] == ["V", "V"]
    assert ledgers.problems() == [(4, "地区", "unknown_area")]
