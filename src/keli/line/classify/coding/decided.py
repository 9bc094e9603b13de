"""Decided cases: the codes that people found right."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.line.classify.declared import resolved_codes
from keli.model.codes import CodeList

LIST = "codes"
YES, OPEN = "yes", "open"
# With a word before the number: a spreadsheet keeps it as text and does not cut its last digits.
CASE = r"^unit/([0-9]{1,19})(?:/([0-9]{2,4}))?$"
SEPARATOR = "/"


def unit_case(unit_id: ir.IntegerValue) -> ir.StringValue:
    """Number of the case about a unit."""
    return ibis.literal(f"unit{SEPARATOR}") + unit_id.cast("string")


def decided_cases(decisions: ir.Table, gbt: CodeList) -> ir.Table:
    """What people decided on codes of units.

    A case is a unit without a declared code (unit/1234), or a unit and the declared code in doubt (unit/1234/6513).

    Args:
        decisions: `decisions`.
        gbt: GB/T 4754-2017.

    Returns:
        One row for each case: case_id, unit_id, doubted (the declared code; null where there is none), code (null where
        the decision is no), closed (somebody decided, and yes with a code that exists), answer, received.
    """
    told = decisions.filter((decisions.list == LIST) & (decisions.decision != OPEN))
    told = told.mutate(case=told.case_id.strip())
    told = told.filter(told.case.re_search(CASE)).mutate(
        unit_id=told.case.re_extract(CASE, 1).try_cast("int64"), doubted=told.case.re_extract(CASE, 2).nullif("")
    )
    codes = ibis.memtable(sorted(resolved_codes(gbt).items()), schema={"stated": "string", "resolved": "string"})
    answered = told.mutate(answer=ibis.cases((told.decision == YES, told.value.strip().fill_null(""))))
    joined = answered.left_join(codes, answered.answer == codes.stated)
    closed = joined.answer.isnull() | joined.resolved.notnull()
    return joined.select(
        "unit_id", "doubted", "answer", "received", case_id=joined.case, code=joined.resolved, closed=closed
    )


def with_decided_codes(units: ir.Table, decided: ir.Table) -> ir.Table:
    """Add `decided`: the code that a person found right for a unit in a year.

    A decision on a doubted code holds in the years of that declared code, one on a unit without a code in the years in
    which none is declared: a new declaration is not overruled by an old decision.

    Args:
        units: One row for each unit and year, with `declared`.
        decided: Of `decided_cases`.
    """
    right = decided.filter(decided.code.notnull()).select("unit_id", "doubted", decided="code")
    keyed = right.mutate(about=right.doubted.fill_null("")).drop("doubted")
    asked = units.mutate(about=units.declared.fill_null(""))
    return asked.left_join(keyed, ["unit_id", "about"]).drop("about", "unit_id_right", "about_right")
