"""Numbers, shares, years and quarters."""

from __future__ import annotations

from typing import Any

import ibis

from keli.line.sources.cleaning.reading_of import Cell, Facts, Reading, first_problem, named_where

PLAIN_NUMBER = r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$"
PERCENT = 100


def read_number(cell: Cell, facts: Facts) -> Reading:  # noqa: ARG001
    """Count, weight or index as a binary number."""
    value = ibis.ifelse(cell.text.re_search(PLAIN_NUMBER), cell.text, None).try_cast("float64")
    bounds: list[tuple[Any, str]] = []
    if cell.column.non_negative:
        bounds.append((value < 0, "negative_value"))
    if cell.column.positive:
        bounds.append((value <= 0, "not_positive"))
    problem = first_problem((cell.text.notnull() & value.isnull(), "not_a_number"), *bounds)
    return Reading(value, (), problem)


def read_share(cell: Cell, facts: Facts) -> Reading:
    """Share of one, from a share or a percentage."""
    pattern = facts.book.setting("percent", "pattern")
    is_percent = cell.text.re_search(pattern)
    plain = ibis.ifelse(cell.text.re_search(PLAIN_NUMBER), cell.text, None).try_cast("float64")
    value = ibis.ifelse(is_percent, cell.text.re_extract(pattern, 1).try_cast("float64") / PERCENT, plain)
    problem = first_problem(
        (cell.text.notnull() & value.isnull(), "not_a_number"),
        ((value < 0) | (value > 1), "share_out_of_range"),
    )
    return Reading(value, (named_where(is_percent, "percent"),), problem)


def read_year(cell: Cell, facts: Facts) -> Reading:
    """Reference year."""
    value = cell.text.try_cast("int32")
    settings = facts.book.others["year_out_of_range"].settings
    problem = first_problem(
        (cell.text.notnull() & (value.isnull() | ~cell.text.re_search("^[0-9]+$")), "not_a_year"),
        (~value.between(settings["minimum"], settings["maximum"]), "year_out_of_range"),
    )
    return Reading(value, (), problem)


def read_quarter(cell: Cell, facts: Facts) -> Reading:  # noqa: ARG001
    """Quarter 1 to 4."""
    value = ibis.ifelse(cell.text.re_search("^[1-4]$"), cell.text, None).try_cast("int32")
    return Reading(value, (), first_problem((cell.text.notnull() & value.isnull(), "not_a_quarter")))
