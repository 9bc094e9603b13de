"""Units outside the frame that reach the threshold (漏统), in no register (未入名录库), or are near it (准规上)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.line.cover.cases.form import (
    MISSING,
    NEAR,
    UNREGISTERED,
    Kind,
    cases,
    in_wan,
    numbered,
    percent_of,
    with_value,
)
from keli.line.cover.rolling import rolling_revenue

CLOSED = "closed"
BASES = {"return": "annual return", "quarters": "four quarters", "tax": "tax list"}
ENTER, REGISTER, WATCH = "enter", "register and enter", "watch"


def cases_outside_the_frame(context: StageContext, reach: ir.Table, value: ir.Table) -> list[ir.Table]:
    """Active survey units that no frame names in the last year or after, and that reach or nearly reach the threshold.

    Method: the tested revenue is that of twelve months up to the last quarter where quarters after the last year allow
    it, else that of the year (return, four quarters, tax list).

    Args:
        context: The stage's room.
        reach: One survey unit in one year (`unit_reach`).
        value: One unit in the headline of the last year: `digital_value_added`.
    """
    year = context.workspace.last_year
    share = context.catalogue.parameter("coverage/near_share").at(year)
    outside = reach.filter(reach.period == year, ~reach.in_frame, ~reach.in_frame_next, reach.status != CLOSED)
    rows = with_value(_with_rolling(context, outside), value)
    reaches = rows.revenue >= rows.threshold
    near = ~reaches & (rows.revenue >= rows.threshold * ibis.literal(str(share)).cast("decimal(18,6)"))
    return [
        _cases(rows.filter(reaches, rows.registered), MISSING, ENTER),
        _cases(rows.filter(reaches, ~rows.registered), UNREGISTERED, REGISTER),
        _cases(rows.filter(near), NEAR, WATCH),
    ]


def _with_rolling(context: StageContext, outside: ir.Table) -> ir.Table:
    """The rows with the revenue of rolling twelve months in place of the year's, where there is one."""
    bases = context.read("revenue_bases")
    later = bases.filter(bases.period > context.workspace.last_year, bases.quarters > 0)
    asked = outside.semi_join(later, "unit_id").select("unit_id")
    stated = "Revenue of " + outside.period.cast("string") + " (" + outside.base.substitute(BASES) + ") "
    plain = outside.mutate(stated=stated)
    if asked.count().execute() == 0:
        return plain
    joined = plain.left_join(rolling_revenue(context, asked), "unit_id").drop("unit_id_right")
    quarter = joined.rolling_year.cast("string") + "-Q" + joined.rolling_quarter.cast("string")
    return joined.mutate(
        revenue=ibis.coalesce(joined.rolling_revenue, joined.revenue),
        stated=ibis.coalesce("Revenue of the twelve months to " + quarter + " ", joined.stated),
    ).drop("rolling_revenue", "rolling_year", "rolling_quarter")


def _cases(rows: ir.Table, kind: Kind, proposed: str) -> ir.Table:
    limit = ibis.ifelse(
        rows.asked, " from which a unit is asked for its qualification or activity, in ", " of the threshold of "
    )
    where = ibis.ifelse(rows.registered, " On no above-scale list.", " In no register and on no above-scale list.")
    evidence = (
        rows.stated + in_wan(rows.revenue) + ": " + percent_of(rows.revenue, rows.threshold) + " of "
        + in_wan(rows.threshold) + limit + rows.industries + "." + where
    )  # fmt: skip
    effect = ibis.cases(
        (rows.in_headline & (rows.base == "return"), "None: in the headline with its own return."),
        (rows.in_headline, "In the headline by estimate; once on the list its own return takes the place."),
        else_="None: no part of it is in the headline.",
    )
    told = rows.mutate(headline_change=ibis.literal(0))
    return cases(
        told, kind, case_id=numbered(kind, told), proposed=ibis.literal(proposed), evidence=evidence, effect=effect
    )
