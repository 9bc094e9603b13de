"""The stage account: from returns and revenue bases to value added by unit, and from units to leaves."""

from __future__ import annotations

import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.line.account.cells import lone_parts, other_parts
from keli.line.account.changes import change_rows, correlation_rows
from keli.line.account.closure import check_components, check_leaves, check_one_basis
from keli.line.account.counts import count_contributor_rows, count_leaf_rows, counted_alike, counted_units
from keli.line.account.digital.coefficients import coefficient_rows, core_share_rows
from keli.line.account.digital.split import unit_splits
from keli.line.account.digital.weighing import SplitBasis, unsplit_units, weighed_evidence
from keli.line.account.judged import move_rows, moved_parts, mover_rows
from keli.line.account.leaves import all_parts, contributor_rows, leaf_rows, several_holders, standing_units
from keli.line.account.uncertainty_bases import uncertainty_rows
from keli.line.account.unit.accounts import unit_accounts
from keli.line.account.unit.conventions import Conventions, conventions
from keli.line.account.unit.rates import rate_rows, reporter_sums

NAME = "account"
READS = ("unit_period", "accounted_units", "split_evidence")
WRITES = (
    "rates", "own_shares", "core_shares", "unit_account", "unit_split", "split_coefficients", "leaves", "contributors",
    "uncertainty_bases", "count_leaves", "count_contributors", "split_moves", "split_movers", "change_bases",
    "residual_sums",
)  # fmt: skip
# What the views on units are made of: the units themselves and small tables.
_BASES = ("accounted_units", "rates", "own_shares", "core_shares")


def run(context: StageContext) -> None:
    """Account every unit, split the starred classes, reduce units to leaves: units are read, never written."""
    context.report.expect(7)
    rules = conventions(context.catalogue, context.workspace.years)
    _form_rates(context, rules)
    basis = _weigh_evidence(context)
    accounts, splits = _define_accounts(context, rules, basis)
    _reduce_to_leaves(context, splits, basis)
    _count(context, counted_alike(accounts).cache())
    _doubt(context, basis)


def _form_rates(context: StageContext, rules: Conventions) -> None:
    sums = reporter_sums(context.read("accounted_units"), rules).to_pyarrow().to_pylist()
    context.write_rows("rates", rate_rows(sums, context.catalogue, rules, context.workspace.years))
    context.report.step("value-added rates")


def _weigh_evidence(context: StageContext) -> SplitBasis:
    years = context.workspace.years
    basis = weighed_evidence(
        context.read("split_evidence"), context.read("accounted_units"), context.catalogue, years
    )  # fmt: skip
    context.write("own_shares", basis.own)
    context.write_rows("core_shares", core_share_rows(basis.coefficients, basis.classes, years))
    context.report.step("split evidence")
    return basis


def _define_accounts(context: StageContext, rules: Conventions, basis: SplitBasis) -> tuple[ir.Table, ir.Table]:
    units, rates, own, shares = (context.read(name) for name in _BASES)
    unsplit = unsplit_units(units, own, shares) if basis.has_gaps(context.workspace.years) else None
    accounts = context.define("unit_account", unit_accounts(units, rates, rules, unsplit), _BASES)
    splits = context.define("unit_split", unit_splits(accounts, own, shares), ("unit_account", *_BASES))
    context.report.step("unit accounts")
    return accounts, splits


def _reduce_to_leaves(context: StageContext, splits: ir.Table, basis: SplitBasis) -> None:
    others = other_parts(splits).cache()
    several = several_holders(others).cache()
    parts = all_parts(lone_parts(splits), others, several).cache()
    check_components(parts)
    context.report.step("digital parts")
    check_leaves(parts, context.write("leaves", leaf_rows(parts)))
    context.write("contributors", contributor_rows(others, several))
    coefficients = coefficient_rows(basis.coefficients, standing_units(parts), basis.classes)
    coefficients = context.write_rows("split_coefficients", coefficients)
    context.write("uncertainty_bases", uncertainty_rows(parts, context.read("rates"), coefficients))
    context.report.step("leaves")


def _count(context: StageContext, alike: ir.Table) -> None:
    check_one_basis(context.read("unit_period"), alike)
    units = counted_units(alike)
    context.write("count_leaves", count_leaf_rows(units))
    context.write("count_contributors", count_contributor_rows(units))
    context.report.step("coverage counts")


def _doubt(context: StageContext, basis: SplitBasis) -> None:
    splits, rates = context.read("unit_split"), context.read("rates")
    shifts = context.catalogue.parameter("split/sensitivity_shift").at(context.workspace.last_year)
    own, coefficients = context.read("own_shares"), context.read("split_coefficients")
    moved = moved_parts(splits, own, coefficients, basis.classes.starred, shifts).cache()
    context.write("split_moves", move_rows(moved))
    context.write("split_movers", mover_rows(moved))
    context.write("change_bases", change_rows(splits, rates))
    context.write("residual_sums", correlation_rows(context.read("unit_account"), rates))
    context.report.step("bases of ranges and changes")
