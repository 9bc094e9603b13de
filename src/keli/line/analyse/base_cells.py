"""Base cells: every additive sum that open figures rest on, addressed, with its holders."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd

from keli.base.errors import NotClosedError
from keli.engine.context import StageContext
from keli.engine.functions import MONEY
from keli.line.analyse import ancestors, rollup
from keli.line.analyse.areas import Areas
from keli.line.analyse.small import small_frame

ADDRESS = ("measure", "unit_set", "period", "area", "activity", "dimension")
AMOUNTS = ("value", "x1", "x2", "absolute")
FREE_COUNTS = ("UNITS", "UNITS_CLASSIFIED")
PROTECTED_COUNTS = ("UNITS_WITH_RETURNS", "UNITS_UNREGISTERED", "UNITS_PARTIAL", "UNITS_NO_BASIS")
COVERAGE_MEASURES = (
    "UNITS_REACHING_LISTED", "UNITS_REACHING_MISSING", "UNITS_REACHING_BOTH", "UNITS_REACHING_FRAME",
    "UNITS_REACHING_TAX", "REVENUE_LISTED", "REVENUE_MISSING", "UNITS_CODES_CONFIRMED", "UNITS_CODES_DOUBTED",
    "RECLASSIFIED_IN", "RECLASSIFIED_OUT",
)  # fmt: skip
EVERY, MATCHED_PREVIOUS, MATCHED_NEXT = "all", "matched_previous", "matched_next"
UNDIVIDED = "_T"


def value_cells(context: StageContext, parents: ir.Table, areas: Areas) -> pd.DataFrame:
    """Cells of value added and its components: all units, matched units, tiers of evidence.

    Args:
        context: The stage's tables: leaves and contributors.
        parents: Activity ancestors.
        areas: The district, and the area of leaves without a subdistrict.

    Returns:
        One row a cell, sorted by its address; amounts in yuan.

    Raises:
        NotClosedError: The leaves do not add up to the core total, children to their parent, or areas to the district.
    """
    leaves, contributors = context.read("leaves"), context.read("contributors")
    lone = _in_sets(leaves.rename(leaf="activity"))
    held = _in_sets(contributors.rename(leaf="activity"))
    cells = rollup.rolled_up(lone, held, parents, areas).cache()
    _check_closed(leaves, cells, context)
    _check_areas(cells, areas)
    return _frame(cells)


def move_cells(context: StageContext, parents: ir.Table, areas: Areas) -> pd.DataFrame:
    """Cells of what the district's value added loses and gains if judged digital shares move.

    Args:
        context: The stage's tables: split_moves and split_movers.
        parents: Activity ancestors.
        areas: The district; there are no such cells below it.

    Returns:
        One row a cell, sorted by its address; amounts in yuan.
    """
    fixed = {
        "scope": ibis.literal(ancestors.TIER), "unit_set": ibis.literal(EVERY), "dimension": ibis.literal(UNDIVIDED),
        "area": ibis.literal(areas.district),
    }  # fmt: skip
    lone, held = (
        context.read(name).rename(leaf="activity").mutate(**fixed) for name in ("split_moves", "split_movers")
    )
    return _frame(rollup.rolled_up(lone.drop("gbt_code"), held.drop("gbt_code"), parents, areas))


def count_cells(context: StageContext, parents: ir.Table, areas: Areas) -> pd.DataFrame:
    """Cells of units by coverage measure, at every parent of their industry code.

    Args:
        context: The stage's tables: count_leaves and count_contributors.
        parents: Activity ancestors.
        areas: The district, and the area of leaves without a subdistrict.

    Returns:
        One row a cell, sorted by its address; a measure that no unit of a cell has stands with value 0.
    """
    counts, groups = context.read("count_leaves"), context.read("count_contributors")
    fixed = {
        "scope": ibis.literal(ancestors.COUNT), "unit_set": ibis.literal(EVERY), "dimension": ibis.literal(UNDIVIDED)
    }  # fmt: skip
    lone = counts.select(
        "period", "area", "measure", leaf=counts.gbt_code,
        value=counts.units, absolute=counts.units, units=counts.lone_units,
        x1=(counts.lone_units > 0).cast("int64"), x2=(counts.lone_units > 1).cast("int64"), **fixed,
    )  # fmt: skip
    held = groups.select("period", "area", "measure", "holder_id", leaf=groups.gbt_code, value=groups.units, **fixed)
    lone, held = lone.cast({"x1": MONEY, "x2": MONEY}), held.cast({"value": MONEY})
    cells = rollup.rolled_up(lone, held, parents, areas).cache()
    total = cells.filter(cells.activity == ancestors.ALL, cells.area == areas.district)
    _require_none(
        counts.group_by(["measure", "period"]).aggregate(wanted=counts.units.sum())
        .left_join(total, ["measure", "period"]).filter(ibis._.value.fill_null(0) != ibis._.wanted * ancestors.WHOLE),
        "The count leaves do not add up to the units of the district.",
    )  # fmt: skip
    _check_areas(cells, areas)
    return _with_zeros(_frame(cells), (*FREE_COUNTS, *PROTECTED_COUNTS), of="UNITS")


def coverage_cells(context: StageContext, parents: ir.Table, areas: Areas) -> pd.DataFrame:
    """Cells of the units that reach the threshold, of their revenue, and of what reclassification moved.

    Args:
        context: The stage's tables: coverage_leaves and coverage_contributors.
        parents: Activity ancestors; coverage is told for all units, the core and its majors.
        areas: The district, and the area of leaves without a subdistrict.

    Returns:
        One row a cell, sorted by its address; units or yuan. A measure that no unit of a cell has stands with value 0.
    """
    leaves, groups = context.read("coverage_leaves"), context.read("coverage_contributors")
    fixed = {
        "scope": ibis.literal(ancestors.COUNT), "unit_set": ibis.literal(EVERY), "dimension": ibis.literal(UNDIVIDED)
    }  # fmt: skip
    lone = leaves.rename(leaf="gbt_code").mutate(**fixed)
    held = groups.rename(leaf="gbt_code").mutate(**fixed)
    told = parents.filter(parents.activity.isin(ancestors.coverage_activities(context.catalogue)))
    cells = rollup.rolled_up(lone, held, told, areas).cache()
    _check_areas(cells, areas)
    return _with_zeros(_frame(cells), COVERAGE_MEASURES)


def cell_id(measure: str, unit_set: str, period: int, area: str, activity: str, dimension: str = UNDIVIDED) -> str:
    """Return the address of a cell: measure|set|period|area|activity|further dimension."""
    return f"{measure}|{unit_set}|{period}|{area}|{activity}|{dimension}"


def _in_sets(table: ir.Table) -> ir.Table:
    """Return the rows once for every set of units that figures are made for."""
    value = table.filter(table.measure == "VA")
    every = table.mutate(
        scope=ibis.ifelse(table.measure == "VA", ancestors.VALUE, ancestors.COMPONENT), unit_set=ibis.literal(EVERY)
    )
    sets = [
        value.filter(value[name]).mutate(scope=ibis.literal(ancestors.VALUE), unit_set=ibis.literal(name))
        for name in (MATCHED_PREVIOUS, MATCHED_NEXT)
    ]
    tiers = [
        value.mutate(scope=ibis.literal(ancestors.TIER), unit_set=value[name], dimension=ibis.literal(name))
        for name in ("basis", "split_evidence")
    ]
    undivided = [part.mutate(dimension=ibis.literal(UNDIVIDED)) for part in (every, *sets)]
    keep = ["scope", "measure", "unit_set", "dimension", "period", "area", "leaf"]
    amounts = [name for name in ("value", "absolute", "units", "x1", "x2", "holder_id") if name in table.columns]
    return ibis.union(*(part.select(*keep, *amounts) for part in (*undivided, *tiers)))


def _frame(cells: ir.Table) -> pd.DataFrame:
    exact = {name: (cells[name] / ancestors.WHOLE).cast("float64") for name in ("value", "absolute")}
    typed = cells.mutate(x1=cells.x1.cast("float64"), x2=cells.x2.cast("float64"), **exact)
    return _addressed(small_frame(typed, list(ADDRESS)))


def _with_zeros(cells: pd.DataFrame, measures: tuple[str, ...], of: str | None = None) -> pd.DataFrame:
    """Return the cells with a zero cell for every measure that none of the units of an area and activity has.

    Args:
        cells: Base cells.
        measures: All measures.
        of: The measure whose areas and activities count; by default those of any.
    """
    place = ["unit_set", "dimension", "period", "area", "activity"]
    places = cells.loc[cells["measure"] == of, place] if of else cells[place].drop_duplicates()
    wanted = places.merge(pd.DataFrame({"measure": [*measures]}), how="cross")
    complete = wanted.merge(cells, how="outer", on=[*ADDRESS])
    amounts = [*AMOUNTS, "holders"]
    complete[amounts] = complete[amounts].fillna(0)
    return _addressed(complete.astype({"holders": "int64"}))


def _addressed(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with their addresses, in the order of these."""
    first, *others = (cells[name].astype(str) for name in ADDRESS)
    address = first
    for part in others:
        address = address + "|" + part
    return cells.assign(cell_id=address).sort_values("cell_id", ignore_index=True)


