"""Dates."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from keli.line.sources.cleaning.reading_of import Cell, Facts, Reading, Working, first_problem, named_where

ISO = r"^\d{4}-\d{2}-\d{2}$"


def read_date(cell: Cell, facts: Facts) -> Working:
    """Day of the calendar, also from a spreadsheet's day number.

    A date that cannot be read holds the row back where every row needs it; elsewhere it is emptied by name.
    """
    serial = facts.book.others["excel_serial_date"].settings
    bounds = facts.book.others["unreadable_date_removed"].settings
    part = yield {
        "days": cell.text.re_extract(serial["pattern"], 1).try_cast("int32"),
        "day": ibis.ifelse(cell.text.re_search(ISO), cell.text, None).try_cast("date"),
    }
    counted = ibis.literal(serial["epoch"], type="date") + part.days.as_interval("D")
    # the sum of a day and an interval is a point in time on the engine, whatever Ibis thinks of it
    both = yield {"any_day": ibis.coalesce(part.day, counted.cast("timestamp").cast("date"))}
    last = yield {"read": _within(both.any_day, bounds)}
    unreadable = cell.text.notnull() & last.read.isnull()
    from_serial = named_where(part.days.notnull() & last.read.notnull(), "excel_serial_date")
    removed = named_where(unreadable & ~cell.required, "unreadable_date_removed")
    return Reading(last.read, (from_serial, removed), first_problem((unreadable & cell.required, "unreadable_date")))


def _within(day: ir.DateValue, bounds: dict[str, Any]) -> ir.DateValue:
    return ibis.ifelse(day.year().between(bounds["minimum_year"], bounds["maximum_year"]), day, None)
