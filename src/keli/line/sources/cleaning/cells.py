"""Cells of a source read by the type of their column: delivered text, value, repairs and problem side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce

import ibis
import ibis.expr.types as ir

from keli.base.quantities import YUAN_IN
from keli.line.sources.cleaning.codes import (
    read_activity,
    read_area,
    read_gbt_code,
    read_subdistrict,
    read_uscc,
)
from keli.line.sources.cleaning.dates import read_date
from keli.line.sources.cleaning.money import read_money
from keli.line.sources.cleaning.numbers import read_number, read_quarter, read_share, read_year
from keli.line.sources.cleaning.reading_of import Cell, Facts, Reading, named_where
from keli.line.sources.cleaning.text import read_choice, read_text
from keli.line.sources.cleaning.tidy import tidied
from keli.line.sources.raw import FILE, MALFORMED, ROW
from keli.model.source_kinds import SourceColumn, SourceKind
from keli.model.workspace import Source

READERS: dict[str, Callable[[Cell, Facts], Reading]] = {
    "text": read_text,
    "name": read_text,
    "choice": read_choice,
    "money": read_money,
    "number": read_number,
    "share": read_share,
    "year": read_year,
    "quarter": read_quarter,
    "date": read_date,
    "uscc": read_uscc,
    "gbt_code": read_gbt_code,
    "activity": read_activity,
    "area": read_area,
    "subdistrict": read_subdistrict,
}
DEFAULT_UNIT, YUAN = "_default", "元"
TIDY, VALUE, FIRED, PROBLEM = "__tidy", "__value", "__fired", "__problem"


def given_columns(source: Source, kind: SourceKind) -> tuple[SourceColumn, ...]:
    """Return the canonical columns that a source maps or gives as constants, in the order of the kind."""
    return tuple(column for column in kind.columns if column.name in {*source.columns, *source.constants})


def tidied_cells(raw: ir.Table, source: Source, kind: SourceKind, facts: Facts) -> ir.Table:
    """Return the rows with the tidied text of every cell beside the delivered one.

    Args:
        raw: Raw rows: file_, row_, malformed_ and the mapped columns as text.
        source: The source; its constants become columns.
        kind: Its kind.
        facts: Rules and catalogue.

    Returns:
        One row a raw row; for each column its delivered text, <column>__tidy and <column>__fired.
    """
    constants = {name: ibis.literal(str(value)) for name, value in source.constants.items()}
    rows = raw.mutate(**{name: ibis.ifelse(raw[MALFORMED].isnull(), text, None) for name, text in constants.items()})
    cells: dict[str, ir.Value] = {}
    for column in given_columns(source, kind):
        text = tidied(rows[column.name], column.type, facts.book)
        cells |= {column.name: rows[column.name], column.name + TIDY: text.text, column.name + FIRED: text.fired}
    return rows.select(FILE, ROW, MALFORMED, **cells)


def read_cells(rows: ir.Table, source: Source, kind: SourceKind, facts: Facts) -> ir.Table:
    """Return the rows with the value, the repairs and the problem of every cell.

    Args:
        rows: Tidied cells.
        source: The source.
        kind: Its kind.
        facts: Rules and catalogue.

    Returns:
        One row a raw row; for each column its delivered text, <column>__value (typed), <column>__fired (names of the
        rules that repaired it) and <column>__problem (the rule that holds the row back); for each rule on whole rows
        a Boolean column of its name.
    """
    cells: dict[str, ir.Value] = {}
    for column in given_columns(source, kind):
        cell = Cell(rows[column.name + TIDY], column, _factor(column, source), source.received.year)
        reading = READERS[column.type](cell, facts)
        cells |= {
            column.name: rows[column.name],
            column.name + VALUE: reading.value.cast(column.engine_type),
            column.name + FIRED: _fired(rows[column.name + FIRED], reading),
            column.name + PROBLEM: _problem(rows, column, reading, source),
        }
    return rows.select(FILE, ROW, MALFORMED, **cells, **dict(_row_problems(rows, source, kind, facts)))


def _factor(column: SourceColumn, source: Source) -> int:
    unit = source.units.get(column.name, source.units.get(DEFAULT_UNIT, YUAN))
    return int(YUAN_IN[unit])


def _fired(before: ir.ArrayValue, reading: Reading) -> ir.ArrayValue:
    if not reading.repairs:
        return before
    own = ibis.array(list(reading.repairs)).filter(lambda name: name.notnull())
    any_own = ibis.coalesce(*reading.repairs).notnull()
    nothing = ibis.literal([], type="array<string>")
    return ibis.ifelse(any_own, ibis.coalesce(before, nothing).concat(own), before)


def _problem(rows: ir.Table, column: SourceColumn, reading: Reading, source: Source) -> ir.StringValue:
    whole, text = rows[MALFORMED].isnull(), rows[column.name + TIDY]
    problem = ibis.ifelse(whole, reading.problem, None)
    if column.required:
        problem = ibis.coalesce(named_where(whole & text.isnull(), "missing_value"), problem)
    if column.name == "uscc":
        nameless = rows["name" + TIDY].isnull() if _has(source, "name") else ibis.literal(value=True)
        problem = ibis.coalesce(named_where(text.notnull() & reading.value.isnull() & nameless, "invalid_code"), problem)
    return problem.cast("string")


def _row_problems(
    rows: ir.Table, source: Source, kind: SourceKind, facts: Facts
) -> Iterator[tuple[str, ir.BooleanValue]]:
    whole = rows[MALFORMED].isnull()
    yield "malformed_row", ~whole
    for rule, columns in kind.one_of:
        empty = [rows[name + TIDY].isnull() for name in columns if _has(source, name)]
        yield rule, reduce(lambda one, other: one & other, empty, whole)
    order = facts.book.others["exit_before_entry"].settings
    if _has(source, order["first"]) and _has(source, order["last"]):
        first, last = rows[order["first"] + TIDY], rows[order["last"] + TIDY]
        yield "exit_before_entry", (last < first).fill_null(value=False)


def _has(source: Source, column: str) -> bool:
    return column in source.columns or column in source.constants
