"""Rows about units: what every kind of source says about the identity of a unit."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.engine.functions import surrogate
from keli.engine.text import normalised

UNIT_KINDS = ("register", "frame", "tax", "annual_return", "quarterly_return", "split_evidence")
REGISTERING_KINDS = ("register", "frame")
MONEY_KINDS = ("tax", "annual_return", "quarterly_return")
NAMING_KINDS = ("register", "frame", "tax", "annual_return")
LEDGER = ("source", "file", "row", "received", "consolidated")


def accepted_rows(context: StageContext, kind: str) -> ir.Table:
    """Accepted rows of one kind that are about a unit, as they came.

    Returns:
        One row for each accepted row; statements on a whole class, which name no unit, are left out.
    """
    rows = context.read(f"accepted_{kind}")
    return rows.filter(rows.uscc.notnull() | rows.name.notnull()) if kind == "split_evidence" else rows


def unique_names(context: StageContext) -> ir.Table:
    """Names that exactly one unit with a code bears, of those that rows without a code ask for.

    Method: exact comparison of normalised names over registers, frames, tax lists and annual returns; a name with
    two codes identifies nobody.

    Returns:
        One row for each such name: `key` (normalised name) and `code`.
    """
    asked = ibis.union(*(_keyed(context, kind, coded=False).select("key") for kind in UNIT_KINDS)).distinct().cache()
    coded = ibis.union(*(_keyed(context, kind, coded=True) for kind in NAMING_KINDS))
    bearers = coded.semi_join(asked, "key").group_by("key").agg(code=coded.uscc.min(), other=coded.uscc.max())
    return bearers.filter(bearers.code == bearers.other).select("key", "code").cache()


def identified_rows(context: StageContext, kind: str, names: ir.Table) -> ir.Table:
    """Accepted rows of one kind with the unit that each is about.

    Method: a valid code is the identity; else the code of the one unit that bears exactly this name; else the
    normalised name; a row whose name is empty is a unit by itself.

    Args:
        context: The stage's room.
        kind: Kind of source.
        names: One row for each name that identifies a unit with a code.

    Returns:
        The columns of the accepted rows with `kind`, `identity`, `code` and `unit_id`.
    """
    rows = accepted_rows(context, kind)
    # Rows with a code need no name to be found by: they stay out of the join.
    keyed = rows.mutate(kind=ibis.literal(kind), key=ibis.cases((rows.uscc.isnull(), normalised(rows.name))))
    bearers = names.rename(named="key", named_code="code")
    joined = keyed.left_join(bearers, keyed.key == bearers.named)
    code = ibis.coalesce(joined.uscc, joined.named_code)
    place = joined.source + "/" + joined.file + "/" + joined.row.cast("string")
    identity = ibis.coalesce("code:" + code, "name:" + joined.key, "row:" + place)
    found = joined.mutate(code=code, identity=identity).drop("key", "named", "named_code")
    return found.mutate(unit_id=surrogate(found.identity))


def linked_rows(rows: ir.Table, moved: ir.Table) -> ir.Table:
    """Rows with the unit that each is about, after what the machine linked and people decided.

    Args:
        rows: Rows identified by exact keys.
        moved: One row for each identity that belongs to another unit than its own: `own_id`, `unit_id`, `identity`,
            `code`.

    Returns:
        The rows; `linked` says that another row than this one gave the unit its number.
    """
    units = moved.select(own_id="own_id", new_id="unit_id", new_identity="identity", new_code="code")
    joined = rows.left_join(units, rows.unit_id == units.own_id)
    linked = joined.new_id.notnull()
    found = joined.mutate(
        unit_id=ibis.coalesce(joined.new_id, joined.unit_id),
        identity=ibis.coalesce(joined.new_identity, joined.identity),
        code=ibis.ifelse(linked, joined.new_code, joined.code),
        linked=linked,
    )
    return found.drop("own_id", "new_id", "new_identity", "new_code")


def unit_rows(rows: ir.Table, moved: ir.Table) -> ir.Table:
    """The unit of every accepted row.

    Args:
        rows: Rows of all kinds identified by exact keys, one for each accepted row.
        moved: One row for each identity that belongs to another unit than its own.

    Returns:
        One row for each accepted row about units; `match` is unregistered where the unit stands in no register and
        no frame, else linked, decided, code or name.
    """
    joined = rows.left_join(moved, rows.unit_id == moved.own_id, rname="{name}_moved")
    told = joined.select(
        "source", "kind", "file", "row", "uscc", "match", "probability", own_id="unit_id",
        unit_id=ibis.coalesce(joined.unit_id_moved, joined.unit_id),
    )  # fmt: skip
    registered = told.filter(told.kind.isin(REGISTERING_KINDS)).select("unit_id").distinct()
    match = ibis.cases(
        (~told.unit_id.isin(registered.unit_id), "unregistered"), (told.match.notnull(), told.match),
        (told.uscc.notnull(), "code"), else_="name",
    )  # fmt: skip
    return told.select("source", "kind", "file", "row", "unit_id", "own_id", "probability", match=match)


def _keyed(context: StageContext, kind: str, *, coded: bool) -> ir.Table:
    rows = accepted_rows(context, kind)
    chosen = rows.filter(rows.uscc.notnull() if coded else rows.uscc.isnull())
    # A null key joins with nothing: it needs no filter, which would normalise every name twice.
    return chosen.select(key=normalised(chosen.name), uscc=chosen.uscc)
