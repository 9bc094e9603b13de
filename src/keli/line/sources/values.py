"""Rows with typed values: sound cells read as they stand, doubtful ones as their rules left them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY
from keli.line.sources.cleaning.cells import Given
from keli.line.sources.cleaning.money import FACTOR
from keli.line.sources.cleaning.reading_of import NEVER, Facts
from keli.line.sources.raw import FILE, MALFORMED, ROW

VALUE, ODD, AFTER = "__value", "__odd", "__after"
REFUSED, CHANGED, CODE_REMOVED = "refused_", "changed_", "code_removed_"


def valued_rows(raw: ir.Table, cells: ir.Table, given: Sequence[Given], odd: frozenset[str], facts: Facts) -> ir.Table:
    """Return the rows of one source with typed values.

    Args:
        raw: Raw rows with constants.
        cells: Doubtful cells of the source, read.
        given: Columns of the source.
        odd: Canonical columns that have doubtful cells.
        facts: Rules and catalogue.

    Returns:
        One row a raw row; for each column its delivered text and <column>__value; refused_ (a cell is held back),
        changed_ (a named rule changed a cell), code_removed_, and a Boolean column for each rule on whole rows.
    """
    rows = raw.left_join(_by_row(cells, odd), [FILE, ROW]).drop(f"{FILE}_right", f"{ROW}_right")
    values: dict[str, ir.Value] = {}
    for one in given:
        name = one.column.name
        values[name] = rows[name]
        values[name + VALUE] = _value(rows, one, odd)
    flags = {flag: rows[flag].fill_null(NEVER) for flag in (REFUSED, CHANGED, CODE_REMOVED)}
    rows = rows.select(FILE, ROW, MALFORMED, **values, **flags)
    return rows.mutate(**_row_rules(rows, given, facts))


def _by_row(cells: ir.Table, odd: frozenset[str]) -> ir.Table:
    """Doubtful cells side by side, one row a row of the source that has any."""
    sides: dict[str, Any] = {}
    for name in sorted(odd):
        mine = cells.name == name
        sides[name + ODD] = mine.any()
        sides[name + AFTER] = cells.after.max(where=mine)
    return cells.group_by(FILE, ROW).aggregate(
        **{
            REFUSED: cells.problem.notnull().any(),
            CHANGED: (cells.rules.length() > 0).any(),
            CODE_REMOVED: ((cells.name == "uscc") & cells.after.isnull() & (cells.rules.length() > 0)).any(),
        },
        **sides,
    )


def _value(rows: ir.Table, one: Given, odd: frozenset[str]) -> ir.Value:
    name, kind = one.column.name, one.column.engine_type
    text = rows[name].nullif("")
    value = _yuan(text, one) if one.column.type == "money" else text.try_cast(kind)
    if name in odd:
        value = ibis.ifelse(rows[name + ODD].fill_null(NEVER), rows[name + AFTER].try_cast(kind), value)
    if one.column.default is not None:
        value = ibis.coalesce(value, ibis.literal(one.column.default, type=kind))
    return value


def _yuan(text: ir.StringValue, one: Given) -> ir.DecimalValue:
    """Yuan of a sound amount. Its 18 digits lie where the unit needs them: the engine reads more of them slowly."""
    places = len(str(one.factor)) + 1
    number = text.try_cast(f"decimal(18,{places})").cast(f"decimal(28,{places})")
    yuan = (number * ibis.literal(one.factor, type=FACTOR)).cast(MONEY)
    return -yuan if one.negated else yuan


def _row_rules(rows: ir.Table, given: Sequence[Given], facts: Facts) -> dict[str, ir.BooleanValue]:
    """Rules on whole rows; those on missing values ask only rows whose cells can all be read."""
    whole = rows[MALFORMED].isnull()
    readable = whole & ~rows[REFUSED]
    names = {one.column.name for one in given}
    rules: dict[str, ir.BooleanValue] = {"malformed_row": ~whole}
    if "uscc" in names:
        nameless = rows["name" + VALUE].isnull() if "name" in names else ibis.literal(value=True)
        rules["invalid_code"] = whole & rows[CODE_REMOVED] & nameless
        readable = readable & ~rules["invalid_code"]
    for rule, columns in given[0].kind.one_of:
        empty = [rows[name + VALUE].isnull() for name in columns if name in names]
        rules[rule] = reduce(lambda one, other: one & other, empty, readable)
    order = facts.book.others["exit_before_entry"].settings
    if {order["first"], order["last"]} <= names:
        rules["exit_before_entry"] = (rows[order["last"] + VALUE] < rows[order["first"] + VALUE]).fill_null(NEVER)
    return rules
