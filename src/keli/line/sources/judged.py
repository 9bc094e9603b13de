"""Rows judged: repetitions found, wrong units of whole returns mended, and who goes on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.line.sources.cleaning.cells import Given
from keli.line.sources.cleaning.reading_of import NEVER, Facts
from keli.line.sources.raw import FILE, ROW
from keli.line.sources.scale import SCALED, mended_scale
from keli.line.sources.values import CHANGED, REFUSED, VALUE

HELD, REPAIRED, DUPLICATE = "held_", "repaired_", "duplicate_row"
SEPARATOR = "\x1f"


def row_rules(rows: ir.Table, given: Sequence[Given]) -> tuple[str, ...]:
    """Return the rules on whole rows that the table has a Boolean column for."""
    groups = (rule for rule, _ in given[0].kind.one_of)
    names = ("malformed_row", "invalid_code", *groups, "exit_before_entry", DUPLICATE)
    return tuple(name for name in names if name in rows.columns)


def judged_rows(rows: ir.Table, given: Sequence[Given], facts: Facts) -> ir.Table:
    """Return the rows with what becomes of them.

    Args:
        rows: Rows with typed values.
        given: Columns of the source.
        facts: Rules and catalogue.

    Returns:
        The rows with held_ (held back), repaired_ (goes on, changed by a named rule), scaled_ (the rule that mended
        the unit of all amounts) and duplicate_row; amounts are the mended ones.
    """
    rows = mended_scale(rows, given, facts)
    flawed = _any([rows[REFUSED], *(rows[rule] for rule in row_rules(rows, given))])
    repeated = _repetitions(rows.filter(~flawed), given)
    rows = rows.mutate(flawed_=flawed)
    rows = rows.left_join(repeated, [FILE, ROW]).drop(f"{FILE}_right", f"{ROW}_right")
    rows = rows.mutate(**{DUPLICATE: rows[DUPLICATE].fill_null(NEVER)})
    held = rows.flawed_ | rows[DUPLICATE]
    return rows.mutate(**{HELD: held, REPAIRED: ~held & (rows[CHANGED] | rows[SCALED].notnull())}).drop("flawed_")


def _any(conditions: list[Any]) -> Any:
    return reduce(lambda one, other: one | other, [condition.fill_null(NEVER) for condition in conditions])


def _repetitions(sound: ir.Table, given: Sequence[Given]) -> ir.Table:
    """Rows in order that say what an earlier one says. Equal hashes are the candidates, equal texts the proof."""
    texts = [sound[one.column.name + VALUE].cast("string").fill_null("") for one in given]
    said = sound.select(FILE, ROW, said=ibis.literal(SEPARATOR).join(texts))
    said = said.mutate(hash=said.said.hash())
    repeated = said.group_by("hash").aggregate(times=said.count()).filter(ibis._.times > 1)
    candidates = said.semi_join(repeated, "hash")
    window = ibis.window(group_by=candidates.said, order_by=[candidates[FILE].cast("string"), candidates[ROW]])
    ranked = candidates.mutate(place=ibis.row_number().over(window))
    return ranked.filter(ranked.place > 0).select(FILE, ROW, **{DUPLICATE: ibis.literal(value=True)})
