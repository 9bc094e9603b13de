"""Roll-up of leaves to parents on exact decimals, with contributors counted by holder."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import largest_two, money
from keli.line.analyse.ancestors import TIER, WHOLE
from keli.line.analyse.areas import Areas

AMOUNTS = ("value", "absolute", "units", "x1", "x2")
CELL = ("measure", "unit_set", "dimension", "period", "area", "activity")


def rolled_up(lone: ir.Table, held: ir.Table, ancestors: ir.Table, areas: Areas) -> ir.Table:
    """Cells of all parents from leaves.

    Args:
        lone: Leaves: scope, measure, unit_set, dimension, period, area, leaf; value and absolute over all units,
            units, x1 and x2 over contributors that lie in one leaf only.
        held: The same leaf columns with holder_id and value: units of holders that lie in several leaves.
        ancestors: scope, leaf, activity, weight (in parts of `WHOLE`).
        areas: The district, and the area of leaves without a subdistrict.

    Returns:
        One row a cell: value and absolute (exact, in parts of `WHOLE` of a yuan), holders, x1 and x2 (yuan).

    Method: what a holder adds to a cell is summed over its units and leaves before its absolute value is taken:
    holders = lone contributors + distinct other holders; x1 and x2 are the two largest of the lone contributions
    and of the holders' sums.
    """
    place = [name for name in lone.columns if name not in AMOUNTS]
    cells = _merged(_weighted(_expanded(_merged(lone, place), ancestors, areas)), list(CELL))
    several = _held_cells(_expanded(_by_holder(held, place), ancestors, areas))
    joined = cells.left_join(several, list(CELL))
    joined = joined.drop(*(name for name in joined.columns if name.endswith("_right")))
    held_x1, held_x2 = joined.held_x1.fill_null(0), joined.held_x2.fill_null(0)
    lone_x1, lone_x2 = joined.x1.fill_null(0), joined.x2.fill_null(0)
    second = ibis.greatest(ibis.least(lone_x1, held_x1), lone_x2, held_x2)
    return joined.select(
        *CELL,
        value=joined.value,
        holders=joined.units + joined.held_holders.fill_null(0),
        x1=ibis.greatest(lone_x1, held_x1),
        x2=second,
        absolute=joined.absolute - joined.row_absolute.fill_null(0) + joined.held_absolute.fill_null(0),
    )


def _expanded(table: ir.Table, ancestors: ir.Table, areas: Areas) -> ir.Table:
    """Return every leaf row once for each activity and area that it counts in; tiers are told for the district only."""
    joined = table.join(ancestors, ["scope", "leaf"])
    below = areas.below(joined.filter(joined.scope != TIER))
    return joined.mutate(area=ibis.literal(areas.district)).union(below)


def _weighted(leaves: ir.Table) -> ir.Table:
    """Return the part of each leaf that its parent has."""
    return leaves.mutate(
        value=leaves.value * leaves.weight,
        absolute=leaves.absolute * leaves.weight,
        x1=money(leaves.x1 * leaves.weight / WHOLE),
        x2=money(leaves.x2 * leaves.weight / WHOLE),
    )


def _merged(leaves: ir.Table, key: list[str]) -> ir.Table:
    """Return sums and the two largest lone contributions by the key.

    Of leaves that are merged, the second largest is the second of their largest or the largest of their seconds.
    """
    merged = leaves.group_by(key).aggregate(
        value=leaves.value.sum(),
        absolute=leaves.absolute.sum(),
        units=leaves.units.sum(),
        first=largest_two(leaves.x1),
        second=leaves.x2.max(),
    )
    second = ibis.greatest(merged.first[1].fill_null(0), merged.second.fill_null(0))
    return merged.mutate(x1=merged.first[0].fill_null(0), x2=second).drop("first", "second")


def _by_holder(contributors: ir.Table, place: list[str]) -> ir.Table:
    return contributors.group_by([*place, "holder_id"]).aggregate(
        value=contributors.value.sum(), row_absolute=contributors.value.abs().sum()
    )


def _held_cells(contributors: ir.Table) -> ir.Table:
    """Return holders, their two largest sums and their absolute sums by cell, parts of `WHOLE` of a yuan."""
    weighted = contributors.mutate(
        value=contributors.value * contributors.weight, row_absolute=contributors.row_absolute * contributors.weight
    )
    holders = weighted.group_by([*CELL, "holder_id"]).aggregate(
        contribution=weighted.value.sum(), row_absolute=weighted.row_absolute.sum()
    )
    size = holders.contribution.abs()
    cells = holders.group_by(list(CELL)).aggregate(
        held_holders=holders.holder_id.count(),
        held_absolute=size.sum(),
        row_absolute=holders.row_absolute.sum(),
        largest=largest_two(money(size / WHOLE)),
    )
    return cells.mutate(held_x1=cells.largest[0], held_x2=cells.largest[1]).drop("largest")
