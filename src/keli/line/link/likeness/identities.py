"""Identities: what all rows of one code, name or row say about it, as it is compared with others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import ibis
import ibis.expr.types as ir
import pandas as pd

from keli.engine.context import StageContext

# Who is asked first for a name, an address or an industry: registers, then lists by their closeness to them.
RANKS = {
    "register": "0",
    "frame": "1",
    "annual_return": "2",
    "tax": "3",
    "quarterly_return": "4",
    "split_evidence": "5",
}
REGISTERING = ("register", "frame")
TOLD = {
    "name": "name",
    "former_name": "former_name",
    "address": "address",
    "date": "established",
    "capital": "registered_capital",
    "phone": "phone",
    "activity": "gbt_code",
    "area": "subdistrict",
}
REVENUES = ("revenue", "taxable_revenue")
SEVERAL, LATEST = ";", 9999
MONEY = "decimal(18,2)"


def told_rows(context: StageContext, rows: Mapping[str, ir.Table]) -> ir.Table:
    """What each accepted row says about the identity of its unit, as text.

    Args:
        context: The stage's room.
        rows: Rows by kind, identified by exact keys.

    Returns:
        One row for each accepted row: `own_id`, `identity`, `code`, `kind`, `source`, `order` (who is asked first),
        `seat` (what only one row of a unit can hold: a place in a register, a year in a list), `revenue`, the fields.
    """
    told = ibis.union(*(_told(table, kind) for kind, table in rows.items()))
    return context.connection.create_view("link_told", told, overwrite=True)


def identities(context: StageContext, told: ir.Table, name: str) -> ir.Table:
    """Identities with the best that is said about each.

    Method: of several values the one of the best kind of source, then of the latest year, then the first in the order
    of signs; all names of the identity, former ones among them, are kept besides.

    Args:
        context: The stage's room.
        told: One row for each accepted row, as `told_rows` has them.
        name: Name of the table that holds them.

    Returns:
        One row for each identity: `own_id`, `identity`, `code`, `registered`, `sources`, `revenue`, the fields.
    """
    single = [field for field in TOLD if field != "former_name"]
    best = {field: told[field].argmin(told.order + told[field], where=told[field].notnull()) for field in single}
    merged = told.group_by("own_id").agg(
        identity=told.identity.min(),
        code=told.code.min(),
        registered=told.kind.isin(REGISTERING).any(),
        revenue=told.revenue.max(),
        names=told.name.collect(where=told.name.notnull(), distinct=True),
        former=told.former_name.collect(where=told.former_name.notnull(), distinct=True),
        listed=told.source.collect(distinct=True),
        **best,
    )
    none = ibis.literal([], type="array<string>")
    names = ibis.coalesce(merged.names, none).concat(ibis.coalesce(merged.former, none))
    told_once = merged.mutate(
        former_name=names.unique().sort().join(SEVERAL).nullif(""), sources=merged.listed.sort().join(", ")
    )
    return context.connection.create_table(name, told_once.drop("names", "former", "listed"), overwrite=True)


def some_of(context: StageContext, rows: ir.Table, numbers: Iterable[int]) -> pd.DataFrame:
    """The rows of a few identities, in the order of their numbers; what is missing is None."""
    wanted = ibis.memtable({"own_id": sorted(set(numbers))}, schema={"own_id": "int64"})
    found = (
        context.connection.to_pyarrow(rows.semi_join(wanted, "own_id").order_by("own_id")).to_pandas().astype(object)
    )
    return found.where(found.notna(), None)


def seats_of(context: StageContext, told: ir.Table, numbers: Iterable[int]) -> pd.DataFrame:
    """What only one row of a unit can hold, for a few identities: `own_id`, `seat`, `registering`."""
    held = told.filter(told.seat.notnull()).select("own_id", "seat", registering=told.kind.isin(REGISTERING))
    return some_of(context, held.distinct(), numbers).sort_values(["own_id", "seat"])


def _told(rows: ir.Table, kind: str) -> ir.Table:
    there = set(rows.columns)

    def text(column: str) -> ir.StringValue:
        return rows[column].cast("string") if column in there else ibis.null("string").cast("string")

    year = rows.year if "year" in there and kind != "split_evidence" else ibis.literal(LATEST, type="int32")
    age = (ibis.literal(LATEST, type="int32") - year).fill_null(LATEST).cast("string").lpad(4, "0")
    held = [text(column).fill_null("") for column in ("source", "year", "quarter", "accumulation") if column in there]
    seat = ibis.null("string").cast("string") if kind == "split_evidence" else ibis.literal("/").join(held)
    revenue = next((rows[name] for name in REVENUES if name in there), ibis.null(MONEY))
    return rows.select(
        "identity", "code", "source",
        own_id="unit_id", kind=ibis.literal(kind), order=ibis.literal(RANKS[kind]) + age, seat=seat,
        revenue=revenue.cast(MONEY), **{field: text(column) for field, column in TOLD.items()},
    )  # fmt: skip
