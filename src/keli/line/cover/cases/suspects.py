"""Units that may be one unit but are not merged (疑似重复): a person looks at them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.line.cover.cases.form import SUSPECTED, cases, with_value

RELATIONS = ("repeated", "two_codes")
LISTED = "listed"


def cases_of_suspects(context: StageContext, value: ir.Table) -> list[ir.Table]:
    """Pairs of units of one register, or with two codes, that linkage left to a person.

    Method: a pair that is one unit counts twice now; merged, the headline loses what the unit that goes has in it.

    Args:
        context: The stage's room.
        value: One unit in the headline of the last year: `digital_value_added`.
    """
    year = context.workspace.last_year
    links = context.read("unit_links")
    left = links.filter(links.relation.isin(RELATIONS), links.outcome == LISTED)
    states = context.read("unit_period").filter(ibis._.period == year).select("unit_id", "period", "area")
    units = context.read("units")
    names = units.select(other_id="unit_id", other_name="name", other_code="uscc")
    standing = units.select("unit_id", proposed=ibis.coalesce(units.uscc, units.name, ""))
    pairs = left.inner_join(states, "unit_id").inner_join(names, "other_id").inner_join(standing, "unit_id")
    rows = with_value(pairs, value, "other_id")
    told = rows.mutate(headline_change=-rows.digital_value_added)
    other = told.other_name.fill_null("a unit without a name") + ibis.ifelse(
        told.other_code.isnull(), "", " (" + told.other_code + ")"
    )
    evidence = "May be one unit with " + other + ": " + told.reason + ibis.coalesce(" " + told.obstacle, "")
    effect = ibis.ifelse(
        told.in_headline, "The headline would lose what the other unit has in it.", "None: the other unit is not in it."
    )
    return [
        cases(told, SUSPECTED, case_id=told.case_id, proposed=told.proposed, evidence=evidence, effect=effect)
    ]  # fmt: skip
