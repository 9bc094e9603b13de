"""Analyse: leaves become figures, each with the base cells that it rests on."""

from __future__ import annotations

import ibis
import pandas as pd

from keli.engine.context import StageContext
from keli.line.analyse.account import Account
from keli.line.analyse.ancestors import CORE, activity_ancestors, value_weights
from keli.line.analyse.areas import Areas, areas_of
from keli.line.analyse.base_cells import FREE_COUNTS, count_cells, coverage_cells, move_cells, value_cells
from keli.line.analyse.factors import benchmarks
from keli.line.analyse.interval import covariances, standard_errors
from keli.line.analyse.levels import at_control, missing_indices, prices_from, value_levels
from keli.line.analyse.small import small_frame
from keli.line.analyse.tables.components import components, evidence
from keli.line.analyse.tables.coverage import row_books, rows_unregistered, unit_coverage
from keli.line.analyse.tables.doubt import doubt
from keli.line.analyse.tables.enterprises import enterprises
from keli.line.analyse.tables.frame_coverage import frame_coverage
from keli.line.analyse.tables.growth import growth
from keli.line.analyse.tables.reconciliation import reconciliation
from keli.line.analyse.tables.rows import table_rows
from keli.line.analyse.tables.value_added import value_added

NAME = "analyse"
READS = (
    "leaves", "contributors", "uncertainty_bases", "split_moves", "split_movers", "change_bases", "residual_sums",
    "count_leaves", "count_contributors", "enterprise_leaves", "coverage_leaves", "coverage_contributors",
    "control_totals", "price_indices", "intake", "superseded", "repairs", "unit_rows", "units",
)  # fmt: skip
WRITES = (
    "base_cells", "cells_value_added", "cells_enterprises", "cells_components", "cells_evidence", "cells_coverage",
    "cells_reconciliation",
)  # fmt: skip
STEPS = 5


def run(context: StageContext) -> None:
    """Make every figure of the open tables, before protection."""
    context.report.expect(STEPS)
    parents, district = activity_ancestors(context.catalogue), context.workspace.area
    areas = areas_of(context.catalogue, district)
    counts = count_cells(context, parents, areas)
    covered = coverage_cells(context, parents, areas)
    cells = pd.concat([value_cells(context, parents, areas), move_cells(context, parents, areas)], ignore_index=True)
    context.report.step("base cells")
    _write_base_cells(context, cells, counts, covered)
    account = _account(context, cells, areas)
    context.report.step("value added")
    figures = [*value_added(account), *doubt(account), *growth(account)]
    _write(context, "value_added", figures)
    _write(context, "reconciliation", reconciliation(account, pd.concat(figures, ignore_index=True)))
    context.report.step("components and evidence")
    _write(context, "components", components(account))
    _write(context, "evidence", evidence(account))
    context.report.step("units and rows")
    _write(context, "enterprises", enterprises(context.read("enterprise_leaves"), parents, areas))
    books = row_books(context.read("intake"), context.read("superseded"), context.read("repairs"), district)
    books += rows_unregistered(context.read("unit_rows"), context.read("units"), context.read("intake"), district)
    _write(context, "coverage", [*books, *unit_coverage(counts), *frame_coverage(covered, cells, district)])
    context.report.step("figures written")


def _account(context: StageContext, cells: pd.DataFrame, areas: Areas) -> Account:
    """Return the district's account: benchmarked, at current and at constant prices, with standard errors."""
    district, weights = areas.district, value_weights(context.catalogue)
    controls = small_frame(context.read("control_totals"), ["period", "area", "activity", "measure", "price_base"])
    controls = controls[controls["price_base"] == "V"].astype({"value": "float64"}).reset_index(drop=True)
    prices = prices_from(small_frame(context.read("price_indices"), ["series", "period"]), context.catalogue)
    _tell_missing(context, missing_indices(cells, prices))
    factors = benchmarks(cells, controls, context.catalogue.digital.children(CORE), district)
    levels = at_control(value_levels(cells, weights, factors, prices), factors, district)
    bases = small_frame(context.read("uncertainty_bases"), ["period", "area", "activity", "gbt_code"])
    changes = small_frame(context.read("change_bases"), ["period", "area", "activity", "gbt_code", "gbt_code_previous"])
    residuals = small_frame(context.read("residual_sums"), ["period"])
    return Account(
        context.catalogue, district, tuple(context.workspace.years), context.workspace.census,
        cells, factors, levels, standard_errors(bases, weights, areas),
        covariances(changes, residuals, weights, areas), controls,
    )  # fmt: skip


def _tell_missing(context: StageContext, missing: list[tuple[str, int, int]]) -> None:
    """Say which figures at constant prices are left out for want of a price index."""
    for series, year, base_year in missing:
        context.report.console.print(
            f"  No constant prices for {year} where the series {series} is needed: it lacks a year between "
            f"{base_year} and {year}. Add its indices to the prices source.",
            highlight=False,
        )


def _write_base_cells(context: StageContext, cells: pd.DataFrame, counts: pd.DataFrame, covered: pd.DataFrame) -> None:
    """Write the cells that protected figures rest on; free counts need none."""
    protected = counts[~counts["measure"].isin(FREE_COUNTS)]
    every = pd.concat([cells, protected, covered]).sort_values("cell_id", ignore_index=True)
    columns = list(context.catalogue.tables["base_cells"].column_names)
    context.write("base_cells", ibis.memtable(every[columns]).order_by("cell_id"))


def _write(context: StageContext, table: str, figures: list[pd.DataFrame]) -> None:
    year = context.workspace.last_year
    rows = table_rows(table, figures, context.catalogue, context.workspace.area, year)
    context.write(f"cells_{table}", rows)
