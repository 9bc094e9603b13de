"""Sums of the account that must be equal; where they are not, the run stops."""

from __future__ import annotations

import ibis.expr.types as ir

from keli.base.errors import NotClosedError
from keli.line.account.leaves import MEASURES
from keli.methods.value_added import COMPONENTS, value_added


def check_one_basis(unit_period: ir.Table, accounts: ir.Table) -> None:
    """Every unit of the district, and every consolidated group, has exactly one account with a basis.

    Raises:
        NotClosedError: A unit has none or several.
    """
    units = unit_period.filter(unit_period.in_district | unit_period.consolidated).count().execute()
    rows, based = accounts.aggregate(rows=accounts.count(), based=accounts.basis.count()).execute().loc[0]
    if not units == rows == based:
        raise NotClosedError(
            f"{units} units by year have {rows} accounts, {based} of them with a basis.",
            next_step="A key of unit_activity, returns or revenue_bases is not unique: mend the stage that writes it.",
        )


def check_components(accounts: ir.Table) -> None:
    """The four components of every account add up to its value added.

    Raises:
        NotClosedError: They do not, for at least one unit.
    """
    total = value_added(*(accounts[name] for name in COMPONENTS))
    wrong = accounts.filter(total != accounts.value_added).count().execute()
    if wrong:
        raise NotClosedError(f"The income components of {wrong} accounts do not add up to their value added.")


def check_leaves(splits: ir.Table, leaves: ir.Table) -> None:
    """The leaves hold the digital value added of all units, and their components add up to it.

    Raises:
        NotClosedError: A sum differs.
    """
    parts = splits.value_added.sum().execute() or 0
    sums = leaves.group_by("measure").agg(value=leaves.value.sum()).execute()
    by_measure = dict(zip(sums["measure"], sums["value"], strict=True))
    whole = by_measure.get("VA", 0)
    components = sum(by_measure.get(measure, 0) for measure in MEASURES if measure != "VA")
    if not parts == whole == components:
        raise NotClosedError(
            f"Digital value added is {parts} yuan by unit, {whole} in the leaves and {components} by component."
        )
