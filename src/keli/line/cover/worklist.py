"""The work list: cases with the names of their units and what people decided on them, by subdistrict."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext

OPEN = "open"


def work_list(context: StageContext, found: list[ir.Table]) -> ir.Table:
    """All cases of the run, those on which a person decided with the decision.

    Args:
        context: The stage's room.
        found: Cases, kind by kind.

    Returns:
        One row a case, the columns of `coverage_cases`, by subdistrict, kind and amount.
    """
    every = ibis.union(*found)
    units = context.read("units").select("unit_id", "name", "uscc", "address")
    said = context.read("decisions").select("list", "case_id", "decision", "value", "note")
    named = every.left_join(units, "unit_id").drop("unit_id_right")
    decided = named.left_join(said, ["list", "case_id"]).drop("list_right", "case_id_right")
    areas = context.catalogue.areas.codes
    words = {code: areas[code].name_zh for code in sorted(areas) if code.startswith(context.workspace.area)}
    corrected = ibis.ifelse(decided.value == decided.proposed, None, decided.value)
    rows = decided.mutate(
        decision=decided.decision.fill_null(OPEN),
        corrected=ibis.ifelse(decided.decision == "yes", corrected, None),
        subdistrict=decided.area.substitute(words),
    )
    order = [rows.area, rows["rank"], rows.digital_value_added.desc(), rows.revenue.desc(), rows.case_id]
    return rows.order_by(order).select(*context.catalogue.tables["coverage_cases"].column_names)
