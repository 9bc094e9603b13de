"""One pass over the units: what lies in one leaf only is summed up, what may lie in several is kept row by row.

Leaves, contributors and bases of the variance are then worked out from what this pass leaves, not from units.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY, largest_two, money
from keli.line.account.unit.rates import SQUARE, WIDE
from keli.methods.value_added import COMPONENTS, value_added

LEAF = ("period", "area", "activity", "gbt_code", "size_class", "ownership", "basis", "split_evidence",
        "matched_previous", "matched_next")  # fmt: skip
MEASURES = {"VA": "value_added", "CE": "compensation", "NTP": "net_taxes", "CFC": "depreciation", "OS": "surplus"}
_NEVER = ibis.literal(value=False)


def lone_parts(splits: ir.Table) -> ir.Table:
    """Sums by leaf of the parts of units that are in one class and whose holder has no other unit.

    Args:
        splits: One unit, year and core class (`unit_split`), in yuan.
    """
    return summed_parts(splits.filter(splits.classes == 1, ~splits.grouped), _NEVER)


def other_parts(splits: ir.Table) -> ir.Table:
    """The parts of all other units: several may belong to one holder.

    Args:
        splits: One unit, year and core class (`unit_split`), in yuan.
    """
    # Two filters instead of one with "or": the engine applies each while it reads the units.
    held, many = splits.filter(splits.classes == 1, splits.grouped), splits.filter(splits.classes > 1)
    return held.union(many).select(
        *LEAF, *MEASURES.values(), "unit_id", "holder_id", "slot", "share", "revenue", "remainder", "unit_value_added"
    )


def summed_parts(parts: ir.Table, several: ir.BooleanValue) -> ir.Table:
    """Sums and largest contributions by leaf.

    Args:
        parts: One unit, year and core class, in yuan.
        several: The holder of the part has more than one contribution in the year.

    Returns:
        One leaf: for each measure the sum and sum of absolute values of all parts, the number and the two largest of
        contributions whose holder has no other; the sums that variances rest on; `standing`, units that the coefficient
        of their class stands for; `unequal`, parts whose components do not add up.
    """
    figures: dict[str, ir.Value] = {}
    for measure, column in MEASURES.items():
        amount = parts[column]
        lone = several.ifelse(None, amount.abs().nullif(0)).cast(MONEY)
        figures[f"{measure}_value"] = amount.sum()
        figures[f"{measure}_absolute"] = amount.abs().sum()
        figures[f"{measure}_units"] = lone.count()
        figures[f"{measure}_largest"] = largest_two(lone)
    return parts.group_by(*LEAF).agg(
        **figures,
        **_bases(parts),
        standing=parts.count(where=parts.remainder & (parts["slot"] == 1)),
        unequal=parts.count(where=value_added(*(parts[name] for name in COMPONENTS)) != parts.value_added),
    )


def _bases(parts: ir.Table) -> dict[str, ir.Value]:
    """Sums of s R and (s R)^2, and whole value added of the units that a coefficient stands for."""
    digital = money(parts.share * parts.revenue.fill_null(0).cast("float64"))
    return {
        "digital_revenue": digital.sum(),
        "digital_revenue_squares": (digital.cast(WIDE) * digital).cast(SQUARE).sum(where=parts.basis != "reported"),
        "standing_value_added": parts.unit_value_added.sum(where=parts.remainder),
    }
