"""One pass over the units: parts that are alike summed up, parts of holders with several units kept apart.

Leaves, contributors and bases of the variance are then worked out from what this pass leaves, not from units.
"""

from __future__ import annotations

import ibis.expr.types as ir

from keli.engine.functions import MONEY, largest_two, money
from keli.line.account.unit.rates import SQUARE, WIDE
from keli.methods.value_added import COMPONENTS, value_added

LEAF = ("period", "area", "activity", "gbt_code", "size_class", "ownership", "basis", "split_evidence",
        "matched_previous", "matched_next")  # fmt: skip
MEASURES = {"VA": "value_added", "CE": "compensation", "NTP": "net_taxes", "CFC": "depreciation", "OS": "surplus"}
# A unit of a holder that may have several contributions is a group of its own.
_APART = ("unit_id", "holder_id")


def summed_parts(splits: ir.Table) -> ir.Table:
    """Sums and largest contributions by leaf; the parts of holders that may have several contributions one by one.

    Args:
        splits: One unit, year and core class (`unit_splits`), in yuan.

    Returns:
        One leaf, and beside it one row for each part with `unit_id` and `holder_id` kept: for each measure sum, sum of
        absolute values, number of contributions and the two largest; the sums that variances rest on; `shared`, the
        number of parts with a share; `standing`, units that the coefficient of their class stands for.
    """
    apart = splits.grouped | (splits.classes > 1)
    rows = splits.mutate(**{f"kept_{name}": apart.ifelse(splits[name], None) for name in _APART})
    return rows.group_by(*LEAF, **{name: rows[f"kept_{name}"] for name in _APART}).agg(
        **_figures(rows),
        **_bases(rows),
        shared=(rows.share > 0).sum(),
        standing=(rows.remainder & (rows["slot"] == 1)).sum(),
        unequal=(value_added(*(rows[name] for name in COMPONENTS)) != rows.value_added).sum(),
    )


def _figures(rows: ir.Table) -> dict[str, ir.Value]:
    figures: dict[str, ir.Value] = {}
    for measure, column in MEASURES.items():
        amount = rows[column]
        contribution = amount.abs().nullif(0).cast(MONEY)
        figures[f"{measure}_value"] = amount.sum()
        figures[f"{measure}_absolute"] = amount.abs().sum()
        figures[f"{measure}_units"] = contribution.count()
        figures[f"{measure}_largest"] = largest_two(contribution)
    return figures


def _bases(rows: ir.Table) -> dict[str, ir.Value]:
    """Sums of s R and (s R)^2, and whole value added of the units that a coefficient stands for."""
    digital = money(rows.share * rows.revenue.fill_null(0).cast("float64"))
    return {
        "digital_revenue": digital.sum(),
        "digital_revenue_squares": (digital.cast(WIDE) * digital).cast(SQUARE).sum(where=rows.basis != "reported"),
        "standing_value_added": rows.unit_value_added.sum(where=rows.remainder),
    }
