"""Words of the passport: what columns, codes and units are called, in the terms of official statistics."""

from __future__ import annotations

from typing import Any

WHOLE = "_T"
NONE = "–"

COLUMNS = {
    "time_period": "时期", "ref_area": "地区", "activity": "行业", "size_class": "规模", "ownership": "登记注册类型",
    "source": "来源", "status": "状态", "basis": "数据来源", "split_evidence": "切分证据", "control": "控制数",
    "measure": "指标", "price_base": "价格",
}  # fmt: skip
PRICES = {"V": "现价 current prices", "Q": "不变价 constant prices", "_Z": "不涉及价格 no price basis"}
BASES = {"reported": "报表数据", "imputed": "部分指标推算", "estimated": "按增加值率推算"}
TIERS = {
    "full": "全部为数字经济", "visited": "实地核查", "catalogue": "目录认定", "census": "普查资料",
    "coefficient": "上级系数", "sample": "抽样推算", "default": "设定比例",
}  # fmt: skip
STATUSES = {"active": "存续", "closed": "注销"}
SIZES = {"L": "大型", "M": "中型", "S": "小型", "MI": "微型"}
CONTROLS = {"VA": "增加值控制数", "VA_PUBLISHED": "已公布增加值", "GDP": "地区生产总值"}
OBSERVED = {"A": "A 正常 normal", "E": "E 推算 estimated", "M": "M 缺数 missing", "P": "P 初步 provisional"}

# Codes that begin with _ have no entry in a classification.
_WHOLES = {
    "time_period": "各年合计 all years together", "activity": "全部行业 all activities",
    "size_class": "全部规模 all sizes", "ownership": "全部类型 all types", "source": "不分来源 all sources",
    "status": "全部状态 all", "basis": "不分数据来源 all", "split_evidence": "不分切分证据 all", "control": "全部 all",
}  # fmt: skip
_OTHERS = {"_U": "不详 unknown", "_N": "非核心产业 not core", "_Z": "不适用 not applicable", "outside": "区外 outside"}
_GIVEN = {
    "basis": BASES, "split_evidence": TIERS, "status": STATUSES, "size_class": SIZES, "control": CONTROLS,
    "price_base": PRICES,
}  # fmt: skip
_GDP = "地区生产总值（外部提供） whole economy, GDP as supplied"

UNITS = {
    "PCT": "%", "1": "", "convention": "", "item": "", "decimals": "", "holder": "家 holders", "unit": "家 units",
    "month": "个月 months", "year": "年", "yuan a year": "元/年 yuan a year",
}  # fmt: skip
HEADS = {
    "item": "item", "component": "构成", "sign": "符号", "required": "空值", "field_code": "代码",
    "label_zh": "指标名称", "headline": "区合计 headline", "detail": "分项 detail",
    "min": "最低 min", "max": "最高 max",
}  # fmt: skip
_VALUES: dict[str, dict[Any, str]] = {
    "component": {
        "compensation": "劳动者报酬", "net_taxes": "生产税净额", "depreciation": "固定资产折旧", "surplus": "营业盈余",
    },
    "sign": {1: "+", -1: "−"},
    "required": {True: "推算", False: "按零"},
}  # fmt: skip


def code_name(column: str, code: str, table: str, labels: dict[str, dict[str, str]]) -> str:
    """Official name of a code, or what a code that begins with _ stands for; empty where there is none.

    Args:
        column: A dimension of an open table.
        code: Its code.
        table: Name of the table; activity `_T` of value_added is the whole economy.
        labels: Column -> code -> official name, from the release.

    >>> code_name("activity", "_T", "enterprises", {}), code_name("size_class", "_U", "enterprises", {})
    ('全部行业 all activities', '不详 unknown')
    """
    if (column, code) == ("activity", WHOLE) and table in {"value_added", "reconciliation"}:
        return _GDP
    known = labels.get(column, {}).get(code) or _GIVEN.get(column, {}).get(code)
    return known or (_WHOLES.get(column, "") if code == WHOLE else _OTHERS.get(code, ""))


def code_rank(column: str, code: str) -> tuple[int, str]:
    """Place of a code in the order in which people name them; codes without one come last, by themselves.

    >>> sorted(["estimated", "imputed", "reported"], key=lambda code: code_rank("basis", code))
    ['reported', 'imputed', 'estimated']
    """
    order = list(_GIVEN.get(column, ()))
    return (order.index(code) if code in order else len(order), code)


def plain_value(column: str, value: Any) -> str:
    """A value of a parameter in plain words.

    >>> plain_value("sign", -1), plain_value("revenue_min", 20000000), plain_value("field_code", None)
    ('−', '20,000,000', '–')
    """
    if column in _VALUES and value in _VALUES[column]:
        return _VALUES[column][value]
    if value is None or value in ({}, []):
        return NONE if value is None else "无 none"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}" if column != "year" else str(value)
    return ", ".join(str(entry) for entry in value) if isinstance(value, list) else str(value)
