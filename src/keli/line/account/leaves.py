"""Leaves: unit parts reduced to sums and largest contributions; contributors that lie in several leaves kept whole."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY, largest_two
from keli.line.account.holders import marked_several

LEAF = ("period", "area", "activity", "gbt_code", "size_class", "ownership", "basis", "split_evidence",
        "matched_previous", "matched_next")  # fmt: skip
MEASURES = {"VA": "value_added", "CE": "compensation", "NTP": "net_taxes", "CFC": "depreciation", "OS": "surplus"}
_FIGURES = ("value", "absolute", "units", "largest")


def wide_leaves(splits: ir.Table, several: ir.Table) -> ir.Table:
    """Sums of all units and the two largest contributions of lone ones, all measures of a leaf in one row.

    Args:
        splits: One unit, year and core class, in yuan.
        several: One holder and year with more than one contribution.

    Returns:
        One leaf: for each measure sum, sum of absolute values, number and two largest absolute contributions of the
        units whose holder contributes nowhere else.
    """
    marked = marked_several(splits, several)
    figures = {}
    for measure, column in MEASURES.items():
        amount = marked[column]
        lone = (marked.several | (amount == 0)).ifelse(None, amount.abs()).cast(MONEY)
        figures[f"{measure}_value"] = amount.sum()
        figures[f"{measure}_absolute"] = amount.abs().sum()
        figures[f"{measure}_units"] = lone.count()
        figures[f"{measure}_largest"] = largest_two(lone)
    return marked.group_by(*LEAF).agg(**figures)


def leaf_rows(wide: ir.Table) -> ir.Table:
    """Leaves with one row a measure, the columns of `leaves`."""
    cells = ibis.array([
        ibis.struct({"measure": measure} | {name: wide[f"{measure}_{name}"] for name in _FIGURES})
        for measure in MEASURES
    ])  # fmt: skip
    rows = wide.select(*LEAF, cell=cells.unnest()).unpack("cell")
    return rows.select(*LEAF, "measure", "value", "absolute", "units", x1=rows.largest[0], x2=rows.largest[1]).order_by(
        *LEAF, "measure"
    )


def contributor_rows(splits: ir.Table, several: ir.Table) -> ir.Table:
    """Contributions of the units whose holder contributes more than once, the columns of `contributors`.

    Args:
        splits: One unit, year and core class, in yuan.
        several: One holder and year with more than one contribution.
    """
    rows = splits.inner_join(several, [splits.period == several.s_period, splits.holder_id == several.s_holder])
    cells = ibis.array(
        [ibis.struct({"measure": measure, "value": rows[column]}) for measure, column in MEASURES.items()]
    )
    long = rows.select(*LEAF, "unit_id", "holder_id", cell=cells.unnest()).unpack("cell")
    return long.filter(long.value != 0).order_by(*LEAF, "measure", "unit_id")
