"""Reclassification: what changes of industry codes add to the core of a year, and take from it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.engine.functions import money
from keli.line.cover.checked_codes import DECISION, corrected_codes
from keli.model.catalogue import Catalogue

IN, OUT = "RECLASSIFIED_IN", "RECLASSIFIED_OUT"
PERCENT = 100
NO = ibis.literal(value=False)


def core_shares(context: StageContext) -> ir.Table:
    """Digital part that a unit of a class has by its class alone: 1, the coefficient of a starred class, or unknown.

    Returns:
        One core class and year: `period`, `gbt_code`, `class_share` (empty where a starred class has no coefficient).
    """
    years = context.workspace.years
    rows = [(year, code, starred) for year in years for code, starred in sorted(_core(context.catalogue).items())]
    codes = ibis.memtable(rows, schema={"period": "int32", "gbt_code": "string", "starred": "bool"})
    known = context.read("split_coefficients").group_by("period", "gbt_code").agg(share=ibis._.share.sum())
    joined = codes.left_join(known, ["period", "gbt_code"]).drop("period_right", "gbt_code_right")
    return joined.select("period", "gbt_code", class_share=ibis.ifelse(joined.starred, joined.share, 1.0))


def _core(catalogue: Catalogue) -> dict[str, bool]:
    """Core classes with whether they are starred."""
    starred: dict[str, bool] = {}
    for member in catalogue.core_memberships():
        starred[member.gbt_code] = starred.get(member.gbt_code, False) or member.starred
    return starred


def recoded_units(context: StageContext) -> ir.Table:
    """Units whose code of a year is another than the year before, or than was declared: a person found it wrong.

    Returns:
        One unit and year: `unit_id`, `period`, `gbt_code`, `code_before`.
    """
    activities = context.read("unit_activity")
    recoded = activities.filter(activities.recoded).select("unit_id", "period", "gbt_code")
    before = activities.select("unit_id", period=(activities.period + 1).cast("int32"), code_before="gbt_code")
    years = recoded.inner_join(before, ["unit_id", "period"])
    decided = activities.filter(activities.origin == DECISION).select("unit_id", "period", "gbt_code")
    corrected = corrected_codes(context)
    settled = decided.inner_join(corrected, [decided.unit_id == corrected.unit_id, decided.gbt_code == corrected.right])
    settled = settled.filter(settled.gbt_code != settled.code_before).select(*years.columns)
    return years.anti_join(settled, ["unit_id", "period"]).union(settled)


def reclassified_values(context: StageContext, changed: ir.Table, digital: ir.Table) -> ir.Table:
    """Core value added that a change of the code brought to a unit, or took from it.

    Method: what the unit has in the core now, less its value added times the digital part of its class before. A class
    before without a known digital part counts as wholly digital, so that it never makes an addition seem larger.

    Args:
        context: The stage's room.
        changed: One unit and year: `code_before` and the code now.
        digital: One unit and year in the headline: `digital_value_added`, yuan.

    Returns:
        One unit and year with a difference: `area`, `gbt_code`, `holder_id`, `measure` (RECLASSIFIED_IN or _OUT) and
        `value` (yuan, above zero).
    """
    accounts = context.read("unit_account").filter(ibis._.in_district, ~ibis._.consolidated)
    accounts = accounts.filter(accounts.basis.isin(("reported", "imputed", "estimated")))
    valued = changed.drop("gbt_code").inner_join(
        accounts.select("unit_id", "period", "area", "gbt_code", "holder_id", "value_added"), ["unit_id", "period"]
    )
    shares = core_shares(context).mutate(core_before=ibis.literal(value=True)).rename(code_before="gbt_code")
    rated = valued.left_join(shares, ["period", "code_before"]).drop("period_right", "code_before_right")
    now = rated.left_join(digital, ["unit_id", "period"]).drop("unit_id_right", "period_right")
    share = ibis.ifelse(now.core_before.fill_null(NO), now.class_share.fill_null(1.0), 0.0)
    before = money(now.value_added.cast("float64") * share)
    rows = now.mutate(moved=now.digital_value_added.fill_null(0) - before)
    told = rows.filter(rows.moved != 0)
    return told.select(
        "unit_id", "period", "area", "gbt_code", "holder_id",
        measure=ibis.ifelse(told.moved > 0, IN, OUT), value=told.moved.abs(),
    )  # fmt: skip


def alerts(context: StageContext, values: ir.Table, digital: ir.Table) -> ir.Table:
    """What reclassification adds to the core of each year, and whether that is more than the limit.

    Args:
        context: The stage's room.
        values: One unit and year that a change of the code moved (`reclassified_values`).
        digital: One unit and year in the headline: `digital_value_added`, yuan.

    Returns:
        One row for each year of the account with a headline, the columns of `coverage_alerts`.
    """
    parameter = context.catalogue.parameter("coverage/reclassification_limit")
    limits = ibis.memtable(
        [(year, float(parameter.at(year))) for year in context.workspace.years],
        schema={"period": "int32", "limit_percent": "float64"},
    )
    headline = digital.group_by("period").agg(headline=digital.digital_value_added.sum())
    moved = values.group_by("period").agg(
        units=values.unit_id.nunique(),
        added=values.value.sum(where=values.measure == IN),
        removed=values.value.sum(where=values.measure == OUT),
    )
    rows = headline.inner_join(limits, "period").left_join(moved, "period").drop("period_right")
    rows = rows.mutate(units=rows.units.fill_null(0), added=rows.added.fill_null(0), removed=rows.removed.fill_null(0))
    net = (rows.added - rows.removed).cast("float64") / rows.headline.cast("float64") * PERCENT
    told = rows.mutate(net_percent=ibis.ifelse(rows.headline > 0, net, None))
    told = told.mutate(raised=(told.net_percent > told.limit_percent).fill_null(NO))
    return told.select(*context.catalogue.tables["coverage_alerts"].column_names).order_by("period")