def _check_closed(leaves: ir.Table, cells: ir.Table, context: StageContext) -> None:
    """Check on exact decimals that the leaves add up to the core total, and children to their parents."""
    area, digital = context.workspace.area, context.catalogue.digital
    every = cells.filter(cells.unit_set == EVERY, cells.dimension == UNDIVIDED)
    total = every.filter(every.activity == ancestors.CORE, every.area == area)
    wanted = leaves.group_by(["measure", "period"]).aggregate(wanted=leaves.value.sum())
    compared = wanted.left_join(total, ["measure", "period"])
    _require_none(
        compared.filter(compared.value.fill_null(0) != compared.wanted * ancestors.WHOLE),
        f"The leaves do not add up to the core total of {area}.",
    )
    edges = [(code.code, code.parent) for code in digital.codes.values() if code.parent is not None]
    parents = ibis.memtable(edges, schema=ibis.schema({"activity": "string", "parent": "string"}))
    place = ["measure", "period", "area"]
    children = every.join(parents, "activity").group_by([*place, "parent"]).aggregate(children=ibis._.value.sum())
    family = children.join(every, [*place, ("parent", "activity")])
    _require_none(family.filter(family.children != family.value), "The children of an activity do not add up to it.")


def _check_areas(cells: ir.Table, areas: Areas) -> None:
    """Check on exact decimals that the areas below the district add up to it, so that nothing is left between them."""
    every = cells.filter(cells.dimension == UNDIVIDED)
    cell = ["measure", "unit_set", "period", "activity"]
    below = every.filter(every.area != areas.district).group_by(cell).aggregate(below=ibis._.value.sum())
    compared = every.filter(every.area == areas.district).left_join(below, cell)
    _require_none(
        compared.filter(compared.value != compared.below.fill_null(0)),
        f"The areas below {areas.district} do not add up to it.",
    )


def _require_none(rows: ir.Table, problem: str) -> None:
    count = rows.count().execute()
    if count:
        raise NotClosedError(
            f"{problem} {count} sums differ.",
            next_step="Nothing is released. Report this with the versions that `keli --version` prints.",
        )
