"""Annual returns whose amounts are all in the wrong unit, found by payroll per head."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY
from keli.line.sources.cleaning.cells import Given
from keli.line.sources.cleaning.money import EXACT, FACTOR, MONEY_BOUND
from keli.line.sources.cleaning.reading_of import Facts
from keli.line.sources.values import VALUE

KIND, NEEDS = "annual_return", {"payroll", "employees"}
SMALL, LARGE = "scale_1000", "scale_10000"
SCALED = "scaled_"
MULTIPLIER, AMOUNT = "decimal(9,4)", "decimal(26,8)"


def mended_scale(rows: ir.Table, given: Sequence[Given], facts: Facts) -> ir.Table:
    """Return the rows with all amounts mended where payroll per head is plausible only in another unit.

    Method: payroll / employees outside the band of the parameter, and inside it once all amounts are multiplied or
    divided by 1000 or 10000; where both fit, the one nearer to the geometric middle of the band.

    Args:
        rows: Rows with typed values.
        given: Columns of the source.
        facts: Rules and catalogue.

    Returns:
        The rows with scaled_, the name of the rule that mended them (empty elsewhere).
    """
    names = {one.column.name for one in given}
    if given[0].kind.name != KIND or not names >= NEEDS:
        return rows.mutate(**{SCALED: ibis.null("string")})
    amounts = [one.column.name for one in given if one.column.type == "money"]
    band = facts.catalogue.parameter(facts.book.setting(SMALL, "parameter")).at(given[0].source.received.year)
    rows = rows.mutate(multiplier_=_multiplier(rows, amounts, band, facts))
    small, large = _factors(facts)
    rule = ibis.cases(
        (rows.multiplier_.isin(list(small)), SMALL), (rows.multiplier_.isin(list(large)), LARGE), else_=None
    )
    mended = {one.column.name + VALUE: _times(rows, one) for one in given if one.column.type == "money"}
    return rows.mutate(**{SCALED: rule.cast("string")}, **mended).drop("multiplier_")


def _factors(facts: Facts) -> tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal]]:
    """Multiplier up and down of the small and of the large factor."""
    small, large = (Decimal(facts.book.setting(rule, "factor")) for rule in (SMALL, LARGE))
    return (small, 1 / small), (large, 1 / large)


def _multiplier(rows: ir.Table, amounts: list[str], band: dict[str, float], facts: Facts) -> ir.DecimalValue:
    """What all amounts of a row are multiplied by; empty where they stay."""
    heads = rows["employees" + VALUE]
    a_head = rows["payroll" + VALUE].cast("float64") / ibis.ifelse(heads > 0, heads, None)
    largest = ibis.greatest(*(rows[name + VALUE].abs().fill_null(0) for name in amounts)).cast("float64")
    middle = float(band["min"]) * float(band["max"])
    outside = (a_head > 0) & ~a_head.between(band["min"], band["max"])
    branches = []
    for small, large in zip(*_factors(facts), strict=True):
        in_small, in_large = (
            outside & (a_head * float(by)).between(band["min"], band["max"]) & (largest * float(by) < MONEY_BOUND)
            for by in (small, large)
        )
        product = a_head * float(small) * a_head * float(large)
        large_nearer = (product < middle) if large > 1 else (product > middle)
        branches.append((in_large & (~in_small | large_nearer), ibis.literal(large, type=MULTIPLIER)))
        branches.append((in_small, ibis.literal(small, type=MULTIPLIER)))
    return ibis.cases(*branches, else_=ibis.null(MULTIPLIER))


def _times(rows: ir.Table, one: Given) -> ir.DecimalValue:
    """The amount mended, from the text as delivered where it is a plain number: its value is rounded already."""
    name = one.column.name
    signed = -one.factor if one.negated else one.factor
    delivered = (rows[name].try_cast(EXACT) * ibis.literal(signed, type=FACTOR)).try_cast(AMOUNT)
    exact = ibis.coalesce(delivered, rows[name + VALUE].cast(AMOUNT))
    mended = ibis.ifelse(rows[name + VALUE].isnull(), None, exact * rows.multiplier_)
    return ibis.ifelse(rows.multiplier_.isnull(), rows[name + VALUE], mended.round(2).cast(MONEY))
