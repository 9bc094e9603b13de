"""Threshold test: which survey units reach the threshold of their industry, year by year."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.model.catalogue import Catalogue
from keli.model.thresholds.above_scale import above_scale

LOCAL_ACTIVITY = "local_activity"
NO = ibis.literal(value=False)
_STATE = ("unit_id", "period", "area", "holder_id", "registered", "status", "in_frame", "in_frame_next")


def tested_units(context: StageContext) -> ir.Table:
    """Survey units of the district in industries with a threshold, with the revenue that is tested.

    Method: a unit reaches the threshold where its revenue of the year (return, else four quarters, else tax list) is
    not below it. Tested are the types of unit that the parameter `thresholds/unit_types` names; no consolidated group,
    and no local activity unit whose parent lies in the district: its figures are the parent's.

    Returns:
        One unit in one year, the columns of `unit_reach`; amounts in yuan.
    """
    units = _survey_units(context)
    accounts = context.read("unit_account").select("unit_id", "period", "gbt_code", "revenue", "base")
    joined = units.inner_join(accounts, ["unit_id", "period"])
    limits = threshold_table(context.catalogue, context.workspace.years)
    tested = joined.inner_join(limits, ["period", "gbt_code"])
    taxed = context.read("revenue_bases").filter(ibis._.taxable_revenue > 0).select("unit_id", "period")
    listed = tested.left_join(taxed.mutate(on_tax=ibis.literal(value=True)), ["unit_id", "period"])
    listed = listed.drop("unit_id_right", "period_right")
    return listed.mutate(on_tax=listed.on_tax.fill_null(NO), reaches=(listed.revenue >= listed.threshold).fill_null(NO))


def threshold_table(catalogue: Catalogue, years: range) -> ir.Table:
    """Thresholds of every industry code that has one, year by year.

    Returns:
        One code in one year: `threshold` (yuan), `asked`, `industries` (official name of the group).
    """
    rows = [
        (year, code, limit.revenue_min, limit.asked, limit.label_zh)
        for year in years
        for code, limit in above_scale(catalogue, year).items()
    ]
    schema = {"period": "int32", "gbt_code": "string", "threshold": "decimal(18,2)", "asked": "bool",
              "industries": "string"}  # fmt: skip
    return ibis.memtable(rows, schema=schema)


def _survey_units(context: StageContext) -> ir.Table:
    """Units of the district that may stand on the list, one row a unit and year."""
    periods = context.read("unit_period")
    types = context.catalogue.parameter("thresholds/unit_types").at(context.workspace.last_year)
    inside = periods.filter(periods.in_district, ~periods.consolidated)
    parents = inside.select("period", head_id="unit_id")
    own = inside.filter(inside.unit_type.isin(types))
    joined = own.left_join(parents, [own.parent_id == parents.head_id, own.period == parents.period])
    covered = joined.head_id.notnull() & (joined.unit_type == LOCAL_ACTIVITY)
    return joined.filter(~covered).select(*_STATE)
