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
_KEPT = ("unit_id", "period", "in_district", "consolidated", "registered", "has_return", "area", "gbt_code",
         "size_class", "ownership", "holder_id", "matched_previous", "matched_next")  # fmt: skip


def unit_accounts(units: ir.Table, rates: ir.Table, rules: Conventions, split: ir.Table | None) -> ir.Table:
    """Value added of each unit by the income approach, from its return or by rate on its revenue base.

    Method: a return with all required items is `reported`; with some, blanks filled by class rates, `imputed`;
    no usable return: revenue base times the value-added rate of the class cell, `estimated`, the operating surplus
    being the residual of the estimated components. What cannot be valued is named: `partial`, `no_basis`, `covered`.

    Args:
        units: One unit in one year with items and revenue bases, in yuan.
        rates: One GB/T code in one year.
        rules: Items by year.
        split: Units of starred classes that have no evidence of their own in classes that have no coefficient, one
            unit in one year; None where there are none.

    Returns:
        One unit in one year, the columns of `unit_account`; amounts in yuan.
    """
    rated = _with_rates(units, rates)
    based = _with_returned(rated, rules)
    valued = _with_basis(based)
    if split is not None:
        valued = _without_split(valued, split)
    return _columns(valued, rules)


def _with_rates(units: ir.Table, rates: ir.Table) -> ir.Table:
    rates = rates.drop("units", "cell", "rate_variance", "residual_variance", "imputation_source").rename(
        q_period="period", q_code="gbt_code"
    )
    keyed = units.mutate(rate_code=units.gbt_code.fill_null(NO_CLASS))
    return keyed.left_join(
        rates, [keyed.period == rates.q_period, keyed.rate_code == rates.q_code]
    ).drop("q_period", "q_code", "rate_code")


def _with_returned(units: ir.Table, rules: Conventions) -> ir.Table:
    """Add the revenue base and the components as the return gives them, blanks filled."""
    usable = any_required_item(units, rules) | units.return_revenue.notnull()
    from_return = units.return_revenue.notnull()
    revenue = ibis.coalesce(units.return_revenue, units.quarters_revenue, units.taxable_revenue)
    base = ibis.cases(
        (from_return, "return"),
        (units.quarters_revenue.notnull(), "quarters"),
        (units.taxable_revenue.notnull(), "tax"),
        else_="none",
    )
    parts = imputed_components(units, rules, revenue)
    based = units.mutate(
        usable=usable & ~units.covered,
        complete=required_items_reported(units, rules),
        revenue=revenue,
        base=base,
        **{f"returned_{name}": parts[name] for name in COMPONENTS},
    )
    returned = value_added(*(based[f"returned_{name}"] for name in COMPONENTS))
    return based.mutate(returned=based.usable & returned.notnull())


def _with_basis(units: ir.Table) -> ir.Table:
    basis = ibis.cases(
        (units.covered, "covered"),
        (units.returned & units.complete, "reported"),
        (units.returned, "imputed"),
        (units.usable, "partial"),
        (units.revenue.isnull(), "no_basis"),
        (units.value_added_rate.isnull(), "partial"),
        else_="estimated",
    )
    reason = ibis.cases((units.usable, "item"), else_="rate")
    based = units.mutate(basis=basis)
    return based.mutate(
        partial_reason=(based.basis == "partial").ifelse(reason, None), estimated=based.basis == "estimated"
    )


def _without_split(units: ir.Table, split: ir.Table) -> ir.Table:
    """Mark units whose digital part nobody knows as partial; their whole value added stays for the record."""
    split = split.select(s_unit="unit_id", s_period="period")
    joined = units.left_join(split, [units.unit_id == split.s_unit, units.period == split.s_period])
    lost = joined.s_unit.notnull() & joined.basis.isin(VALUED)
    return joined.mutate(
        basis=lost.ifelse("partial", joined.basis),
        partial_reason=lost.ifelse("split", joined.partial_reason),
    ).drop("s_unit", "s_period")


def _columns(units: ir.Table, rules: Conventions) -> ir.Table:
    revenue = units.revenue.cast("float64")
    rate = {name: units[f"{name}_ratio"] for name in RATED_COMPONENTS} | {"whole": units.value_added_rate}
    amounts = {
        name: ibis.cases(
            (units.returned, units[f"returned_{name}"]),
            (units.estimated, money(estimated_amount(revenue, rate[name]))),
        )
        for name in RATED_COMPONENTS
    }
    whole = ibis.cases(
        (
            units.returned,
            value_added(*(units[f"returned_{name}"] for name in COMPONENTS)).cast(MONEY),
        ),
        (units.estimated, money(estimated_amount(revenue, rate["whole"]))),
    )
    accounts = units.select(
        *_KEPT, "basis", "partial_reason",
        base=units.covered.ifelse("none", units.base),
        revenue=units.covered.ifelse(None, units.revenue),
        value_added=whole, **amounts,
        imputed_items=(units.returned & ~units.complete).ifelse(blank_items(units, rules), None),
    )  # fmt: skip
    rest = accounts.value_added - sum(accounts[name] for name in RATED_COMPONENTS)
    return accounts.mutate(surplus=rest.cast(MONEY))
