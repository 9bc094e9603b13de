"""The account of each unit: on which basis its value added rests, and its four components."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY, money
from keli.line.account.unit.components import (
    any_required_item,
    blank_items,
    imputed_components,
    rate_of,
    required_items_known,
    required_items_reported,
)
from keli.line.account.unit.conventions import Conventions
from keli.line.account.unit.rates import NO_CLASS, RATED_COMPONENTS
from keli.methods.value_added import COMPONENTS, value_added
from keli.methods.value_added_rate import estimated_amount

_NO = ibis.literal(value=False)
_KEPT = ("unit_id", "period", "in_district", "consolidated", "registered", "has_return", "area", "gbt_code", "core",
         "starred", "size_class", "ownership", "holder_id", "grouped",
         "matched_previous", "matched_next")  # fmt: skip


def unit_accounts(units: ir.Table, rates: ir.Table, rules: Conventions, unsplit: ir.Table | None) -> ir.Table:
    """Value added of each unit by the income approach, from its return or by rate on its revenue base.

    Method: a return with all required items is `reported`; with blanks filled by class rates, `imputed`; no usable
    return: revenue base times the value-added rate of the class cell, `estimated`, the operating surplus being the
    residual of the estimated components. What cannot be valued is named: `partial`, `no_basis`, `covered`. A return
    can be used if it has at least one required item or a revenue.

    Args:
        units: One unit in one year with return and revenue bases, in yuan (`accounted_units`).
        rates: One GB/T code in one year.
        rules: Items by year.
        unsplit: Units of starred classes that have no evidence of their own in classes that have no coefficient, one
            unit in one year; None where there are none.

    Returns:
        One unit in one year, the columns of `unit_account`; amounts in yuan.
    """
    valued = _with_basis(_with_returned(_with_rates(units, rates, rules), rules))
    if unsplit is not None:
        valued = _without_split(valued, unsplit)
    return _columns(valued, rules)


def _with_rates(units: ir.Table, rates: ir.Table, rules: Conventions) -> ir.Table:
    wanted = ["value_added_rate", *(f"{name}_ratio" for name in RATED_COMPONENTS), *map(rate_of, rules.required)]
    keyed = units.mutate(rate_code=units.gbt_code.fill_null(NO_CLASS))
    rates = rates.select(*wanted, q_period="period", q_code="gbt_code")
    return keyed.left_join(rates, [keyed.period == rates.q_period, keyed.rate_code == rates.q_code]).drop(
        "q_period", "q_code", "rate_code"
    )


def _revenue(units: ir.Table) -> ir.Value:
    return ibis.coalesce(units.return_revenue, units.quarters_revenue, units.taxable_revenue)


def _with_returned(units: ir.Table, rules: Conventions) -> ir.Table:
    """Units with what their usable return tells: `usable`, `complete`, `returned`, components and value added in yuan.

    Method: income approach; blank required items are filled by revenue times the class rate of the item, the revenue
    being the return's, else the revenue base; what cannot be filled leaves the value added empty (`returned` is false).
    """
    revenue = _revenue(units)
    told = units.mutate(usable=any_required_item(units, rules) | units.return_revenue.notnull())
    # Asked of the few units with a return only: the others are most.
    told = told.mutate(
        complete=told.usable.ifelse(required_items_reported(told, rules), _NO),
        returned=told.usable.ifelse(required_items_known(told, rules, revenue), _NO),
    )
    parts = imputed_components(told, rules, revenue)
    told = told.mutate(**{f"r_{name}": told.returned.ifelse(parts[name], None) for name in COMPONENTS})
    return told.mutate(r_value_added=value_added(*(told[f"r_{name}"] for name in COMPONENTS)).cast(MONEY))


def _with_basis(units: ir.Table) -> ir.Table:
    """Units with what their value rests on.

    `valued` and `estimated` are told apart from `basis`, in few words: they are asked of every unit, and a filter on
    the basis would work it out twice.
    """
    revenue = _revenue(units)
    rated = revenue.notnull() & units.value_added_rate.notnull()
    basis = ibis.cases(
        (units.covered, "covered"),
        (units.returned & units.complete, "reported"),
        (units.returned, "imputed"),
        (units.usable, "partial"),
        (rated, "estimated"),
        (revenue.isnull(), "no_basis"),
        else_="partial",
    )
    base = ibis.cases(
        (units.covered, "none"),
        (units.return_revenue.notnull(), "return"),
        (units.quarters_revenue.notnull(), "quarters"),
        (units.taxable_revenue.notnull(), "tax"),
        else_="none",
    )
    based = units.mutate(
        basis=basis, base=base,
        revenue=units.covered.ifelse(None, revenue),
        valued=~units.covered & units.usable.ifelse(units.returned, rated),
        estimated=~units.covered & ~units.usable & rated,
    )  # fmt: skip
    reason = (based.basis == "partial").ifelse(based.usable.ifelse("item", "rate"), None)
    return based.mutate(partial_reason=reason)


def _without_split(units: ir.Table, unsplit: ir.Table) -> ir.Table:
    """Mark units whose digital part nobody knows as partial; their whole value added stays for the record."""
    split = unsplit.select(s_unit="unit_id", s_period="period")
    joined = units.left_join(split, [units.unit_id == split.s_unit, units.period == split.s_period])
    lost = joined.s_unit.notnull() & joined.valued
    return joined.mutate(
        valued=joined.valued & joined.s_unit.isnull(),
        basis=lost.ifelse("partial", joined.basis),
        partial_reason=lost.ifelse("split", joined.partial_reason),
    ).drop("s_unit", "s_period")


def _columns(units: ir.Table, rules: Conventions) -> ir.Table:
    """Amounts as returned where there is a usable return, else estimated; nothing for covered units."""
    revenue = units.revenue.cast("float64")
    rates = {name: units[f"{name}_ratio"] for name in RATED_COMPONENTS} | {"value_added": units.value_added_rate}
    amounts = {
        name: ibis.cases(
            (units.estimated, money(estimated_amount(revenue, rate))),
            (units.returned & ~units.covered, units[f"r_{name}"]),
        )
        for name, rate in rates.items()
    }
    accounts = units.select(
        *_KEPT, "basis", "valued", "partial_reason", "base", "revenue", **amounts,
        imputed_items=(units.basis == "imputed").ifelse(blank_items(units, rules), None),
    )  # fmt: skip
    rest = accounts.value_added - sum(accounts[name] for name in RATED_COMPONENTS)
    return accounts.mutate(surplus=rest.cast(MONEY))
