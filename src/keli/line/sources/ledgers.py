"""What became of every row: accepted rows, the quarantine, the list of repairs."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from keli.line.sources.cleaning.cells import Given
from keli.line.sources.frames import in_wgs84
from keli.line.sources.judged import HELD, REPAIRED, row_rules
from keli.line.sources.raw import FILE, MALFORMED, ROW
from keli.line.sources.scale import KIND as SCALED_KIND
from keli.line.sources.scale import SCALED
from keli.line.sources.values import VALUE
from keli.model.rules import RuleBook
from keli.model.source_kinds import SourceColumn

SHOWN_CHARACTERS = 500


def accepted_rows(rows: ir.Table, given: Sequence[Given]) -> ir.Table:
    """Return the rows that go on, in the columns of accepted_<kind>.

    Args:
        rows: Judged rows of one source.
        given: Columns of the source.
    """
    source, kind = given[0].source, given[0].kind
    names = {one.column.name for one in given}
    values = {
        column.name: rows[column.name + VALUE] if column.name in names else _absent(column) for column in kind.columns
    }
    return rows.filter(~rows[HELD]).select(
        source=ibis.literal(source.name),
        file=rows[FILE],
        row=rows[ROW],
        received=ibis.literal(source.received, type="date"),
        consolidated=ibis.literal(source.consolidated),
        repaired=rows[REPAIRED],
        **in_wgs84(values, source.coordinates),
    )


def problems_of_cells(cells: ir.Table) -> ir.Table:
    """Return the problems of cells.

    Args:
        cells: Doubtful cells of all sources, read.
    """
    refused = cells.filter(cells.problem.notnull())
    return refused.select(
        source=refused.source,
        file=refused[FILE],
        row=refused[ROW],
        column=refused["head"],
        value=_shown(refused.before),
        rule=refused.problem,
    )


def problems_of_rows(rows: ir.Table, given: Sequence[Given]) -> ir.Table:
    """Return the problems of whole rows.

    Args:
        rows: Judged rows of one source.
        given: Columns of the source.
    """
    rules = [ibis.ifelse(rows[rule], rule, None).cast("string") for rule in row_rules(rows, given)]
    held = rows.filter(rows[HELD]).mutate(rule=ibis.array(rules).filter(lambda rule: rule.notnull()))
    about_code = {one.column.name: one.head for one in given}.get("uscc", "")
    code = held["uscc"] if about_code else ibis.literal("")
    problems = held.select(
        source=ibis.literal(given[0].source.name),
        file=held[FILE],
        row=held[ROW],
        rule=held.rule.unnest(),
        code=code,
        text=held[MALFORMED],
    )
    is_code = problems.rule == "invalid_code"
    return problems.select(
        "source",
        "file",
        "row",
        column=ibis.ifelse(is_code, about_code, ""),
        value=_shown(ibis.ifelse(is_code, problems.code, problems.text)),
        rule=problems.rule,
    )


def with_reasons(problems: ir.Table, book: RuleBook) -> ir.Table:
    """Return problems with the reason and the suggestion of their rules."""
    reasons = {rule.name: rule.description for rule in book.held_back()}
    suggestions = {rule.name: rule.suggestion for rule in book.held_back()}
    return problems.mutate(reason=problems.rule.substitute(reasons), suggestion=problems.rule.substitute(suggestions))


def repairs_of_cells(cells: ir.Table, repaired: ir.Table) -> ir.Table:
    """Return the values that named rules changed, in the rows that go on.

    Args:
        cells: Doubtful cells of all sources, read.
        repaired: source, file_ and row_ of the repaired rows.
    """
    changed = cells.filter(cells.rules.length() > 0).semi_join(repaired, ["source", FILE, ROW])
    return changed.select(
        source=changed.source,
        file=changed[FILE],
        row=changed[ROW],
        column=changed["head"],
        before=_shown(changed.before),
        after=_shown(changed.after),
        rule=changed.rules.unnest(),
    )


def repairs_of_scale(rows: ir.Table, given: Sequence[Given]) -> list[ir.Table]:
    """Return the amounts that the rule on wrong units changed, a table for each money column.

    Args:
        rows: Judged rows of one source.
        given: Columns of the source.
    """
    if given[0].kind.name != SCALED_KIND:
        return []
    mended = rows.filter(rows[SCALED].notnull() & ~rows[HELD])
    return [
        mended.filter(mended[one.column.name + VALUE].notnull()).select(
            source=ibis.literal(one.source.name),
            file=mended[FILE],
            row=mended[ROW],
            column=ibis.literal(one.head),
            before=_shown(mended[one.column.name]),
            after=_shown(mended[one.column.name + VALUE].cast("string")),
            rule=mended[SCALED],
        )
        for one in given
        if one.column.type == "money"
    ]


def repaired_keys(rows: ir.Table, given: Sequence[Given]) -> ir.Table:
    """Return source, file_ and row_ of the repaired rows of one source."""
    return rows.filter(rows[REPAIRED]).select(FILE, ROW, source=ibis.literal(given[0].source.name))


def _absent(column: SourceColumn) -> ir.Value:
    return ibis.literal(column.default, type=column.engine_type)


def _shown(text: ir.StringValue) -> ir.StringValue:
    return text.fill_null("").substr(0, SHOWN_CHARACTERS)
