"""Codes of GB/T 4754-2011 in the edition of 2017."""

from __future__ import annotations

import pytest

from keli.methods.industry_coding.concordance import current_codes
from keli.model.catalogue import load_catalogue


@pytest.mark.parametrize(
    ("code", "name", "current"),
    [
        ("6520", "信息系统集成服务", "6531"),  # 2017 uses 6520 for 集成电路设计
        ("6510", "软件开发", "651"),  # a class of 2011, a group of 2017
        ("5430", "道路货物运输", "543"),
        ("7240", "广告业", "725"),
        ("3490", "其他通用设备制造业", "349"),
        ("4019", "供应用仪表及其他通用仪器制造", "40"),  # neither class nor group of that name in the division
        ("6520", None, "65"),
        ("8710", "文艺创作与表演", "8810"),  # divisions from 79 on moved by one
        ("8640", "不在其中", "87"),
        ("9999", "没有", None),
    ],
)
def test_codes_of_2011_follow_their_names(code: str, name: str | None, current: str | None) -> None:
    assert current_codes([code], [name], load_catalogue().gbt, edition=2011) == [current]


@pytest.mark.parametrize(
    ("code", "current"), [("6520", "6520"), ("651", "651"), ("65", "65"), ("I", None), ("", None), ("6599 ", "6599")]
)
def test_codes_of_2017_stay(code: str, current: str | None) -> None:
    assert current_codes([code], [None], load_catalogue().gbt) == [current]
