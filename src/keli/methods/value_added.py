"""Value added by the income approach, with the conventions on subsidies and interest as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from typing import Any

COMPONENTS = ("compensation", "net_taxes", "depreciation", "surplus")
SUBSIDY_ITEM = "other_income"
INTEREST_ITEM = "interest_net"


@dataclass(frozen=True)
class Item:
    """One item of the financial statement and its place in the income approach.

    Args:
        item: Name of the item, as the column of the return.
        component: compensation, net_taxes, depreciation or surplus.
        sign: 1 where the item adds to the component, -1 where it is taken off.
        required: A blank is unknown and must be imputed; where false a blank is zero.
    """

    item: str
    component: str
    sign: int
    required: bool


def items_under(items: Iterable[Item], *, subsidy: str, interest: str) -> tuple[Item, ...]:
    """Items of the income approach under the conventions of a year.

    Method: operating profit already contains other income (subsidies linked to production). Either net taxes on
    production are net of it (`net_taxes`), or operating surplus excludes it (`surplus`), never both, so value added is
    the same. Net interest is property income: it is added back to surplus only where the convention says so.

    Args:
        items: The items in the order of the form.
        subsidy: `net_taxes` or `surplus`.
        interest: `excluded` or `added_back`.

    Raises:
        ValueError: A convention is not one of these.
    """
    if subsidy not in {"net_taxes", "surplus"} or interest not in {"excluded", "added_back"}:
        raise ValueError(f"unknown convention: subsidy {subsidy!r}, interest {interest!r}")
    placed = (replace(item, component=subsidy) if item.item == SUBSIDY_ITEM else item for item in items)
    return tuple(item for item in placed if item.item != INTEREST_ITEM or interest == "added_back")


def component(name: str, items: Sequence[Item], values: Mapping[str, Any]) -> Any:
    """One income component of value added: the signed sum of its items.

    Method: sum of sign x item; National accounts by the income approach. Arithmetic operators only: numbers, arrays
    and columns alike.

    Args:
        name: The component.
        items: Items under the conventions of the year.
        values: Item name -> amount in yuan, no blanks.

    Returns:
        The component in yuan; 0 where no item belongs to it.
    """
    terms = [values[item.item] * item.sign for item in items if item.component == name]
    return reduce(add, terms) if terms else 0


def value_added(compensation: Any, net_taxes: Any, depreciation: Any, surplus: Any) -> Any:
    """Value added: the sum of the four income components.

    Method: VA = compensation of employees + net taxes on production + consumption of fixed capital + operating
    surplus (income approach, SNA 2008 7.2-7.9).
    """
    return compensation + net_taxes + depreciation + surplus
