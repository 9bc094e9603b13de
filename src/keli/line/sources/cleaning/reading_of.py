"""What a tidied text says: its value, the rules that repaired it, or the rule that holds it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.model.catalogue import Catalogue
from keli.model.rules import RuleBook
from keli.model.source_kinds import SourceColumn

NO_RULE = ibis.null("string")


@dataclass(frozen=True)
class Cell:
    """One column that is read.

    Args:
        text: Tidied text; empty where the cell holds nothing.
        column: The canonical column.
        factor: Yuan in the unit of a money column.
        year: Year of receipt, for dated parameters.
    """

    text: ir.StringValue
    column: SourceColumn
    factor: int
    year: int


@dataclass(frozen=True)
class Reading:
    """The value of a column, the names of the rules that repaired it, and the rule that holds it back, if any."""

    value: ir.Value
    repairs: tuple[ir.StringValue, ...] = ()
    problem: ir.StringValue = NO_RULE


@dataclass(frozen=True)
class Facts:
    """What cleaning goes by: the rules and the catalogue."""

    book: RuleBook
    catalogue: Catalogue


def named_where(condition: ir.BooleanValue, rule: str) -> ir.StringValue:
    """Return the name of a rule where the condition holds, else nothing."""
    return ibis.ifelse(condition, rule, NO_RULE)


def first_problem(*branches: tuple[Any, str]) -> ir.StringValue:
    """Return the name of the first rule whose condition holds, else nothing."""
    return ibis.cases(*branches, else_=NO_RULE)
