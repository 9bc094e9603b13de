"""Amounts: plain numbers in the unit of their column, or with a unit and currency of their own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY
from keli.line.sources.cleaning.reading_of import Cell, Facts, Reading, Working, first_problem, named_where
from keli.model.parameters import Parameter

EXACT = "decimal(28,10)"  # 18 digits before the point: times 亿 it stays within 38 digits
FACTOR = "decimal(9,0)"
EXCHANGED = "decimal(19,6)"  # amount and rate alike, so that the product has 38 digits
WIDE = "decimal(38,10)"
MONEY_BOUND = 10**16


def read_money(cell: Cell, facts: Facts) -> Working:
    """Amount in yuan at two places.

    Method: number x multiple of the unit that stands in the cell, else x unit of the column; a foreign currency x the
    rate of the parameter where one is supplied.
    """
    pattern = facts.book.setting("unit_in_cell", "pattern")
    groups = (("number", 1), ("multiple", 2), ("yuan", 3), ("word", 4))
    parts = yield {part: cell.text.re_extract(pattern, group).nullif("") for part, group in groups}
    unit = yield _unit(parts, cell, facts)
    amount = _number(parts.number) * unit.factor
    rate = yield {"rate": _rate(unit.currency, cell, facts), "amount": amount.cast(WIDE)}
    converted = (rate.amount.try_cast(EXCHANGED) * rate.rate).cast(WIDE)
    yuan = yield {"yuan_amount": ibis.ifelse(unit.currency.isnull(), rate.amount, converted)}
    last = yield {"read": ibis.ifelse(yuan.yuan_amount.abs() < MONEY_BOUND, yuan.yuan_amount, None).try_cast(MONEY)}
    return _judged(cell, last.read, unit, rate.rate.isnull() & unit.currency.notnull())


def _number(text: ir.StringValue) -> ir.DecimalValue:
    """The number that a text writes: 18 digits are read fast, more of them slowly."""
    short = text.re_search(r"^-?[0-9]{1,10}(\.[0-9]{1,8})?$")
    return ibis.ifelse(short, text.try_cast("decimal(18,8)").cast(EXACT), text.try_cast(EXACT))


def _unit(parts: SimpleNamespace, cell: Cell, facts: Facts) -> dict[str, Any]:
    """Whether the text is an amount, whether it has a unit of its own, its factor and its foreign currency."""
    settings = facts.book.others["unit_in_cell"].settings
    currencies = facts.book.setting("foreign_currency_converted", "currencies")
    known = parts.word.isnull() | parts.word.isin([*settings["own_currency"], *currencies])
    is_amount = parts.number.notnull() & known
    own_unit = is_amount & ibis.coalesce(parts.multiple, parts.yuan, parts.word).notnull()
    factors = {text: int(value) for text, value in settings["multiples"].items()}
    return {
        "is_amount": is_amount,
        "own_unit": own_unit,
        "factor": ibis.ifelse(own_unit, parts.multiple.substitute(factors, else_=1), cell.factor).cast(FACTOR),
        "currency": parts.word.substitute(currencies, else_=ibis.null("string")),
    }


def _judged(cell: Cell, value: ir.DecimalValue, unit: SimpleNamespace, refused: ir.BooleanValue) -> Reading:
    """The reading of an amount; `refused` is a foreign currency without a rate."""
    repairs = (
        named_where(unit.own_unit & ~refused, "unit_in_cell"),
        named_where(unit.currency.notnull() & ~refused, "foreign_currency_converted"),
        named_where(refused & cell.capital, "foreign_currency_not_converted"),
        named_where((value == 0) & cell.capital, "zero_capital_blank"),
    )
    problem = first_problem(
        (cell.text.notnull() & ~unit.is_amount, "not_a_number"),
        (unit.is_amount & ~refused & value.isnull(), "money_overflow"),
        ((value < 0) & cell.non_negative, "negative_value"),
        (refused & ~cell.capital, "foreign_currency"),
    )
    return Reading(ibis.ifelse(cell.capital, value.nullif(0), value), repairs, problem)


def _rate(currency: ir.StringValue, cell: Cell, facts: Facts) -> ir.DecimalValue:
    """Yuan for one unit of the currency, by the last entry of the parameter before the year of receipt ends."""
    nothing = ibis.null(EXCHANGED)
    parameter = facts.catalogue.parameters.get(facts.book.setting("foreign_currency_converted", "parameter"))
    branches = [] if parameter is None else list(_rates(parameter, currency, cell))
    return ibis.cases(*branches, else_=nothing) if branches else nothing


def _rates(parameter: Parameter, currency: ir.StringValue, cell: Cell) -> list[tuple[ir.BooleanValue, ir.Value]]:
    return [
        ((currency == code) & (cell.year >= entry.valid_from.year), ibis.literal(rate, type=EXCHANGED))
        for entry in sorted(parameter.values, key=lambda entry: entry.valid_from, reverse=True)
        for code, rate in sorted(entry.value.items())
    ]
