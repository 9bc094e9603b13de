"""Units whose declared industry code the coder doubts (错码)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.engine.functions import money
from keli.line.cover.cases.form import CODE, PERCENT, cases, with_value
from keli.line.cover.reclassified import core_shares
from keli.model.catalogue import Catalogue

NO = ibis.literal(value=False)
_NAMED = ("case_id", "declared_code", "declared_origin", "code", "probability")


def cases_of_codes(context: StageContext, value: ir.Table) -> list[ir.Table]:
    """Units of the district whose declared code lies in another division than the coder's, with its probability.

    Method: the change of the headline is the unit's value added times the digital part of the coder's class (1, the
    coefficient of a starred class, 0 outside the core), less what the unit has in the core now.

    Args:
        context: The stage's room.
        value: One unit in the headline of the last year: `digital_value_added`.
    """
    year = context.workspace.last_year
    doubts = context.read("code_doubts").select("unit_id", *_NAMED)
    states = context.read("unit_period").filter(ibis._.period == year, ibis._.in_district)
    accounts = context.read("unit_account").filter(ibis._.period == year)
    valued = accounts.filter(accounts.basis.isin(("reported", "imputed", "estimated")), ~accounts.consolidated)
    rows = doubts.inner_join(states.select("unit_id", "period", "area"), "unit_id")
    rows = rows.left_join(valued.select("unit_id", "value_added", "revenue"), "unit_id").drop("unit_id_right")
    shares = core_shares(context).filter(ibis._.period == year).select(code="gbt_code", part="class_share")
    rated = rows.left_join(shares.mutate(core=ibis.literal(value=True)), "code").drop("code_right")
    told = with_value(rated, value)
    # A class outside the core has the part 0; a starred one without a coefficient a part that nobody knows.
    part = ibis.ifelse(told.core.fill_null(NO), told.part, 0.0)
    after = money(told.value_added.cast("float64") * part)
    told = told.mutate(gbt_code=told.declared_code, headline_change=after - told.digital_value_added, core_part=part)
    return [_cases(context.catalogue, told)]


def _cases(catalogue: Catalogue, rows: ir.Table) -> ir.Table:
    names = ibis.memtable(
        [(code, f"{code} {entry.name_zh}") for code, entry in sorted(catalogue.gbt.codes.items())],
        schema={"declared_code": "string", "declared_name": "string"},
    )
    rows = rows.left_join(names, "declared_code").drop("declared_code_right")
    rows = rows.left_join(names.rename(code="declared_code", likely_name="declared_name"), "code").drop("code_right")
    percent = (rows.probability * PERCENT).floor().cast("int64").cast("string")
    evidence = (
        "Declared " + rows.declared_name + " (" + rows.declared_origin + "); scope and name speak for "
        + rows.likely_name + ", its division with a probability of " + percent + " %."
    )  # fmt: skip
    effect = ibis.cases(
        (rows.value_added.isnull(), "Not known: the unit has no value added of the year."),
        (rows.core_part.isnull(), "Not known: no digital part is known for the coder's class."),
        (rows.headline_change > 0, "The headline would rise: more of the unit would be in the core."),
        (rows.headline_change < 0, "The headline would fall: less of the unit would be in the core."),
        else_="None: as much of the unit is in the core with either code.",
    )
    return cases(rows, CODE, case_id=rows.case_id, proposed=rows.code, evidence=evidence, effect=effect)
