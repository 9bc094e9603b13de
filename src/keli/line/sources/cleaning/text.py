"""Text, names and choices."""

from __future__ import annotations

from keli.line.sources.cleaning.reading_of import NO_RULE, Cell, Facts, Reading, Working, first_problem, named_where


def read_text(cell: Cell, facts: Facts) -> Working:  # noqa: ARG001
    """Text as tidied."""
    yield {}
    return Reading(cell.text)


def read_case_number(cell: Cell, facts: Facts) -> Working:
    """Number of a case as a work list gives it; a plain number was made of it by a spreadsheet."""
    part = yield {"spoiled": cell.text.re_search(facts.book.setting("spoiled_case_number", "pattern"))}
    return Reading(cell.text, (), first_problem((part.spoiled, "spoiled_case_number")))


def read_choice(cell: Cell, facts: Facts) -> Working:
    """One of the choices of the column, from its code (in any case) or one of its words."""
    asked = cell.words + "/" + cell.text.lower()
    part = yield {"choice": asked.substitute(_choices(facts), else_=NO_RULE)}
    unknown = cell.text.notnull() & part.choice.isnull()
    removed = named_where(unknown & cell.removes, "unknown_choice_removed")
    return Reading(part.choice, (removed,), first_problem((unknown & ~cell.removes, "unknown_choice")))


def _choices(facts: Facts) -> dict[str, str]:
    """Kind, column and word -> choice."""
    return {
        f"{kind.name}/{column.name}/{word.lower()}": choice
        for kind in facts.catalogue.sources.values()
        for column in kind.columns
        for choice, words in column.values
        for word in (choice, *words)
    }
