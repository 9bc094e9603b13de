"""Doubtful cells of all sources, one row each: tidied, read, repaired or refused by a named rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.base.quantities import YUAN, YUAN_IN
from keli.line.sources.cleaning.codes import read_activity, read_area, read_gbt_code, read_subdistrict, read_uscc
from keli.line.sources.cleaning.dates import read_date
from keli.line.sources.cleaning.money import read_money
from keli.line.sources.cleaning.numbers import read_number, read_quarter, read_share, read_year
from keli.line.sources.cleaning.reading_of import Cell, Facts, Reading, Working, named_where, worked_out
from keli.line.sources.cleaning.sound import is_sound
from keli.line.sources.cleaning.text import read_case_number, read_choice, read_text
from keli.line.sources.raw import FILE, MALFORMED, ROW
from keli.model.source_kinds import SourceColumn, SourceKind
from keli.model.workspace import Source

READERS: dict[str, Callable[[Cell, Facts], Working]] = {
    "text": read_text,
    "name": read_text,
    "case_number": read_case_number,
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
NUMBER = "column_number"


@dataclass(frozen=True)
class Given:
    """One column that a source delivers, with what its cells are held against.

    Args:
        number: Its number among the columns of all sources.
        source: The source.
        kind: The kind of the source.
        column: The canonical column.
    """

    number: int
    source: Source
    kind: SourceKind
    column: SourceColumn

    @property
    def head(self) -> str:
        """The column as the file names it."""
        return self.source.columns.get(self.column.name, self.column.name)

    @property
    def factor(self) -> int:
        """Yuan in the unit of a money column."""
        return int(YUAN_IN[self.source.stated_unit(self.column.name) or YUAN])

    @property
    def negated(self) -> bool:
        """The file prints the column with the opposite sign."""
        return self.column.name in self.source.negated


def given_columns(sources: Sequence[Source], kinds: dict[str, SourceKind]) -> tuple[Given, ...]:
    """Return the columns that the sources map or give as constants, numbered."""
    pairs = [
        (source, column)
        for source in sources
        for column in kinds[source.kind].columns
        if column.name in {*source.columns, *source.constants}
    ]
    return tuple(Given(number, source, kinds[source.kind], column) for number, (source, column) in enumerate(pairs))


def with_constants(raw: ir.Table, source: Source) -> ir.Table:
    """Return raw rows with the constants of the source as columns of text."""
    whole = raw[MALFORMED].isnull()
    constants = {name: ibis.ifelse(whole, str(value), None) for name, value in source.constants.items()}
    return raw.mutate(**constants)


def doubtful_cells(raw: ir.Table, given: Sequence[Given], facts: Facts) -> ir.Table:
    """Return the cells of one source that are not in order as delivered.

    Args:
        raw: Raw rows with constants.
        given: The columns of the source.
        facts: Rules and catalogue.

    Returns:
        One row a cell: column_number, file_, row_, before.
    """
    whole = raw.filter(raw[MALFORMED].isnull())
    doubts = {f"{one.number}": ~_is_sound(whole[one.column.name], one, facts) for one in given}
    rows = whole.mutate(**doubts)
    rows = rows.filter(reduce(lambda one, other: one | other, (rows[number] for number in doubts)))
    cells = [
        ibis.struct({NUMBER: ibis.literal(one.number, type="int32"), "before": rows[one.column.name]}) for one in given
    ]
    chosen = [ibis.ifelse(rows[f"{one.number}"], cell, None) for one, cell in zip(given, cells, strict=True)]
    found = rows.select(FILE, ROW, cell=ibis.array(chosen).filter(lambda cell: cell.notnull()).unnest())
    return found.select(FILE, ROW, **{NUMBER: found.cell[NUMBER], "before": found.cell["before"]})


def _is_sound(text: ir.StringValue, one: Given, facts: Facts) -> ir.BooleanValue:
    return ibis.ifelse(text == "", not one.column.required, is_sound(text, one.column, one.factor, facts))


def asked_of_columns(given: Sequence[Given], facts: Facts) -> list[dict[str, Any]]:
    """Return what cells are held against, one row a column."""
    capital = facts.book.setting("zero_capital_blank", "columns")
    return [
        {
            NUMBER: one.number,
            "source": one.source.name,
            "name": one.column.name,
            "head": one.head,
            "type": one.column.type,
            "factor": one.factor,
            "required": one.column.required,
            "non_negative": one.column.non_negative,
            "positive": one.column.positive,
            "capital": one.column.name in capital,
            "words": f"{one.kind.name}/{one.column.name}",
            "removes": one.column.unknown == "remove",
            "negated": one.negated,
            "received_year": one.source.received.year,
        }
        for one in given
    ]


def read_cells(tidied: ir.Table, types: frozenset[str], facts: Facts) -> ir.Table:
    """Return what tidied cells say.

    Args:
        tidied: Cells with what they are held against, `tidy` and `fired`.
        types: Types of their columns.
        facts: Rules and catalogue.

    Returns:
        One row a cell: source, file_, row_, name (canonical column), head, before, after (the value as text; empty
        where there is none), rules (names of the rules that repaired it), problem (the rule that holds it back).
    """
    workings = {name: reader(_cell(tidied, name), facts) for name, reader in READERS.items() if name in types}
    rows, readings = worked_out(tidied, workings)
    after = ibis.cases(*((rows.type == name, _text(reading, rows)) for name, reading in readings.items()))
    problem = ibis.cases(*((rows.type == name, reading.problem) for name, reading in readings.items()))
    own = [rule for reading in readings.values() for rule in reading.repairs]
    return rows.select(
        "source",
        FILE,
        ROW,
        "name",
        "head",
        "before",
        after=after.cast("string"),
        rules=rows.fired.concat(_named(own)),
        problem=ibis.coalesce(named_where(rows.required & rows.tidy.isnull(), "missing_value"), problem),
    )


def _named(rules: list[ir.StringValue]) -> ir.ArrayValue:
    if not rules:
        return ibis.literal([], type="array<string>")
    return ibis.array(rules).filter(lambda rule: rule.notnull())


def _cell(rows: ir.Table, column_type: str) -> Cell:
    return Cell(
        ibis.ifelse(rows.type == column_type, rows.tidy, None),
        rows.factor,
        rows.required,
        rows.non_negative,
        rows.positive,
        rows.capital,
        rows.words,
        rows.removes,
        rows.received_year,
    )


def _text(reading: Reading, rows: ir.Table) -> ir.StringValue:
    value = reading.value
    if isinstance(value, ir.DecimalValue):
        value = ibis.ifelse(rows.negated, -value, value)
    return value.cast("string")
