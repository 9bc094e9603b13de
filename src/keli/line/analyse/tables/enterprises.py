"""Enterprises: register counts by activity and area, size, ownership or status. Public facts, free."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd

from keli.line.analyse.ancestors import COUNT
from keli.line.analyse.areas import Areas
from keli.line.analyse.small import small_frame
from keli.line.analyse.tables.rows import NOT_APPLICABLE, figures

DIMENSIONS = ("size_class", "ownership", "status")


def enterprises(leaves: ir.Table, ancestors: ir.Table, areas: Areas) -> list[pd.DataFrame]:
    """Units and events of the register by activity and one further dimension at a time.

    Args:
        leaves: enterprise_leaves; a unit lies in one leaf.
        ancestors: Activity ancestors: a unit counts once at every parent of its industry code.
        areas: The district, and the area of leaves without a subdistrict.

    Returns:
        Figures for all units (`_T`) and core activities: by area; for the district by size, ownership, status.
    """
    keyed = leaves.rename(leaf="gbt_code").mutate(scope=ibis.literal(COUNT))
    spread = keyed.join(ancestors, ["scope", "leaf"])
    whole = spread.mutate(area=ibis.literal(areas.district))
    by_area = whole.union(areas.below(spread))
    found = _counted(by_area, ())
    for dimension in DIMENSIONS:
        found += _counted(whole, (dimension,))
    return found


def _counted(spread: ir.Table, dimensions: tuple[str, ...]) -> list[pd.DataFrame]:
    key = ["measure", "period", "area", "activity", *dimensions]
    counts = small_frame(spread.group_by(key).aggregate(units=spread.units.sum()), key)
    return [
        figures(
            cells,
            measure,
            cells["units"],
            [[] for _ in cells["units"]],
            price_base=NOT_APPLICABLE,
            **{dimension: cells[dimension] for dimension in dimensions},
        )
        for measure, cells in counts.groupby("measure", sort=True)
    ]
