"""Rolling twelve months: the revenue of the four quarters up to the last one that a unit reported."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.base.periods import QUARTERS_IN_YEAR
from keli.engine.context import StageContext

YEAR_TO_DATE = "Y"
_QUARTER = ("unit_id", "year", "quarter")
MONEY = "decimal(18,2)"


def rolling_revenue(context: StageContext, asked: ir.Table) -> ir.Table:
    """Revenue of the twelve months up to the last quarter that a unit reported after the last year of the account.

    Method: what was reported up to the quarter, plus the whole year before, less what that year had up to the same
    quarter; the fourth quarter ends twelve months by itself. A unit that lacks one of them has no rolling figure.

    Args:
        context: The stage's room.
        asked: Units that are asked for: `unit_id`.

    Returns:
        One row for each unit that has the figure: `rolling_revenue` (yuan), `rolling_year`, `rolling_quarter`.
    """
    last_year = context.workspace.last_year
    reported = _up_to_quarter(_quarters(context, asked).filter(ibis._.year >= last_year))
    ranked = reported.mutate(place=reported.year * QUARTERS_IN_YEAR + reported.quarter)
    newest = ranked.place == ranked.place.max().over(ibis.window(group_by="unit_id"))
    latest = ranked.filter(newest, ranked.year > last_year).drop("place")
    whole = reported.filter(reported.quarter == QUARTERS_IN_YEAR)
    whole = whole.select("unit_id", year_before="revenue", year=(whole.year + 1).cast("int32"))
    same = reported.select("unit_id", "quarter", part_before="revenue", year=(reported.year + 1).cast("int32"))
    told = latest.left_join(whole, ["unit_id", "year"]).drop("unit_id_right", "year_right")
    told = told.left_join(same, _QUARTER).drop("unit_id_right", "year_right", "quarter_right")
    ended = told.quarter == QUARTERS_IN_YEAR
    rolling = told.revenue + ibis.ifelse(ended, 0, told.year_before - told.part_before)
    return told.filter(rolling.notnull()).select(
        "unit_id", rolling_revenue=rolling.cast(MONEY), rolling_year="year", rolling_quarter="quarter"
    )


def _quarters(context: StageContext, asked: ir.Table) -> ir.Table:
    """Quarterly returns of the units that are asked for, those that another replaces left out."""
    place = ["source", "file", "row"]
    rows = context.read("unit_rows").filter(ibis._.kind == "quarterly_return").semi_join(asked, "unit_id")
    standing = rows.anti_join(context.read("superseded"), place).select(*place, "unit_id")
    told = context.read("accepted_quarterly_return").inner_join(standing, place)
    return told.filter(~told.consolidated).select("unit_id", "year", "quarter", "accumulation", "revenue")


def _up_to_quarter(quarters: ir.Table) -> ir.Table:
    """Revenue from January to the end of each quarter, where the reports cover it; year-to-date reports come first."""
    to_date = quarters.accumulation == YEAR_TO_DATE
    discrete = quarters.filter(~to_date.fill_null(ibis.literal(value=False)))
    course = ibis.window(group_by=["unit_id", "year"], order_by="quarter", preceding=None, following=0)
    summed = discrete.mutate(known=discrete.revenue.count().over(course), total=discrete.revenue.sum().over(course))
    added = summed.filter(summed.known == summed.quarter).select(*_QUARTER, revenue=summed.total.cast(MONEY), rank=1)
    told = quarters.filter(to_date, quarters.revenue.notnull()).select(*_QUARTER, "revenue", rank=0)
    both = told.mutate(rank=told["rank"].cast("int8")).union(added.mutate(rank=added["rank"].cast("int8")))
    return both.group_by(*_QUARTER).agg(revenue=both.revenue.argmin(both["rank"]))
