"""Rows judged: repetitions found, wrong units of whole returns mended, and who goes on."""

from __future__ import annotations

from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.line.sources.cleaning.cells import FIRED, PROBLEM, VALUE, given_columns
from keli.line.sources.cleaning.reading_of import Facts
from keli.line.sources.raw import FILE, ROW
from keli.line.sources.scale import SCALED, mended_scale
from keli.model.source_kinds import SourceColumn, SourceKind
from keli.model.workspace import Source

HELD, REPAIRED, DUPLICATE = "held_", "repaired_", "duplicate_row"
SEPARATOR = "\x1f"


def row_rules(kind: SourceKind, table: ir.Table) -> tuple[str, ...]:
    """Return the rules on whole rows that the table has a Boolean column for."""
    names = ("malformed_row", *(rule for rule, _ in kind.one_of), "exit_before_entry", DUPLICATE)
    return tuple(name for name in names if name in table.columns)


def judged_rows(rows: ir.Table, source: Source, kind: SourceKind, facts: Facts) -> ir.Table:
    """Return the rows with what becomes of them.

    Args:
        rows: Cells as read.
        source: The source.
        kind: Its kind.
        facts: Rules and catalogue.

    Returns:
        The rows with held_ (held back), repaired_ (goes on, changed by a named rule), scaled_ (the rule that mended
        the unit of all amounts) and duplicate_row; amounts are the mended ones.
    """
    columns = given_columns(source, kind)
    flawed = _any([rows[column.name + PROBLEM].notnull() for column in columns] + [rows[rule] for rule in row_rules(kind, rows)])
    rows = rows.mutate(flawed_=flawed)
    repeated = _repetitions(rows, columns)
    rows = rows.left_join(repeated, [FILE, ROW]).drop(f"{FILE}_right", f"{ROW}_right")
    rows = rows.mutate(**{DUPLICATE: rows[DUPLICATE].fill_null(value=False)})
    rows = mended_scale(rows, columns, source, facts)
    changed = _any([rows[column.name + FIRED].length() > 0 for column in columns] + [rows[SCALED].notnull()])
    held = rows.flawed_ | rows[DUPLICATE]
    return rows.mutate(**{HELD: held, REPAIRED: ~held & changed}).drop("flawed_")


def _any(conditions: list[Any]) -> Any:
    return reduce(lambda one, other: one | other, [condition.fill_null(value=False) for condition in conditions])


def _repetitions(rows: ir.Table, columns: tuple[SourceColumn, ...]) -> ir.Table:
    """Rows in order that say what an earlier one says. Equal hashes are the candidates, equal texts the proof."""
    texts = [rows[column.name + VALUE].cast("string").fill_null("") for column in columns]
    sound = rows.filter(~rows.flawed_).select(FILE, ROW, said=ibis.literal(SEPARATOR).join(texts))
    sound = sound.mutate(hash=sound.said.hash())
    repeated = sound.group_by("hash").aggregate(times=sound.count()).filter(ibis._.times > 1)
    candidates = sound.semi_join(repeated, "hash")
    window = ibis.window(group_by=candidates.said, order_by=[candidates[FILE].cast("string"), candidates[ROW]])
    ranked = candidates.mutate(place=ibis.row_number().over(window))
    return ranked.filter(ranked.place > 0).select(FILE, ROW, **{DUPLICATE: ibis.literal(value=True)})
