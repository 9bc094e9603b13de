"""Amounts: plain numbers in the unit of their column, or with a unit and currency of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY
from keli.line.sources.cleaning.reading_of import Cell, Facts, Reading, first_problem, named_where

EXACT = "decimal(28,10)"  # 18 digits before the point: times 亿 it stays within 38 digits
FACTOR = "decimal(9,0)"
BEFORE_EXCHANGE, RATE = "decimal(24,4)", "decimal(14,6)"
MONEY_BOUND = 10**16


@dataclass(frozen=True)
class _Amount:
    """A text taken apart: number, multiple, currency, and whether it is an amount at all."""

    is_amount: ir.BooleanValue
    number: ir.DecimalValue
    own_unit: ir.BooleanValue
    factor: ir.DecimalValue
    currency: ir.StringValue


def read_money(cell: Cell, facts: Facts) -> Reading:
    """Amount in yuan at two places.

    Method: number x multiple of the unit that stands in the cell, else x unit of the column; a foreign currency x the
    rate of the parameter where one is supplied.
    """
    amount = _taken_apart(cell, facts)
    rate = _rate(amount.currency, cell, facts)
    foreign = amount.currency.notnull()
    converted = (amount.number * amount.factor).try_cast(BEFORE_EXCHANGE) * rate
    yuan = ibis.ifelse(foreign, converted.cast("decimal(38,10)"), (amount.number * amount.factor).cast("decimal(38,10)"))
    value = ibis.ifelse(yuan.abs() < MONEY_BOUND, yuan, None).try_cast(MONEY)
    is_capital = cell.column.name in facts.book.setting("foreign_currency_not_converted", "columns")
    refused = foreign & rate.isnull()
    overflow = amount.is_amount & ~refused & value.isnull()
    repairs = [
        named_where(amount.own_unit & ~refused, "unit_in_cell"),
        named_where(foreign & rate.notnull(), "foreign_currency_converted"),
    ]
    if is_capital:
        repairs.append(named_where(refused, "foreign_currency_not_converted"))
        repairs.append(named_where(value == 0, "zero_capital_blank"))
        value = value.nullif(0)
    problem = first_problem(
        (cell.text.notnull() & ~amount.is_amount, "not_a_number"),
        *([] if is_capital else [(refused, "foreign_currency")]),
        (overflow, "money_overflow"),
        *([(value < 0, "negative_value")] if cell.column.non_negative else []),
    )
    return Reading(value, tuple(repairs), problem)


def _taken_apart(cell: Cell, facts: Facts) -> _Amount:
    settings = facts.book.others["unit_in_cell"].settings
    plain = cell.text.try_cast(EXACT)
    odd = ibis.ifelse(plain.isnull(), cell.text, None)  # patterns run on the few texts that are no plain number
    number, multiple, yuan_word, word = (_part(odd, settings["pattern"], group) for group in (1, 2, 3, 4))
    known = [*settings["own_currency"], *_currencies(facts)]
    is_amount = plain.notnull() | (number.notnull() & (word.isnull() | word.isin(known)))
    own_unit = ibis.coalesce(multiple, yuan_word, word).notnull() & is_amount
    factors = {text: int(value) for text, value in settings["multiples"].items()}
    own_factor = multiple.substitute(factors, else_=1)
    return _Amount(
        is_amount,
        ibis.coalesce(plain, number.try_cast(EXACT)),
        own_unit,
        ibis.ifelse(own_unit, own_factor, cell.factor).cast(FACTOR),
        word.substitute(_currencies(facts), else_=ibis.null("string")),
    )


def _part(text: ir.StringValue, pattern: str, group: int) -> ir.StringValue:
    return text.re_extract(pattern, group).nullif("")


def _currencies(facts: Facts) -> dict[str, str]:
    currencies: dict[str, str] = facts.book.setting("foreign_currency_converted", "currencies")
    return currencies


def _rate(currency: ir.StringValue, cell: Cell, facts: Facts) -> ir.DecimalValue:
    """Yuan for one unit of the currency; empty where no rate is supplied."""
    parameter = facts.catalogue.parameters.get(facts.book.setting("foreign_currency_converted", "parameter"))
    rates: dict[str, Any] = {} if parameter is None else parameter.at(cell.year)
    branches = [(currency == code, ibis.literal(rate, type=RATE)) for code, rate in sorted(rates.items())]
    nothing = ibis.null(RATE)
    return ibis.cases(*branches, else_=nothing) if branches else nothing
