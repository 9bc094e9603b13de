"""Dates, years, quarters, shares, counts and choices in their dirty forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

TakeIn = Callable[..., Any]
DAY = dt.date(2015, 3, 2)

DATES = [
    ("2015-03-02", DAY, []),
    ("2015/3/2", DAY, ["date_notation"]),
    ("20150302", DAY, ["date_notation"]),
    ("2015年3月2日", DAY, ["date_notation"]),
    ("2015.03.02", DAY, ["date_notation"]),
    ("2015-03-02 00:00:00", DAY, ["date_notation"]),
    ("２０１５-03-02", DAY, ["full_width"]),
    ("42065", DAY, ["excel_serial_date"]),
    ("2015-02-30", None, ["unreadable_date_removed"]),
    ("去年", None, ["unreadable_date_removed"]),
    ("0001-01-01", None, ["unreadable_date_removed"]),
    ("N/A", None, ["blank_like"]),
]


def test_every_form_of_a_date(take_in: TakeIn) -> None:
    lines = [f"甲{number},{text}" for number, (text, _, _) in enumerate(DATES)]
    ledgers = take_in("register", "\n".join(["名称,成立", *lines]), {"name": "名称", "established": "成立"})
    for number, (text, day, rules) in enumerate(DATES):
        assert ledgers.accepted[number]["established"] == day, text
        assert ledgers.rules_of(number + 2) == rules, text


def test_a_needed_date_holds_the_row_back(take_in: TakeIn) -> None:
    ledgers = take_in(
        "frame",
        "名称,入,退\n甲,2015-02-30,\n乙,2020-01-01,2019-01-01\n丙,2020-01-01,2020/12/31\n丁,,\n",
        {"name": "名称", "entry_date": "入", "exit_date": "退"},
    )
    assert ledgers.problems() == [
        (2, "入", "unreadable_date"),
        (3, "", "exit_before_entry"),
        (5, "入", "missing_value"),
    ]
    assert [row["exit_date"] for row in ledgers.accepted] == [dt.date(2020, 12, 31)]


def test_years_and_quarters(take_in: TakeIn) -> None:
    text = (
        "名称,年,季,收入\n甲,2021,1,5\n乙,2021年,第二季度,5\n丙,2021.0,Q3,5\n丁,２０２１,4季度,5\n"
        "戊,1889,1,5\n己,今年,5,5\n"
    )
    ledgers = take_in("quarterly_return", text, {"name": "名称", "year": "年", "quarter": "季", "revenue": "收入"})
    assert [(row["year"], row["quarter"]) for row in ledgers.accepted] == [(2021, 1), (2021, 2), (2021, 3), (2021, 4)]
    assert [row["accumulation"] for row in ledgers.accepted] == ["D"] * 4
    assert ledgers.problems() == [
        (6, "年", "year_out_of_range"),
        (7, "季", "not_a_quarter"),
        (7, "年", "not_a_year"),
    ]


def test_shares_and_choices(take_in: TakeIn) -> None:
    text = (
        "名称,类,年,层级,比例\n甲,030304,2021,走访,35%\n乙,30304,2021,visited,0.5\n丙,030304,2021,VISITED,35\n"
        "丁,030304,2021,听说,0.2\n戊,999999,2021,visited,１\n己,030304,2021,visited,\n"
    )
    columns = {"name": "名称", "activity": "类", "year": "年", "tier": "层级", "share": "比例"}
    ledgers = take_in("split_evidence", text, columns)
    assert [(row["activity"], row["tier"], row["share"]) for row in ledgers.accepted] == [
        ("030304", "visited", 0.35),
        ("030304", "visited", 0.5),
    ]
    assert ledgers.rules_of(2) == ["percent"]
    assert ledgers.rules_of(3) == ["leading_zero_restored"]
    assert ledgers.problems() == [
        (4, "比例", "share_out_of_range"),
        (5, "层级", "unknown_choice"),
        (6, "类", "unknown_activity"),
        (7, "", "no_share"),
    ]


def test_text_keeps_its_brackets_and_loses_carets(take_in: TakeIn) -> None:
    text = "名称,范围\n深圳甲（集团）ＡＢ公司,销售。^\n  深圳乙公司  ,^软件\n"
    ledgers = take_in("register", text, {"name": "名称", "scope": "范围"})
    assert [(row["name"], row["scope"], row["repaired"]) for row in ledgers.accepted] == [
        ("深圳甲（集团）AB公司", "销售。", True),
        ("深圳乙公司", "软件", True),
    ]
    assert ledgers.rules_of(2) == ["full_width_letters", "stray_caret"]


def test_outer_blanks_alone_are_no_repair(take_in: TakeIn) -> None:
    ledgers = take_in("register", "名称\n  深圳乙公司  \n", {"name": "名称"})
    assert ledgers.accepted[0]["name"] == "深圳乙公司"
    assert ledgers.intake[0]["rows_repaired"] == 0


def test_numbers_of_cases_survive_or_are_held_back(take_in: TakeIn) -> None:
    """A spreadsheet makes 2.63245E+17 of an eighteen-digit number; no list gives a plain number."""
    rows = ["unit/263245000000000001", "12-34", "missing/2021/7", "2.63245E+17", "263245000000000001"]
    text = "清单,编号,意见\n" + "".join(f"codes,{row},是\n" for row in rows)
    ledgers = take_in("decision", text, {"list": "清单", "case_id": "编号", "decision": "意见"})
    assert [row["case_id"] for row in ledgers.accepted] == rows[:3]
    assert ledgers.problems() == [(5, "编号", "spoiled_case_number"), (6, "编号", "spoiled_case_number")]
