"""Units: all rows about one unit become one unit, each attribute from the best source that has it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.text import normalised
from keli.line.link.precedence import order_of
from keli.line.link.rows import LEDGER, MONEY_KINDS, REGISTERING_KINDS
from keli.model.catalogue import Catalogue

ATTRIBUTES = {
    "name": "string",
    "unit_type": "string",
    "registration_type": "string",
    "established": "date",
    "cancelled": "date",
    "registered_capital": "decimal(18,2)",
    "scope": "string",
    "gbt_code": "string",
    "subdistrict": "string",
    "address": "string",
    "parent_uscc": "string",
    "holder": "string",
}
SOURCED = (
    "name", "unit_type", "ownership", "established", "cancelled", "registered_capital", "scope", "gbt_code",
    "subdistrict", "address",
)  # fmt: skip
UNKNOWN = "_U"
LOCAL_ACTIVITY, LEGAL, INDIVIDUAL = "local_activity", "legal", "individual"
# GB 32100-2015: the second character is the kind of organisation; 92 is an individual business.
INDIVIDUAL_PREFIX = "92"


def attribute_rows(rows: ir.Table, kind: str) -> ir.Table:
    """Rows of one kind in the shape that units are merged from.

    Registers and frames describe units; other kinds give a name only, since their facts belong to a year.

    Args:
        rows: Identified rows of the kind.
        kind: Kind of source.
    """
    told = set(rows.columns) if kind in REGISTERING_KINDS else {"name"}
    columns = {name: rows[name] if name in told else ibis.null(type_).cast(type_) for name, type_ in ATTRIBUTES.items()}
    return rows.select("kind", "unit_id", "identity", "code", "linked", *LEDGER, **columns)


def merged_units(rows: ir.Table, ranks: ir.Table) -> ir.Table:
    """One row for each unit, every attribute with the source that it comes from.

    Method: for each attribute the first row that has a value, by rank of its file, then from top to bottom; rows
    that were linked, having neither the code nor the exact name, speak after all others.

    Args:
        rows: Rows in the shape of `attribute_rows`, one for each accepted row.
        ranks: Rank of every file for every attribute.

    Returns:
        One row for each unit: attributes, `<attribute>_source`, `registered`, `consolidated`.
    """
    ranked = rows.inner_join(ranks, ["source", "file"])
    values: dict[str, ir.Value] = {}
    for attribute in ATTRIBUTES:
        order, told = order_of(ranked, attribute), ranked[attribute].notnull()
        values[attribute] = ranked[attribute].argmin(order, where=told)
        values[f"{attribute}_source"] = ranked.source.argmin(order, where=told)
    return ranked.group_by("unit_id").agg(
        identity=ranked.identity.min(),
        uscc=ranked.code.min(),
        registered=ranked.kind.isin(REGISTERING_KINDS).any(),
        consolidated=is_consolidated(ranked),
        **values,
    )


def is_consolidated(rows: ir.Table) -> ir.BooleanValue:
    """Whether all money figures about a unit are those of a consolidated group, as an aggregate over its rows."""
    money = rows.kind.isin(MONEY_KINDS)
    return (money & rows.consolidated).any() & ~(money & ~rows.consolidated).any()


def with_unit_type(units: ir.Table) -> ir.Table:
    """Add the type of unit where no source tells it.

    Method: a unit with a parent is a local activity unit, the code of an individual business makes an individual, every
    other unit is a legal unit.

    Args:
        units: One row for each unit, with `parent_uscc`.
    """
    with_parent = units.parent_uscc.notnull() & (units.parent_uscc != units.uscc.fill_null(""))
    derived = ibis.cases(
        (with_parent, LOCAL_ACTIVITY), (units.uscc.startswith(INDIVIDUAL_PREFIX), INDIVIDUAL), else_=LEGAL
    )
    return units.mutate(unit_type=ibis.coalesce(units.unit_type, derived))


def with_ownership(units: ir.Table, catalogue: Catalogue) -> ir.Table:
    """Add the ownership group of the registration type, given by code or official name; else unknown.

    Args:
        units: One row for each unit.
        catalogue: Registration types and their ownership groups.
    """
    types = [
        {"told": text, "group": group}
        for code, group in sorted(catalogue.registration_types.items())
        for text in (code, catalogue.registration[code].name_zh)
    ]
    groups = ibis.memtable(types, schema={"told": "string", "group": "string"})
    # Two types may bear one name at two levels; they lie in one group.
    known = groups.group_by(type_key=normalised(groups.told)).agg(ownership=groups.group.min())
    keyed = units.mutate(type_text=normalised(units.registration_type))
    joined = keyed.left_join(known, keyed.type_text == known.type_key)
    source = ibis.cases((joined.ownership.notnull(), joined.registration_type_source))
    found = joined.mutate(ownership=joined.ownership.fill_null(UNKNOWN), ownership_source=source)
    return found.drop("type_text", "type_key", "registration_type", "registration_type_source")
