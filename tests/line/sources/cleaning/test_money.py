"""Amounts in every form that registers and returns really use."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

TakeIn = Callable[..., Any]

# A register whose capital is declared in 万元: as delivered, in yuan, rules that repaired it.
CAPITAL = [
    ("600", "6000000.00", []),
    ("0.5", "5000.00", []),
    ('"39,076.8700(万元人民币)"', "390768700.00", ["unit_in_cell"]),
    ("600（万元）", "6000000.00", ["full_width", "unit_in_cell"]),
    ("600万人民币", "6000000.00", ["unit_in_cell"]),
    ("3亿元", "300000000.00", ["unit_in_cell"]),
    ("5000元", "5000.00", ["unit_in_cell"]),
    ("12^", "120000.00", ["stray_caret"]),
    ("１２３", "1230000.00", ["full_width"]),
    ('"1,234"', "12340000.00", []),
    ("￥80", "800000.00", ["currency_sign"]),
    ("270万港币", None, ["foreign_currency_not_converted"]),
    ("100万美元", None, ["foreign_currency_not_converted"]),
    ("0（万元）", None, ["full_width", "unit_in_cell", "zero_capital_blank"]),
    ("0", None, ["zero_capital_blank"]),
    ("N/A", None, ["blank_like"]),
    ("-", None, ["blank_like"]),
    ("—", None, ["blank_like"]),
    ("无", None, ["blank_like"]),
    ("null", None, ["blank_like"]),
    ("（万元）", None, ["blank_amount", "full_width"]),
    ("", None, []),
]


def test_every_form_of_a_registered_capital(take_in: TakeIn) -> None:
    lines = [f"甲{number},{text}" for number, (text, _, _) in enumerate(CAPITAL)]
    ledgers = take_in(
        "register",
        "\n".join(["名称,资本", *lines]),
        {"name": "名称", "registered_capital": "资本"},
        units={"registered_capital": "万元"},
    )
    assert ledgers.quarantine == []
    for number, (text, yuan, rules) in enumerate(CAPITAL):
        value = ledgers.accepted[number]["registered_capital"]
        assert value == (None if yuan is None else Decimal(yuan)), text
        assert ledgers.rules_of(number + 2) == sorted(rules), text


def test_amounts_that_hold_a_row_back(take_in: TakeIn) -> None:
    amounts = ["abc", "-5", "1" * 20, "100万美元", '"1,23"', "600万吨", "(100)", "1e3"]
    lines = [f"乙{number},2021,{text}" for number, text in enumerate(amounts)]
    ledgers = take_in(
        "tax",
        "\n".join(["名称,年,收入", *lines]),
        {"name": "名称", "year": "年", "taxable_revenue": "收入"},
        units={"_default": "千元"},
    )
    assert ledgers.problems() == [
        (2, "收入", "not_a_number"),
        (3, "收入", "negative_value"),
        (4, "收入", "money_overflow"),
        (5, "收入", "foreign_currency"),
        (6, "收入", "not_a_number"),
        (7, "收入", "not_a_number"),
        (8, "收入", "negative_value"),
    ]
    assert ledgers.accepted[0]["taxable_revenue"] == Decimal("1000000.00")  # 1e3 千元
    assert ledgers.quarantine[0]["reason"].startswith("This is not a number.")
    assert "1234.56" in ledgers.quarantine[0]["suggestion"]


def test_losses_in_brackets_and_signs_turned(take_in: TakeIn) -> None:
    ledgers = take_in(
        "annual_return",
        '名称,年,利润,减值\n甲,2021,"(1,234.5)",-20\n乙,2021,-7.005,（30）\n',
        {"name": "名称", "year": "年", "operating_profit": "利润", "asset_impairment": "减值"},
        negated=("asset_impairment",),
    )
    first, second = ledgers.accepted
    assert first["operating_profit"] == Decimal("-1234.50")
    assert first["asset_impairment"] == Decimal("20.00")
    assert second["operating_profit"] == Decimal("-7.01")  # half away from zero
    assert second["asset_impairment"] == Decimal("30.00")
    assert ledgers.rules_of(2) == ["bracket_negative"]
    assert ledgers.rules_of(3) == ["bracket_negative", "full_width"]


def test_every_unit_up_to_its_bound(take_in: TakeIn) -> None:
    bounds = {
        "元": "9999999999999999.99",
        "千元": "9999999999999.99999",
        "万元": "999999999999.999999",
        "亿元": "99999999.9999999999",
    }
    for unit, text in bounds.items():
        row = take_in(
            "tax",
            f"名称,年,收入\n甲,2021,{text}\n",
            {"name": "名称", "year": "年", "taxable_revenue": "收入"},
            units={"_default": unit},
        ).accepted[0]
        assert row["taxable_revenue"] == Decimal("9999999999999999.99"), unit
