"""What a tidied text says: its value, the rules that repaired it, or the rule that holds it back."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.model.catalogue import Catalogue
from keli.model.rules import RuleBook

NO_RULE = ibis.null("string")
NEVER = ibis.literal(value=False)


@dataclass(frozen=True)
class Facts:
    """What cleaning goes by: the rules and the catalogue."""

    book: RuleBook
    catalogue: Catalogue


@dataclass(frozen=True)
class Cell:
    """Cells of one type, each with what its column asks for.

    Args:
        text: Tidied text; empty where the cell holds nothing or is of another type.
        factor: Yuan in the unit of the column.
        required: Every row needs the value.
        non_negative: A value below zero is held back.
        positive: A value of zero or below is held back.
        capital: The column is the registered capital.
        words: Kind and column, where words are looked up.
        removes: A word that is no choice is emptied, not held back.
        year: Year of receipt, for dated parameters.
    """

    text: ir.StringValue
    factor: ir.IntegerValue
    required: ir.BooleanValue
    non_negative: ir.BooleanValue
    positive: ir.BooleanValue
    capital: ir.BooleanValue
    words: ir.StringValue
    removes: ir.BooleanValue
    year: ir.IntegerValue


@dataclass(frozen=True)
class Reading:
    """The value of a column, the names of the rules that repaired it, and the rule that holds it back, if any."""

    value: ir.Value
    repairs: tuple[ir.StringValue, ...] = ()
    problem: ir.StringValue = NO_RULE


# A reader yields expressions by name and gets them back as columns, so that each is worked out once.
Working = Generator[dict[str, Any], SimpleNamespace, Reading]


def worked_out(rows: ir.Table, workings: dict[str, Working]) -> tuple[ir.Table, dict[str, Reading]]:
    """Run the readers of all types together: each round of what they yield is one query.

    Args:
        rows: Tidied cells.
        workings: Type -> its reader.

    Returns:
        The rows with the columns that the readers asked for, and the reading of each type.
    """
    readings: dict[str, Reading] = {}
    given: dict[str, Any] = dict.fromkeys(workings)
    while given:
        asked: dict[str, dict[str, Any]] = {}
        for name, columns in given.items():
            try:
                asked[name] = workings[name].send(columns)
            except StopIteration as end:
                readings[name] = end.value
        parts = {f"{name}__{part}": value for name, values in asked.items() for part, value in values.items()}
        rows = rows.mutate(**parts)
        given = {
            name: SimpleNamespace(**{part: rows[f"{name}__{part}"] for part in values})
            for name, values in asked.items()
        }
    return rows, readings


def named_where(condition: ir.BooleanValue, rule: str) -> ir.StringValue:
    """Return the name of a rule where the condition holds, else nothing."""
    return ibis.ifelse(condition, rule, NO_RULE)


def first_problem(*branches: tuple[Any, str]) -> ir.StringValue:
    """Return the name of the first rule whose condition holds, else nothing."""
    return ibis.cases(*branches, else_=NO_RULE)
