"""What became of every row: accepted rows, the quarantine, the list of repairs."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.line.sources.cleaning.cells import FIRED, PROBLEM, VALUE, given_columns
from keli.line.sources.judged import HELD, REPAIRED, row_rules
from keli.line.sources.raw import FILE, MALFORMED, ROW
from keli.line.sources.scale import SCALED
from keli.model.rules import RuleBook
from keli.model.source_kinds import SourceColumn, SourceKind
from keli.model.workspace import Source

SHOWN_CHARACTERS = 500


def accepted_rows(rows: ir.Table, source: Source, kind: SourceKind) -> ir.Table:
    """Return the rows that go on, in the columns of accepted_<kind>.

    Args:
        rows: Judged rows of one source.
        source: The source.
        kind: Its kind.
    """
    given = {column.name for column in given_columns(source, kind)}
    values = {
        column.name: rows[column.name + VALUE] if column.name in given else _absent(column) for column in kind.columns
    }
    return rows.filter(~rows[HELD]).select(
        source=ibis.literal(source.name),
        file=rows[FILE].cast("string"),
        row=rows[ROW],
        received=ibis.literal(source.received, type="date"),
        consolidated=ibis.literal(source.consolidated),
        repaired=rows[REPAIRED],
        **values,
    )


def quarantined(rows: ir.Table, source: Source, kind: SourceKind, book: RuleBook) -> ir.Table:
    """Return every problem of every row that is held back, with reason and suggestion.

    Args:
        rows: Judged rows of one source.
        source: The source.
        kind: Its kind.
        book: The rules.
    """
    held = rows.filter(rows[HELD])
    parts = [
        _problem(held, source, head, held[column.name], held[column.name + PROBLEM])
        for column in given_columns(source, kind)
        for head in [source.columns.get(column.name, column.name)]
    ]
    for rule in row_rules(kind, rows):
        value = held[MALFORMED] if rule == "malformed_row" else ibis.literal("")
        parts.append(_problem(held, source, "", value, ibis.ifelse(held[rule], rule, None)))
    problems = ibis.union(*parts)
    reasons = {rule.name: rule.description for rule in book.held_back()}
    suggestions = {rule.name: rule.suggestion for rule in book.held_back()}
    return problems.mutate(
        reason=problems.rule.substitute(reasons), suggestion=problems.rule.substitute(suggestions)
    )


def repairs(rows: ir.Table, source: Source, kind: SourceKind) -> ir.Table:
    """Return every value that a named rule changed, in the rows that go on.

    Args:
        rows: Judged rows of one source.
        source: The source.
        kind: Its kind.
    """
    kept = rows.filter(rows[REPAIRED])
    parts: list[ir.Table] = []
    for column in given_columns(source, kind):
        changed = kept.filter(kept[column.name + FIRED].length() > 0)
        parts.append(_repair(changed, source, column, changed[column.name + FIRED].unnest()))
        if column.type == "money":
            mended = kept.filter(kept[SCALED].notnull() & kept[column.name + VALUE].notnull())
            parts.append(_repair(mended, source, column, mended[SCALED]))
    return ibis.union(*parts)


def _absent(column: SourceColumn) -> ir.Value:
    return ibis.literal(column.default, type=column.engine_type)


def _problem(
    held: ir.Table, source: Source, head: str, value: ir.StringValue, rule: ir.StringValue
) -> ir.Table:
    return held.filter(rule.notnull()).select(
        source=ibis.literal(source.name),
        file=held[FILE].cast("string"),
        row=held[ROW],
        column=ibis.literal(head),
        value=value.fill_null("").substr(0, SHOWN_CHARACTERS),
        rule=rule,
    )


def _repair(changed: ir.Table, source: Source, column: SourceColumn, rule: ir.StringValue) -> ir.Table:
    before, after = changed[column.name], changed[column.name + VALUE].cast("string")
    return changed.select(
        source=ibis.literal(source.name),
        file=changed[FILE].cast("string"),
        row=changed[ROW],
        column=ibis.literal(source.columns.get(column.name, column.name)),
        before=before.fill_null("").substr(0, SHOWN_CHARACTERS),
        after=after.fill_null("").substr(0, SHOWN_CHARACTERS),
        rule=rule,
    )
