"""Sums of the account that must be equal; where they are not, the run stops."""

from __future__ import annotations

import ibis.expr.types as ir

from keli.base.errors import NotClosedError
from keli.line.account.cells import MEASURES


def check_one_basis(unit_period: ir.Table, alike: ir.Table) -> None:
    """Every unit of the district, and every consolidated group, has exactly one account with a basis.

    Args:
        unit_period: One unit in one year.
        alike: Numbers of accounts that are alike (`counted_alike`).

    Raises:
        NotClosedError: A unit has none or several.
    """
    units = unit_period.filter(unit_period.in_district | unit_period.consolidated).count().execute()
    rows, based = (int(number or 0) for number in alike.aggregate(
        rows=alike.number.sum(), based=alike.number.sum(where=alike.basis.notnull())
    ).to_pyarrow().to_pylist()[0].values())  # fmt: skip
    if not units == rows == based:
        raise NotClosedError(
            f"{units} units by year have {rows} accounts, {based} of them with a basis.",
            next_step="A key of unit_activity, returns or revenue_bases is not unique: mend the stage that writes it.",
        )


def check_components(parts: ir.Table) -> None:
    """The four components of every part add up to its value added.

    Args:
        parts: Sums by leaf (`all_parts`).

    Raises:
        NotClosedError: They do not, for at least one unit.
    """
    wrong = parts.unequal.sum().execute()
    if wrong and wrong > 0:
        raise NotClosedError(f"The income components of {wrong} units do not add up to their value added.")


def check_leaves(parts: ir.Table, leaves: ir.Table) -> None:
    """The leaves hold the digital value added of all units, and their components add up to it.

    Args:
        parts: Sums by leaf (`all_parts`).
        leaves: One leaf and measure.

    Raises:
        NotClosedError: A sum differs.
    """
    whole_parts = parts.VA_value.sum().execute() or 0
    sums = leaves.group_by("measure").agg(value=leaves.value.sum()).execute()
    by_measure = dict(zip(sums["measure"], sums["value"], strict=True))
    whole = by_measure.get("VA", 0)
    components = sum(by_measure.get(measure, 0) for measure in MEASURES if measure != "VA")
    if not whole_parts == whole == components:
        raise NotClosedError(
            f"Digital value added is {whole_parts} yuan by unit, {whole} in the leaves and {components} by component."
        )
