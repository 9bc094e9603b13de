"""Text, names and choices."""

from __future__ import annotations

import ibis

from keli.line.sources.cleaning.reading_of import NO_RULE, Cell, Facts, Reading, first_problem, named_where


def read_text(cell: Cell, facts: Facts) -> Reading:  # noqa: ARG001
    """Text as tidied."""
    return Reading(cell.text)


def read_choice(cell: Cell, facts: Facts) -> Reading:  # noqa: ARG001
    """One of the choices of the column, from its code (in any case) or one of its words."""
    words = {word.lower(): choice for choice, others in cell.column.values for word in (choice, *others)}
    choice = cell.text.lower().substitute(words, else_=NO_RULE)
    known = cell.text.isin([choice for choice, _ in cell.column.values])
    unknown = cell.text.notnull() & choice.isnull()
    removed = cell.column.unknown == "remove"
    value = choice if cell.column.default is None else ibis.coalesce(choice, ibis.literal(cell.column.default))
    repairs = [named_where(choice.notnull() & ~known, "choice_word")]
    if removed:
        repairs.append(named_where(unknown, "unknown_choice_removed"))
        return Reading(value, tuple(repairs))
    return Reading(value, tuple(repairs), first_problem((unknown, "unknown_choice")))
