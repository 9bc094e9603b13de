"""Leaves: parts of units reduced to sums and largest contributions; contributors in several leaves kept whole."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY, largest_two
from keli.line.account.cells import LEAF, MEASURES, summed_parts
from keli.line.account.holders import holders_of_several, marked_several

_FIGURES = ("value", "absolute", "units", "x1", "x2")


def several_holders(others: ir.Table) -> ir.Table:
    """Holders with more than one part in a year that has a digital share (`holders_of_several`).

    Args:
        others: Parts of units whose holder may have several (`other_parts`).
    """
    return holders_of_several(others, (others.share > 0).cast("int64"))


def all_parts(lone: ir.Table, others: ir.Table, several: ir.Table) -> ir.Table:
    """Sums by leaf over all units, in one or two rows a leaf (`summed_parts`).

    Args:
        lone: Sums of the units whose holder has no other (`lone_parts`).
        others: The parts of all other units (`other_parts`).
        several: One holder and year with more than one contribution.
    """
    marked = marked_several(others, several)
    return lone.union(summed_parts(marked, marked.several))


def leaf_rows(parts: ir.Table) -> ir.Table:
    """Sums over all units and the two largest contributions of those whose holder contributes nowhere else.

    Args:
        parts: Sums by leaf, in one or two rows a leaf (`all_parts`).

    Returns:
        One leaf and measure, the columns of `leaves`.
    """
    figures: dict[str, ir.Value] = {}
    for measure in MEASURES:
        largest = parts[f"{measure}_largest"]
        figures |= {f"{measure}_{name}": parts[f"{measure}_{name}"].sum() for name in ("value", "absolute", "units")}
        figures[f"{measure}_largest"] = largest_two(largest[0].cast(MONEY))
        figures[f"{measure}_second"] = largest[1].max()
    wide = parts.group_by(*LEAF).agg(**figures)
    cells = ibis.array([ibis.struct({"measure": measure} | _cell(wide, measure)) for measure in MEASURES])
    rows = wide.select(*LEAF, cell=cells.unnest()).unpack("cell")
    return rows.select(*LEAF, "measure", *_FIGURES).order_by(*LEAF, "measure")


def _cell(wide: ir.Table, measure: str) -> dict[str, ir.Value]:
    """Figures of a measure: where two rows are merged, the second is a second of one or the first of the other."""
    largest = wide[f"{measure}_largest"]
    told = {name: wide[f"{measure}_{name}"] for name in ("value", "absolute", "units")}
    return told | {"x1": largest[0], "x2": ibis.greatest(largest[1], wide[f"{measure}_second"])}


def contributor_rows(others: ir.Table, several: ir.Table) -> ir.Table:
    """Contributions of the units whose holder contributes more than once, the columns of `contributors`.

    Args:
        others: Parts of units whose holder may have several (`other_parts`).
        several: One holder and year with more than one contribution.
    """
    rows = others.inner_join(several, [others.period == several.s_period, others.holder_id == several.s_holder])
    cells = ibis.array(
        [ibis.struct({"measure": measure, "value": rows[column]}) for measure, column in MEASURES.items()]
    )
    long = rows.select(*LEAF, "unit_id", "holder_id", cell=cells.unnest()).unpack("cell")
    return long.filter(long.value != 0).order_by("period", "unit_id", "activity", "measure")


def standing_units(parts: ir.Table) -> dict[tuple[int, str], int]:
    """Units that the coefficient of a starred class stands for, sampled and not, by year and GB/T code.

    Args:
        parts: Sums by leaf (`all_parts`).
    """
    counts = parts.group_by("period", "gbt_code").agg(units=parts.standing.sum()).to_pyarrow().to_pylist()
    return {(row["period"], row["gbt_code"]): row["units"] for row in counts if row["units"]}
