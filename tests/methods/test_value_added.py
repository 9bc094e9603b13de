"""The income approach: one function for numbers, arrays and columns; subsidies never counted twice."""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np
import pytest

from keli.methods.value_added import COMPONENTS, Item, component, items_under, value_added

ITEMS = (
    Item("payroll", "compensation", 1, required=True),
    Item("taxes_surcharges", "net_taxes", 1, required=True),
    Item("other_income", "net_taxes", -1, required=False),
    Item("depreciation", "depreciation", 1, required=True),
    Item("operating_profit", "surplus", 1, required=True),
    Item("investment_income", "surplus", -1, required=False),
    Item("interest_net", "surplus", 1, required=False),
)
# Revenue 100, intermediate inputs 40, subsidy 8, nothing else: operating profit 100 - 40 + 8 = 68.
SUBSIDISED = {"payroll": 0, "taxes_surcharges": 0, "other_income": 8, "depreciation": 0, "operating_profit": 68,
              "investment_income": 0, "interest_net": 0}  # fmt: skip
# Payroll 30, taxes 2, depreciation 5, profit 20 of which 3 are dividends; interest paid 4: 30 + 2 + 5 + (20 - 3) = 54.
INVESTOR = {"payroll": 30, "taxes_surcharges": 2, "other_income": 0, "depreciation": 5, "operating_profit": 20,
            "investment_income": 3, "interest_net": 4}  # fmt: skip


def parts(values: dict[str, Any], subsidy: str = "net_taxes", interest: str = "excluded") -> list[Any]:
    items = items_under(ITEMS, subsidy=subsidy, interest=interest)
    return [component(name, items, values) for name in COMPONENTS]


@pytest.mark.parametrize(("subsidy", "net_taxes", "surplus"), [("net_taxes", -8, 68), ("surplus", 0, 60)])
def test_subsidy_of_8_leaves_value_added_at_60(subsidy: str, net_taxes: int, surplus: int) -> None:
    assert parts(SUBSIDISED, subsidy) == [0, net_taxes, 0, surplus]
    assert value_added(*parts(SUBSIDISED, subsidy)) == 60


def test_dividends_are_not_value_added_and_interest_only_by_convention() -> None:
    assert value_added(*parts(INVESTOR)) == 54
    assert value_added(*parts(INVESTOR, interest="added_back")) == 58


@pytest.mark.parametrize("subsidy", ["net_taxes", "surplus"])
def test_arrays_and_columns_agree_with_numbers(subsidy: str) -> None:
    arrays = {name: np.array([SUBSIDISED[name], INVESTOR[name]]) for name in SUBSIDISED}
    assert value_added(*parts(arrays, subsidy)).tolist() == [60, 54]
    table = ibis.memtable([SUBSIDISED, INVESTOR])
    columns = value_added(*parts({name: table[name] for name in SUBSIDISED}, subsidy))
    assert sorted(columns.execute().tolist()) == [54, 60]


def test_a_component_without_items_is_zero() -> None:
    assert component("depreciation", ITEMS[:2], INVESTOR) == 0


@pytest.mark.parametrize(
    "wrong", [{"subsidy": "both", "interest": "excluded"}, {"subsidy": "surplus", "interest": "half"}]
)
def test_unknown_convention_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="unknown convention"):
        items_under(ITEMS, **wrong)
