"""Leaves: parts of units reduced to sums and largest contributions; contributors in several leaves kept whole."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY, largest_two
from keli.line.account.cells import LEAF, MEASURES
from keli.line.account.holders import holders_of_several, marked_several

_FIGURES = ("value", "absolute", "units", "x1", "x2")


def several_holders(parts: ir.Table) -> ir.Table:
    """Holders with more than one part in a year that has a digital share (`holders_of_several`).

    Args:
        parts: What one pass over the units leaves (`summed_parts`).
    """
    apart = parts.filter(parts.unit_id.notnull())
    return holders_of_several(apart, apart.shared)


def leaf_rows(parts: ir.Table, several: ir.Table) -> ir.Table:
    """Sums over all units and the two largest contributions of those whose holder contributes nowhere else.

    Args:
        parts: What one pass over the units leaves (`summed_parts`).
        several: One holder and year with more than one contribution.

    Returns:
        One leaf and measure, the columns of `leaves`.
    """
    marked = marked_several(parts, several)
    figures: dict[str, ir.Value] = {}
    for measure in MEASURES:
        lone = {name: marked.several.ifelse(None, value) for name, value in _told(marked, measure).items()}
        figures[f"{measure}_value"] = marked[f"{measure}_value"].sum()
        figures[f"{measure}_absolute"] = marked[f"{measure}_absolute"].sum()
        figures[f"{measure}_units"] = lone["units"].sum().fill_null(0)
        figures[f"{measure}_largest"] = largest_two(lone["first"])
        figures[f"{measure}_seconds"] = lone["second"].max()
    wide = marked.group_by(*LEAF).agg(**figures)
    cells = ibis.array([ibis.struct({"measure": measure} | _cell(wide, measure)) for measure in MEASURES])
    rows = wide.select(*LEAF, cell=cells.unnest()).unpack("cell")
    return rows.select(*LEAF, "measure", *_FIGURES).order_by(*LEAF, "measure")


def _told(parts: ir.Table, measure: str) -> dict[str, ir.Value]:
    largest = parts[f"{measure}_largest"]
    return {"units": parts[f"{measure}_units"], "first": largest[0].cast(MONEY), "second": largest[1].cast(MONEY)}


def _cell(wide: ir.Table, measure: str) -> dict[str, ir.Value]:
    """Figures of a measure: of groups that are merged, the second largest is a second of one or a first of another."""
    largest = wide[f"{measure}_largest"]
    second = ibis.greatest(largest[1], wide[f"{measure}_seconds"])
    return {name: wide[f"{measure}_{name}"] for name in ("value", "absolute", "units")} | {
        "x1": largest[0], "x2": second,
    }  # fmt: skip


def contributor_rows(parts: ir.Table, several: ir.Table) -> ir.Table:
    """Contributions of the units whose holder contributes more than once, the columns of `contributors`.

    Args:
        parts: What one pass over the units leaves (`summed_parts`).
        several: One holder and year with more than one contribution.
    """
    rows = parts.inner_join(several, [parts.period == several.s_period, parts.holder_id == several.s_holder])
    cells = ibis.array(
        [ibis.struct({"measure": measure, "value": rows[f"{measure}_value"].cast(MONEY)}) for measure in MEASURES]
    )
    long = rows.select(*LEAF, "unit_id", "holder_id", cell=cells.unnest()).unpack("cell")
    return long.filter(long.value != 0).order_by(*LEAF, "measure", "unit_id")


def standing_units(parts: ir.Table) -> dict[tuple[int, str], int]:
    """Units that the coefficient of a starred class stands for, sampled and not, by year and GB/T code.

    Args:
        parts: What one pass over the units leaves (`summed_parts`).
    """
    counts = parts.group_by("period", "gbt_code").agg(units=parts.standing.sum()).to_pyarrow().to_pylist()
    return {(row["period"], row["gbt_code"]): row["units"] for row in counts if row["units"]}
