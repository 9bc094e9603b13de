"""Cells that are in order as delivered: one cheap test a column, so that only the others are looked into."""

from __future__ import annotations

from collections.abc import Callable

import ibis.expr.types as ir

from keli.line.sources.cleaning.codes import (
    activity_codes,
    area_codes,
    gbt_classes,
    is_one_of,
    is_valid_uscc,
    subdistrict_codes,
)
from keli.line.sources.cleaning.reading_of import Facts
from keli.model.catalogue import Catalogue
from keli.model.source_kinds import SourceColumn

MONEY_DIGITS = 16
CODES: dict[str, Callable[[Catalogue], set[str]]] = {
    "gbt_code": gbt_classes,
    "activity": activity_codes,
    "subdistrict": subdistrict_codes,
    "area": area_codes,
}
DECIMALS = r"(\.[0-9]{1,10})?"


def is_sound(text: ir.StringValue, column: SourceColumn, factor: int, facts: Facts) -> ir.BooleanValue:
    """Tell whether a text that is not empty is in order as it stands: no rule would change or refuse it.

    Args:
        text: Text as delivered.
        column: Its canonical column.
        factor: Yuan in the unit of the column.
        facts: Rules and catalogue.
    """
    codes = _codes(column, facts)
    if codes is not None:
        return is_one_of(text, codes)
    if column.type == "uscc":
        return is_valid_uscc(text)
    plain = text.re_search(_pattern(column, factor, facts))
    if column.type == "date":
        bounds = facts.book.others["unreadable_date_removed"].settings
        within = text.between(f"{bounds['minimum_year']}-01-01", f"{bounds['maximum_year']}-12-31")
        return plain & within & text.try_cast("date").notnull()
    if column.type == "year":
        bounds = facts.book.others["year_out_of_range"].settings
        return plain & text.between(str(bounds["minimum"]), str(bounds["maximum"]))
    return plain


def _pattern(column: SourceColumn, factor: int, facts: Facts) -> str:
    if column.type == "money":
        # as many digits as stay below the bound in yuan; a zero capital is left to its rule
        digits = MONEY_DIGITS - len(str(factor)) + (1 if factor > 1 else 0)
        first = "[1-9]" if column.name in facts.book.setting("zero_capital_blank", "columns") else "[0-9]"
        sign = "" if column.non_negative else "-?"
        return f"^{sign}{first}[0-9]{{0,{digits - 2}}}{DECIMALS}$"
    if column.type == "number":
        return f"^[1-9][0-9]{{0,14}}{DECIMALS}$" if column.positive else f"^[0-9]{{1,15}}{DECIMALS}$"
    if column.type == "share":
        return r"^(0(\.[0-9]+)?|1(\.0+)?)$"
    return facts.book.plain[column.type]


def _codes(column: SourceColumn, facts: Facts) -> set[str] | None:
    if column.type == "choice":
        return {choice for choice, _ in column.values}
    known = CODES.get(column.type)
    return None if known is None else known(facts.catalogue)
