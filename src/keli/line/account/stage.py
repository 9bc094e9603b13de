"""The stage account: from returns and revenue bases to value added by unit, and from units to leaves."""

from __future__ import annotations

import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.line.account.closure import check_components, check_leaves, check_one_basis
from keli.line.account.counts import count_contributor_rows, count_leaf_rows, counted_units
from keli.line.account.digital.coefficients import coefficient_rows
from keli.line.account.digital.split import remainder_populations, unit_splits
from keli.line.account.digital.weighing import SplitBasis, weighed_evidence
from keli.line.account.holders import holders_of_several
from keli.line.account.leaves import contributor_rows, leaf_rows, wide_leaves
from keli.line.account.uncertainty_bases import uncertainty_rows
from keli.line.account.unit.accounts import returned_accounts, unit_accounts
from keli.line.account.unit.conventions import Conventions, conventions
from keli.line.account.unit.population import units_of_years, units_with_returns, with_revenue_bases
from keli.line.account.unit.rates import rate_rows, reporter_sums

NAME = "account"
READS = ("unit_period", "unit_activity", "returns", "revenue_bases", "split_evidence")
WRITES = (
    "rates", "unit_account", "split_coefficients", "unit_split", "leaves", "contributors", "uncertainty_bases",
    "count_leaves", "count_contributors",
)  # fmt: skip


def run(context: StageContext) -> None:
    """Account every unit, split the starred classes, reduce units to leaves."""
    context.report.expect(6)
    rules = conventions(context.catalogue, context.workspace.years)
    units = units_of_years(context.read("unit_period"), context.read("unit_activity"))
    reporting = units_with_returns(units, context.read("returns")).cache()
    rates = _form_rates(context, reporting, rules)
    basis = _weigh_evidence(context, units)
    returned = returned_accounts(with_revenue_bases(reporting, context.read("revenue_bases")), rates, rules).cache()
    accounts = _account_units(context, units, returned, rates, basis)
    splits = _split_units(context, accounts, basis)
    _reduce_to_leaves(context, splits, basis)
    _count(context, accounts)


def _form_rates(context: StageContext, reporting: ir.Table, rules: Conventions) -> ir.Table:
    sums = reporter_sums(reporting, rules).to_pyarrow().to_pylist()
    rates = context.write_rows("rates", rate_rows(sums, context.catalogue, rules, context.workspace.years))
    context.report.step("value-added rates")
    return rates


def _weigh_evidence(context: StageContext, units: ir.Table) -> SplitBasis:
    basis = weighed_evidence(
        context.read("split_evidence"), units, (context.read("returns"), context.read("revenue_bases")),
        context.catalogue, context.workspace.years,
    )  # fmt: skip
    context.report.step("split evidence")
    return basis


def _account_units(
    context: StageContext, units: ir.Table, returned: ir.Table, rates: ir.Table, basis: SplitBasis
) -> ir.Table:
    based = with_revenue_bases(units, context.read("revenue_bases"))
    unsplit = basis.unsplit_units(units, context.workspace.years)
    accounts = context.write("unit_account", unit_accounts(based, returned, rates, unsplit))
    check_one_basis(context.read("unit_period"), accounts)
    check_components(accounts)
    context.report.step("unit accounts")
    return accounts


def _split_units(context: StageContext, accounts: ir.Table, basis: SplitBasis) -> ir.Table:
    splits = context.write("unit_split", unit_splits(accounts, basis.own, basis.coefficient_table, basis.classes))
    populations = remainder_populations(splits)
    context.write_rows("split_coefficients", coefficient_rows(basis.coefficients, populations, basis.classes))
    context.report.step("digital parts")
    return splits


def _reduce_to_leaves(context: StageContext, splits: ir.Table, basis: SplitBasis) -> None:
    several = holders_of_several(splits.filter(splits.share > 0), basis.classes.several).cache()
    leaves = context.write("leaves", leaf_rows(wide_leaves(splits, several)))
    check_leaves(splits, leaves)
    context.write("contributors", contributor_rows(splits, several))
    rates, coefficients = context.read("rates"), context.read("split_coefficients")
    context.write("uncertainty_bases", uncertainty_rows(splits, rates, coefficients))
    context.report.step("leaves")


def _count(context: StageContext, accounts: ir.Table) -> None:
    units = counted_units(accounts)
    context.write("count_leaves", count_leaf_rows(units))
    context.write("count_contributors", count_contributor_rows(units))
    context.report.step("coverage counts")
