"""Linking: from identities by exact keys to the unit of each, as people decided and as the machine finds."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pandas as pd

from keli.engine.context import StageContext
from keli.line.link.likeness import books
from keli.line.link.likeness.choice import LINKED, chosen
from keli.line.link.likeness.decided import LIST, Decided, cases_of, judged
from keli.line.link.likeness.identities import identities, seats_of, some_of, told_rows
from keli.line.link.likeness.machine import likely_pairs

TABLES = ("unit_links", "link_weights", "link_queue", "link_decisions")
BY_MACHINE, BY_PERSON = "linked", "decided"
MOVED = {
    "own_id": "int64", "unit_id": "int64", "identity": "string", "code": "string", "match": "string",
    "probability": "float64",
}  # fmt: skip


def moved_identities(context: StageContext, rows: Mapping[str, ir.Table], decisions: ir.Table) -> ir.Table:
    """Identities that belong to another unit than their own code or name makes; writes the books of the linkage.

    Method: what people decided comes first; then the machine compares identities without a code with all others; a pair
    above the threshold is merged, one in the grey zone is listed.

    Args:
        context: The stage's room.
        rows: Rows by kind, identified by exact keys.
        decisions: Table `decisions`.

    Returns:
        One row for each such identity: `own_id`, `unit_id`, `identity` and `code` of the unit, `match`, `probability`.
    """
    told = told_rows(context, rows)
    if not _something_to_link(told, decisions):
        for table in TABLES:
            context.write_rows(table, [])
        for table in books.SHEETS:
            context.vault.write_sheet(table)
        return _moved_table(context, [])
    known = identities(context, told, "link_identities")
    cases = cases_of(context, decisions)
    decided = judged(cases, some_of(context, known, pd.concat([cases.one, cases.two]).dropna()))
    merged, told = _as_decided(context, known, told, decided)
    context.report.step("identities")
    found = likely_pairs(context, merged)
    context.report.step("links")
    numbers = {*found.pairs.left_id, *found.pairs.right_id, *decided.root, *decided.root.values()}
    some = some_of(context, known, numbers)
    registered = set(some.own_id[some.registered.astype(bool)])
    bounds = context.catalogue.parameter("linkage/line").at(context.workspace.last_year)
    pairs = chosen(found.pairs, seats_of(context, told, numbers), decided.refused, registered, bounds)
    links = books.machine_links(pairs, registered) + books.twice_registered(context, merged, decided.refused)
    links = books.write_links(context, links + books.decided_links(decided.root, registered))
    books.write_queue(context, links, some_of(context, merged, books.named_in(links)))
    books.write_decisions(context, decided)
    context.write_rows("link_weights", found.weights)
    return _moved_table(context, _moved(pairs, decided, some))


def _something_to_link(told: ir.Table, decisions: ir.Table) -> bool:
    """There is an identity without a code that has a name, or a decision on a link."""
    bare = told.filter(told.code.isnull() & told.name.notnull()).limit(1).select(what="name")
    said = decisions.filter(decisions.list == LIST).limit(1).select(what="case_id")
    return int(bare.union(said).count().execute()) > 0


def _as_decided(context: StageContext, known: ir.Table, told: ir.Table, decided: Decided) -> tuple[ir.Table, ir.Table]:
    """Identities and what rows say about them, by the identity that stands."""
    if not decided.root:
        return known, told
    pairs = {"own_id": list(decided.root), "root": list(decided.root.values())}
    root = ibis.memtable(pairs, schema={"own_id": "int64", "root": "int64"})
    joined = told.left_join(root, "own_id")
    named = joined.mutate(own_id=ibis.coalesce(joined.root, joined.own_id)).drop("own_id_right", "root")
    rooted = context.connection.create_view("link_decided", named, overwrite=True)
    return identities(context, rooted, "link_merged"), rooted


def _moved(pairs: pd.DataFrame, decided: Decided, known: pd.DataFrame) -> list[dict[str, object]]:
    """The unit of each identity that has another one than its own."""
    linked = pairs[pairs.outcome == LINKED]
    machine: dict[int, tuple[int, float]] = {}
    for left, right, unit, probability in linked[["left_id", "right_id", "root", "probability"]].itertuples(
        index=False
    ):
        for end in (left, right):
            best = max(probability, machine.get(end, (unit, 0.0))[1])
            machine[end] = (int(unit), best)
    of = {row.own_id: row for row in known.itertuples(index=False)}
    rows = []
    for own in sorted({*machine, *decided.root}):
        root = decided.root.get(own, own)
        unit, probability = machine.get(root, (root, None))
        if unit != own:
            match = BY_PERSON if root != own else BY_MACHINE
            row = {"own_id": own, "unit_id": unit, "match": match, "probability": probability}
            rows.append(row | {"identity": of[unit].identity, "code": of[unit].code})
    return rows


def _moved_table(context: StageContext, rows: list[dict[str, object]]) -> ir.Table:
    columns = {name: [row[name] for row in rows] for name in MOVED}
    return context.connection.create_table("link_moved", ibis.memtable(columns, schema=MOVED), overwrite=True)
