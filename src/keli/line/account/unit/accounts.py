"""The account of each unit: on which basis its value added rests, and its four components."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY, money
from keli.line.account.unit.components import (
    any_required_item,
    blank_items,
    imputed_components,
    required_items_reported,
)
from keli.line.account.unit.conventions import Conventions
from keli.line.account.unit.rates import NO_CLASS, RATED_COMPONENTS
from keli.methods.value_added import COMPONENTS, value_added
from keli.methods.value_added_rate import estimated_amount

VALUED = ("reported", "imputed", "estimated")
_KEPT = ("unit_id", "period", "in_district", "consolidated", "registered", "has_return", "area", "gbt_code", "core",
         "starred", "size_class", "ownership", "holder_id", "matched_previous", "matched_next")  # fmt: skip


def returned_accounts(reporting: ir.Table, rates: ir.Table, rules: Conventions) -> ir.Table:
    """Value added of the units whose return can be used: it has at least one required item or a revenue.

    Method: income approach; blank required items are filled by revenue times the class rate of the item, the revenue
    being the return's, else the revenue base; what cannot be filled leaves the value added empty.

    Args:
        reporting: One unit in one year with a return and revenue bases, in yuan.
        rates: One GB/T code in one year.
        rules: Items by year.

    Returns:
        One unit in one year: `r_unit`, `r_period`, `return_revenue`, `complete`, `imputed_items` and, in yuan,
        `r_value_added` and a component each.
    """
    usable = reporting.filter(any_required_item(reporting, rules) | reporting.return_revenue.notnull())
    rated = _with_rates(usable, rates, [f"{item}_rate" for item in rules.required])
    revenue = _revenue(rated)
    parts = imputed_components(rated, rules, revenue)
    values = rated.select(
        "return_revenue",
        r_unit="unit_id",
        r_period="period",
        complete=required_items_reported(rated, rules),
        blanks=blank_items(rated, rules),
        **{f"r_{name}": parts[name] for name in COMPONENTS},
    )
    whole = value_added(*(values[f"r_{name}"] for name in COMPONENTS)).cast(MONEY)
    return values.mutate(
        r_value_added=whole, imputed_items=(values.complete | whole.isnull()).ifelse(None, values.blanks)
    ).drop("blanks", "r_surplus")


def unit_accounts(units: ir.Table, returned: ir.Table, rates: ir.Table, split: ir.Table | None) -> ir.Table:
    """Value added of each unit by the income approach, from its return or by rate on its revenue base.

    Method: a return with all required items is `reported`; with blanks filled by class rates, `imputed`; no usable
    return: revenue base times the value-added rate of the class cell, `estimated`, the operating surplus being the
    residual of the estimated components. What cannot be valued is named: `partial`, `no_basis`, `covered`.

    Args:
        units: One unit in one year with revenue bases, in yuan.
        returned: One unit in one year with a usable return (`returned_accounts`).
        rates: One GB/T code in one year.
        split: Units of starred classes that have no evidence of their own in classes that have no coefficient, one
            unit in one year; None where there are none.

    Returns:
        One unit in one year, the columns of `unit_account`; amounts in yuan.
    """
    joined = units.left_join(returned, [units.unit_id == returned.r_unit, units.period == returned.r_period])
    ratios = [f"{name}_ratio" for name in RATED_COMPONENTS]
    rated = _with_rates(joined, rates, ["value_added_rate", *ratios])
    valued = _with_basis(rated)
    if split is not None:
        valued = _without_split(valued, split)
    return _columns(valued)


def _with_rates(units: ir.Table, rates: ir.Table, wanted: list[str]) -> ir.Table:
    keyed = units.mutate(rate_code=units.gbt_code.fill_null(NO_CLASS))
    rates = rates.select(*wanted, q_period="period", q_code="gbt_code")
    return keyed.left_join(rates, [keyed.period == rates.q_period, keyed.rate_code == rates.q_code]).drop(
        "q_period", "q_code", "rate_code"
    )


def _revenue(units: ir.Table) -> ir.Value:
    return ibis.coalesce(units.return_revenue, units.quarters_revenue, units.taxable_revenue)


def _with_basis(units: ir.Table) -> ir.Table:
    usable = units.r_unit.notnull()
    returned = units.r_value_added.notnull()
    revenue = _revenue(units)
    basis = ibis.cases(
        (units.covered, "covered"),
        (returned & units.complete, "reported"),
        (returned, "imputed"),
        (usable, "partial"),
        (revenue.isnull(), "no_basis"),
        (units.value_added_rate.isnull(), "partial"),
        else_="estimated",
    )
    base = ibis.cases(
        (units.covered, "none"),
        (units.return_revenue.notnull(), "return"),
        (units.quarters_revenue.notnull(), "quarters"),
        (units.taxable_revenue.notnull(), "tax"),
        else_="none",
    )
    based = units.mutate(basis=basis, base=base, revenue=units.covered.ifelse(None, revenue), usable=usable)
    reason = (based.basis == "partial").ifelse(based.usable.ifelse("item", "rate"), None)
    return based.mutate(partial_reason=reason, estimated=based.basis == "estimated")


def _without_split(units: ir.Table, split: ir.Table) -> ir.Table:
    """Mark units whose digital part nobody knows as partial; their whole value added stays for the record."""
    split = split.select(s_unit="unit_id", s_period="period")
    joined = units.left_join(split, [units.unit_id == split.s_unit, units.period == split.s_period])
    lost = joined.s_unit.notnull() & joined.basis.isin(VALUED)
    return joined.mutate(
        basis=lost.ifelse("partial", joined.basis), partial_reason=lost.ifelse("split", joined.partial_reason)
    ).drop("s_unit", "s_period")


def _columns(units: ir.Table) -> ir.Table:
    """Amounts as returned where there is a usable return, else estimated; nothing for covered units."""
    revenue = units.revenue.cast("float64")
    rates = {name: units[f"{name}_ratio"] for name in RATED_COMPONENTS} | {"value_added": units.value_added_rate}
    amounts = {
        name: ibis.cases(
            (units.estimated, money(estimated_amount(revenue, rate))),
            (units.usable & ~units.covered & units.r_value_added.notnull(), units[f"r_{name}"]),
        )
        for name, rate in rates.items()
    }
    accounts = units.select(*_KEPT, "basis", "partial_reason", "base", "revenue", "imputed_items", **amounts)
    rest = accounts.value_added - sum(accounts[name] for name in RATED_COMPONENTS)
    return accounts.mutate(
        surplus=rest.cast(MONEY), imputed_items=(accounts.basis == "imputed").ifelse(accounts.imputed_items, None)
    )
