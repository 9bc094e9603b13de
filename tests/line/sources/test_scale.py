"""Returns in the wrong unit. The band is 10,000 to 3,000,000 yuan a head."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

TakeIn = Callable[..., Any]
COLUMNS = {"name": "名称", "year": "年", "employees": "人", "payroll": "薪酬", "revenue": "收入"}


def test_whole_returns_are_mended(take_in: TakeIn) -> None:
    text = (
        "名称,年,人,薪酬,收入\n"
        "甲,2021,10,1500000,9000000\n"  # 150,000 a head: stays
        "乙,2021,10,1500,9000.12345\n"  # 150 a head: x 1000 gives 150,000, x 10000 gives 1,500,000; 1000 is nearer
        "丙,2021,10,150,900\n"  # 15 a head: x 10000 gives 150,000; x 1000 gives 15,000, further from the middle
        "丁,2021,10,1500000000,9000000000\n"  # 150 million a head: / 1000
        "戊,2021,,1500,9000\n"  # no employees: cannot be seen
    )
    ledgers = take_in("annual_return", text, COLUMNS)
    assert [(str(row["payroll"]), str(row["revenue"])) for row in ledgers.accepted] == [
        ("1500000.00", "9000000.00"),
        ("1500000.00", "9000123.45"),
        ("1500000.00", "9000000.00"),
        ("1500000.00", "9000000.00"),
        ("1500.00", "9000.00"),
    ]
    assert [(entry["row"], entry["column"], entry["rule"]) for entry in ledgers.repairs] == [
        (3, "收入", "scale_1000"),
        (3, "薪酬", "scale_1000"),
        (4, "收入", "scale_10000"),
        (4, "薪酬", "scale_10000"),
        (5, "收入", "scale_1000"),
        (5, "薪酬", "scale_1000"),
    ]
    assert (ledgers.repairs[0]["before"], ledgers.repairs[0]["after"]) == ("9000.12345", "9000123.45")
    assert ledgers.intake[0]["rows_repaired"] == 3
    assert ledgers.accepted[0]["payroll"] == Decimal(1500000)
