"""Income components of a unit from the items of its return, blanks filled where the method allows it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial, reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY, money
from keli.line.account.unit.conventions import Conventions
from keli.methods.value_added import COMPONENTS, Item, component
from keli.methods.value_added_rate import estimated_amount


def required_items_reported(units: ir.Table, rules: Conventions) -> ir.BooleanValue:
    """Whether the return has all required items of its year."""
    return rules.by_year(units.period, lambda items: reduce(and_, [units[name].notnull() for name in _required(items)]))


def required_items_known(units: ir.Table, rules: Conventions, revenue: ir.NumericValue) -> ir.BooleanValue:
    """Whether each required item of the year is in the return or can be filled by its class rate."""

    def known(name: str) -> ir.BooleanValue:
        return units[name].notnull() | (revenue.notnull() & units[rate_of(name)].notnull())

    return rules.by_year(units.period, lambda items: reduce(and_, [known(name) for name in _required(items)]))


def any_required_item(units: ir.Table, rules: Conventions) -> ir.BooleanValue:
    """Whether the return has at least one required item of its year."""
    return rules.by_year(units.period, lambda items: reduce(or_, [units[name].notnull() for name in _required(items)]))


def reported_components(units: ir.Table, rules: Conventions) -> dict[str, ir.Value]:
    """Income components from the items as reported; empty where a required item is blank, other blanks are zero."""
    return _components(units, rules, {})


def rate_of(item: str) -> str:
    """Column of the rates that holds the class rate of an item."""
    return f"{item}_rate"


def imputed_components(units: ir.Table, rules: Conventions, revenue: ir.NumericValue) -> dict[str, ir.Value]:
    """Income components with blank required items filled by revenue times the class rate of the item.

    Method: item_i = R_i x sum item / sum R over the district's units of the class that report both.

    Args:
        units: One unit in one year with `<item>_rate` beside it.
        rules: Items by year.
        revenue: Revenue base of the unit, in yuan.
    """
    base = revenue.cast("float64")
    filled = {
        name: units[name].coalesce(money(estimated_amount(base, units[rate_of(name)]))) for name in rules.required
    }
    return _components(units, rules, filled)


def blank_items(units: ir.Table, rules: Conventions) -> ir.StringValue:
    """Names of the required items that the return leaves blank, separated by blanks."""

    def names(items: tuple[Item, ...]) -> ir.Value:
        parts = [units[name].isnull().ifelse(f"{name} ", "") for name in _required(items)]
        return reduce(lambda left, right: left + right, parts).strip()

    return rules.by_year(units.period, names)


def _required(items: tuple[Item, ...]) -> list[str]:
    return [item.item for item in items if item.required]


def _components(units: ir.Table, rules: Conventions, filled: Mapping[str, ir.Value]) -> dict[str, ir.Value]:
    def amount(name: str, items: tuple[Item, ...]) -> ir.Value:
        zero = ibis.literal(0, type=MONEY)
        values = {
            item.item: filled.get(item.item, units[item.item]) if item.required else units[item.item].coalesce(zero)
            for item in items
        }
        total = component(name, items, values)
        return (zero if isinstance(total, int) else total).cast(MONEY)

    return {name: rules.by_year(units.period, partial(amount, name)) for name in COMPONENTS}
