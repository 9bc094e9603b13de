"""Dates."""

from __future__ import annotations

import ibis

from keli.line.sources.cleaning.reading_of import Cell, Facts, Reading, first_problem, named_where


def read_date(cell: Cell, facts: Facts) -> Reading:
    """Day of the calendar, also from a spreadsheet's day number.

    A date that cannot be read holds the row back where every row needs it; elsewhere it is emptied by name.
    """
    serial = facts.book.others["excel_serial_date"].settings
    bounds = facts.book.others["unreadable_date_removed"].settings
    is_serial = cell.text.re_search(serial["pattern"])
    days = cell.text.re_extract(serial["pattern"], 1).try_cast("int32")
    counted = ibis.literal(serial["epoch"], type="date") + days.as_interval("D")
    iso = ibis.ifelse(cell.text.re_search(r"^\d{4}-\d{2}-\d{2}$"), cell.text, None).try_cast("date")
    read = ibis.ifelse(is_serial, counted.cast("date"), iso)
    value = ibis.ifelse(read.year().between(bounds["minimum_year"], bounds["maximum_year"]), read, None)
    unreadable = cell.text.notnull() & value.isnull()
    repairs = [named_where(is_serial & value.notnull(), "excel_serial_date")]
    if cell.column.required:
        return Reading(value, tuple(repairs), first_problem((unreadable, "unreadable_date")))
    return Reading(value, (*repairs, named_where(unreadable, "unreadable_date_removed")))
