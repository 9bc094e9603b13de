"""Annual returns and revenue bases: one row for each unit and year."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.line.link.precedence import source_order
from keli.line.link.replaced import REPLACED, Settled, latest_first, settled, superseded, with_reason
from keli.line.link.rows import LEDGER

UNIT_YEAR = ("unit_id", "year")
UNIT_QUARTER = ("unit_id", "year", "quarter", "accumulation")
YEAR_TO_DATE, DISCRETE = "Y", "D"
TEXT_COLUMNS = ("repaired", "kind", "identity", "code", "name", "uscc", "phone", "linked")
MONEY = "decimal(18,2)"


def own_rows(rows: ir.Table, units: ir.Table) -> ir.Table:
    """Rows without the group figures of units that also have figures of their own.

    Args:
        rows: Identified rows of one kind.
        units: One row for each unit.
    """
    groups = units.filter(units.consolidated)
    return rows.filter(~rows.consolidated | rows.unit_id.isin(groups.unit_id))


def replaced_group_rows(rows: ir.Table, units: ir.Table) -> ir.Table:
    """Group figures of units that also have figures of their own, as table `superseded` has them."""
    own = units.filter(~units.consolidated)
    replaced = rows.filter(rows.consolidated).semi_join(own, "unit_id")
    return with_reason(replaced.mutate(period=replaced.year, rule=ibis.literal(REPLACED)))


def annual_returns(rows: ir.Table) -> Settled:
    """Annual returns, one for each unit and year; the one received last stands.

    Args:
        rows: Identified rows of annual returns.
    """
    return settled(rows, UNIT_YEAR, latest_first)


def quarterly_returns(rows: ir.Table) -> Settled:
    """Quarterly returns, one for each unit, quarter and accumulation; the one received last stands."""
    return settled(rows.mutate(accumulation=rows.accumulation.fill_null(DISCRETE)), UNIT_QUARTER, latest_first)


def tax_rows(context: StageContext, rows: ir.Table) -> Settled:
    """Tax rows, one for each unit and year: sources by precedence, then received last."""
    delivered = context.read("accepted_tax").select("source").distinct()
    sources = context.connection.to_pyarrow(delivered)["source"].to_pylist()
    order = source_order(context.workspace, "taxable_revenue", [(source, "tax") for source in sources])

    def best_first(tax: ir.Table) -> tuple[ir.Value, ...]:
        rank = tax.source.substitute({name: f"{place:09}" for name, place in order.items()}) if order else tax.source
        return rank, *latest_first(tax)

    return settled(rows, UNIT_YEAR, best_first)


def items_of(rows: ir.Table) -> tuple[str, ...]:
    """The columns in which two rows about the same unit and period may differ."""
    apart = {*LEDGER, *TEXT_COLUMNS, "unit_id", "place"}
    return tuple(column for column in rows.columns if column not in apart)


def replaced_rows(chosen: Settled, keys: tuple[str, ...]) -> list[ir.Table]:
    """The rows that another one replaces, as table `superseded` has them; none where all stand."""
    return [superseded(rows, keys, items_of(rows), rows.year) for rows in chosen.disputed]


def return_table(chosen: Settled) -> ir.Table:
    """Table `returns` from the annual returns that stand."""
    return chosen.standing.rename(period="year").drop("received", *TEXT_COLUMNS)


def revenue_bases(quarters: Settled, tax: Settled) -> ir.Table:
    """Revenue of each unit and year without regard to its annual return.

    Method: discrete quarters add up; a year-to-date figure stands for all quarters up to its own, so that the last one
    and the discrete quarters after it make the sum. `quarters` counts the quarters that the sum covers.

    Args:
        quarters: Quarterly returns.
        tax: Tax rows.

    Returns:
        One row for each unit and year, yuan.
    """
    listed = tax.standing
    by_tax = listed.select(
        "unit_id", "gbt_code", "subdistrict", "employees", "taxable_revenue", period="year",
        quarters=ibis.literal(0, type="int32"), quarterly_revenue=_none(MONEY), quarterly_gbt=_none("string"),
        quarterly_employees=_none("float64"),
    )  # fmt: skip
    by_quarter = _yearly(quarters.standing).mutate(
        gbt_code=_none("string"), subdistrict=_none("string"), employees=_none("float64"), taxable_revenue=_none(MONEY)
    )
    both = by_tax.union(by_quarter.select(*by_tax.columns))
    merged = both.group_by("unit_id", "period").agg(
        **{column: both[column].max() for column in by_tax.columns if column not in ("unit_id", "period")}
    )
    return merged.mutate(
        gbt_code=ibis.coalesce(merged.gbt_code, merged.quarterly_gbt),
        employees=ibis.coalesce(merged.employees, merged.quarterly_employees),
    ).drop("quarterly_gbt", "quarterly_employees")


def _yearly(quarters: ir.Table) -> ir.Table:
    year = ibis.window(group_by=UNIT_YEAR)
    to_date = quarters.accumulation == YEAR_TO_DATE
    until = quarters.mutate(until=quarters.quarter.max(where=to_date).over(year).fill_null(0), to_date=to_date)
    last_to_date = until.to_date & (until.quarter == until.until)
    counted = until.filter(last_to_date | (~until.to_date & (until.quarter > until.until)))
    covered = ibis.ifelse(counted.to_date, counted.quarter, 1)
    return counted.group_by("unit_id", period="year").agg(
        quarters=covered.sum().cast("int32"),
        quarterly_revenue=counted.revenue.sum().cast(MONEY),
        quarterly_gbt=counted.gbt_code.argmax(counted.quarter, where=counted.gbt_code.notnull()),
        quarterly_employees=counted.employees.argmax(counted.quarter, where=counted.employees.notnull()),
    )


def _none(type_: str) -> ir.Value:
    return ibis.null(type_).cast(type_)
