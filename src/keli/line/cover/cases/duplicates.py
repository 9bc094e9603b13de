"""Units that stand several times in a register (重复)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.engine.places.official import OUTSIDE
from keli.line.cover.cases.form import DUPLICATE, cases

REGISTER = "register"
KEEP_ONE = "keep one row"
ALIKE = ("linked", "decided")
SHOWN = 5
YES = ibis.literal(value=True)


def cases_of_duplicates(context: StageContext) -> list[ir.Table]:
    """Units with several rows in one register that do not say the same; the line merged them into one unit.

    Rows that repeat another in every value were held back before and are no case.

    Args:
        context: The stage's room.
    """
    place = ["source", "file", "row"]
    rows = context.read("unit_rows").filter(ibis._.kind == REGISTER)
    standing = rows.anti_join(context.read("superseded"), place)
    counted = standing.group_by("source", "unit_id").agg(copies=standing.count())
    several = standing.semi_join(counted.filter(counted.copies > 1), ["source", "unit_id"])
    where = several.file + ":" + several.row.cast("string")
    found = several.group_by("source", "unit_id").agg(
        copies=several.count(), named=several.unit_id.count(where=several.match == "name"),
        alike=several.unit_id.count(where=several.match.isin(ALIKE)),
        rows=where.collect(order_by=[several.file, several.row])[:SHOWN].join(", "),
    )  # fmt: skip
    last = _last_states(context, found)
    told = found.left_join(last, "unit_id").drop("unit_id_right")
    told = told.mutate(
        area=told.area.fill_null(OUTSIDE), period=told.period.fill_null(context.workspace.last_year),
        digital_value_added=ibis.literal(0), headline_change=ibis.literal(0),
    )  # fmt: skip
    by = ibis.cases(
        (told.alike > 0, "by likeness, see unit_links"), (told.named > 0, "by code and by exact name"), else_="by code"
    )
    evidence = told.copies.cast("string") + " rows of one register are one unit " + by + ": " + told["rows"] + "."
    effect = ibis.literal("None: the rows were merged and the unit counts once.")
    number = ibis.literal("duplicate/") + told["source"] + "/" + told.unit_id.cast("string")
    return [cases(told, DUPLICATE, case_id=number, proposed=ibis.literal(KEEP_ONE), evidence=evidence, effect=effect)]


def _last_states(context: StageContext, units: ir.Table) -> ir.Table:
    """Area of the units in the last year in which they exist."""
    periods = context.read("unit_period").semi_join(units, "unit_id")
    return periods.group_by("unit_id").agg(area=periods.area.argmax(periods.period), period=periods.period.max())
