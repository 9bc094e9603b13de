"""Numbers, shares, years and quarters."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.line.sources.cleaning.reading_of import Cell, Facts, Reading, Working, first_problem, named_where

PLAIN_NUMBER = r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$"
PERCENT = 100


def read_number(cell: Cell, facts: Facts) -> Working:  # noqa: ARG001
    """Count, weight or index as a binary number."""
    part = yield {"number": _plain(cell)}
    problem = first_problem(
        (cell.text.notnull() & part.number.isnull(), "not_a_number"),
        ((part.number < 0) & cell.non_negative, "negative_value"),
        ((part.number <= 0) & cell.positive, "not_positive"),
    )
    return Reading(part.number, (), problem)


def read_share(cell: Cell, facts: Facts) -> Working:
    """Share of one, from a share or a percentage."""
    pattern = facts.book.setting("percent", "pattern")
    part = yield {"is_percent": cell.text.re_search(pattern), "number": _plain(cell)}
    percentage = cell.text.re_extract(pattern, 1).try_cast("float64") / PERCENT
    last = yield {"share": ibis.ifelse(part.is_percent, percentage, part.number)}
    problem = first_problem(
        (cell.text.notnull() & last.share.isnull(), "not_a_number"),
        ((last.share < 0) | (last.share > 1), "share_out_of_range"),
    )
    return Reading(last.share, (named_where(part.is_percent, "percent"),), problem)


def read_year(cell: Cell, facts: Facts) -> Working:
    """Reference year."""
    settings = facts.book.others["year_out_of_range"].settings
    part = yield {"year": ibis.ifelse(cell.text.re_search("^[0-9]+$"), cell.text, None).try_cast("int32")}
    problem = first_problem(
        (cell.text.notnull() & part.year.isnull(), "not_a_year"),
        (~part.year.between(settings["minimum"], settings["maximum"]), "year_out_of_range"),
    )
    return Reading(part.year, (), problem)


def read_quarter(cell: Cell, facts: Facts) -> Working:  # noqa: ARG001
    """Quarter 1 to 4."""
    part = yield {"quarter": ibis.ifelse(cell.text.re_search("^[1-4]$"), cell.text, None).try_cast("int32")}
    return Reading(part.quarter, (), first_problem((cell.text.notnull() & part.quarter.isnull(), "not_a_quarter")))


def _plain(cell: Cell) -> ir.FloatingValue:
    return ibis.ifelse(cell.text.re_search(PLAIN_NUMBER), cell.text, None).try_cast("float64")
