"""Roll-up of leaves to parents on exact decimals, with contributors counted by holder."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import largest_two, money
from keli.line.analyse.ancestors import TIER, WHOLE

CELL = ("measure", "unit_set", "dimension", "period", "area", "activity")

def rolled_up(lone: ir.Table, held: ir.Table, ancestors: ir.Table, district: str) -> ir.Table:
    """Cells of all parents from leaves.

    Args:
        lone: Leaves: scope, measure, unit_set, dimension, period, area, leaf; value and absolute over all units,
            units, x1 and x2 over contributors that lie in one leaf only.
        held: The same leaf columns with holder_id and value: units of holders that lie in several leaves.
        ancestors: scope, leaf, activity, weight (in parts of `WHOLE`).
        district: Area code of the whole.

    Returns:
        One row a cell: value and absolute (exact, in parts of `WHOLE` of a yuan), holders, x1 and x2 (yuan).

    Method: what a holder adds to a cell is summed over its units and leaves before its absolute value is taken:
    holders = lone contributors + distinct other holders; x1 and x2 are the two largest of the lone contributions
    and of the holders' sums.
    """
    cells = _lone_cells(_expanded(lone, ancestors, district))
    several = _held_cells(_expanded(held, ancestors, district))
    joined = cells.left_join(several, list(CELL))
    joined = joined.drop(*(name for name in joined.columns if name.endswith("_right")))
    held_x1, held_x2 = joined.held_x1.fill_null(0), joined.held_x2.fill_null(0)
    lone_x1, lone_x2 = joined.lone_x1.fill_null(0), joined.lone_x2.fill_null(0)
    second = ibis.greatest(ibis.least(lone_x1, held_x1), lone_x2, held_x2)
    return joined.select(
        *CELL,
        value=joined.value,
        holders=joined.lone_units + joined.held_holders.fill_null(0),
        x1=ibis.greatest(lone_x1, held_x1),
        x2=second,
        absolute=joined.absolute - joined.row_absolute.fill_null(0) + joined.held_absolute.fill_null(0),
    )


def _expanded(table: ir.Table, ancestors: ir.Table, district: str) -> ir.Table:
    """Return every leaf row once for each activity and area that it counts in; tiers are told for the district only."""
    joined = table.join(ancestors, ["scope", "leaf"])
    below = joined.filter(joined.area != district, joined.scope != TIER)
    return joined.mutate(area=ibis.literal(district)).union(below)


def _lone_cells(leaves: ir.Table) -> ir.Table:
    weight = leaves.weight
    weighted = leaves.mutate(
        value=leaves.value * weight,
        absolute=leaves.absolute * weight,
        x1=money(leaves.x1 * weight / WHOLE),
        x2=money(leaves.x2 * weight / WHOLE),
    )
    cells = weighted.group_by(CELL).aggregate(
        value=weighted.value.sum(),
        absolute=weighted.absolute.sum(),
        lone_units=weighted.units.sum(),
        first=largest_two(weighted.x1),
        second=weighted.x2.max(),
    )
    after = ibis.greatest(cells.first[1].fill_null(0), cells.second.fill_null(0))
    return cells.mutate(lone_x1=cells.first[0], lone_x2=after).drop("first", "second")


def _held_cells(contributors: ir.Table) -> ir.Table:
    weighted = contributors.mutate(value=contributors.value * contributors.weight)
    holders = weighted.group_by([*CELL, "holder_id"]).aggregate(
        contribution=weighted.value.sum(), row_absolute=weighted.value.abs().sum()
    )
    size = holders.contribution.abs()
    cells = holders.group_by(CELL).aggregate(
        held_holders=holders.holder_id.count(),
        held_absolute=size.sum(),
        row_absolute=holders.row_absolute.sum(),
        largest=largest_two(money(size / WHOLE)),
    )
    return cells.mutate(held_x1=cells.largest[0], held_x2=cells.largest[1]).drop("largest")
