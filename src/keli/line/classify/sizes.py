"""Size classes: large, medium, small and micro units by industry."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from keli.engine.context import StageContext
from keli.model.catalogue import Catalogue

INDICATORS = ("employees", "revenue", "assets")
BOUNDS = ("small_min", "medium_min", "large_min")
# Micro, small, medium, large: by the number of lower bounds that a unit reaches.
CLASSES = ("MI", "S", "M", "L")
UNKNOWN = "_U"
QUARTERS = 4


def with_size_class(context: StageContext, units: ir.Table) -> ir.Table:
    """Add the size class.

    Method: 统计上大中小微型企业划分办法（2017）: large, medium and small units reach the lower bound of every
    indicator of their industry; the lower class of the indicators wins. A missing indicator, and an industry
    outside the rule, is unknown. Figures of the return come first, else those of quarterly returns and tax list.

    Args:
        context: The stage's room.
        units: One row for each unit and year, with `gbt_code`.
    """
    rules = _rules(context.catalogue)
    told = _with_indicators(context, units).left_join(rules, "gbt_code").drop("gbt_code_right")
    ranks = [_rank(told, indicator) for indicator in INDICATORS]
    ruled = ibis.or_(*(_bound(told, indicator).notnull() for indicator in INDICATORS))
    missing = ibis.or_(*(_bound(told, name).notnull() & told[name].isnull() for name in INDICATORS))
    lowest = ibis.least(*ranks)
    known = [(lowest == rank, name) for rank, name in enumerate(CLASSES)]
    size = ibis.cases((~ruled | missing, UNKNOWN), *known, else_=UNKNOWN)
    return told.mutate(size_class=size).drop(
        *INDICATORS, *(f"{indicator}_{bound}" for indicator in INDICATORS for bound in BOUNDS)
    )


def _rules(catalogue: Catalogue) -> ir.Table:
    by_scope = {(scope, rule.indicator): rule for rule in catalogue.size_rules for scope in rule.scope}
    rows = []
    for code in catalogue.gbt.codes:
        row: dict[str, object] = {"gbt_code": code}
        for above in catalogue.gbt.ancestors(code):
            rules = {name: by_scope[above, name] for name in INDICATORS if (above, name) in by_scope}
            if rules:
                row |= {f"{name}_{bound}": getattr(rule, bound) for name, rule in rules.items() for bound in BOUNDS}
                rows.append(row)
                break
    types = {f"{name}_{bound}": "decimal(18,2)" for name in INDICATORS for bound in BOUNDS}
    schema = ibis.schema({"gbt_code": "string", **types}).to_pyarrow()
    return ibis.memtable(pa.Table.from_pylist(rows, schema=schema))


def _with_indicators(context: StageContext, units: ir.Table) -> ir.Table:
    returns, bases = context.read("returns"), context.read("revenue_bases")
    reported = returns.select("unit_id", "period", *(returns[name].name(f"own_{name}") for name in INDICATORS))
    quarterly = ibis.cases((bases.quarters == QUARTERS, bases.quarterly_revenue))
    based = bases.select(
        "unit_id", "period", base_employees=bases.employees,
        base_revenue=ibis.coalesce(quarterly, bases.taxable_revenue),
    )  # fmt: skip
    told = units.left_join(reported, ["unit_id", "period"]).drop("unit_id_right", "period_right")
    told = told.left_join(based, ["unit_id", "period"]).drop("unit_id_right", "period_right")
    return told.mutate(
        employees=ibis.coalesce(told.own_employees, told.base_employees),
        revenue=ibis.coalesce(told.own_revenue, told.base_revenue),
        assets=told.own_assets,
    ).drop("own_employees", "own_revenue", "own_assets", "base_employees", "base_revenue")


def _bound(told: ir.Table, indicator: str) -> ir.DecimalValue:
    return told[f"{indicator}_{BOUNDS[0]}"]


def _rank(told: ir.Table, indicator: str) -> ir.IntegerValue:
    """Bounds that the unit reaches; the highest rank where the industry does not go by this indicator."""
    reached = [ibis.ifelse(told[indicator] >= told[f"{indicator}_{bound}"], 1, 0) for bound in BOUNDS]
    return ibis.ifelse(_bound(told, indicator).isnull(), len(BOUNDS), reached[0] + reached[1] + reached[2])
