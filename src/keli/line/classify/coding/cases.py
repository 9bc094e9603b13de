"""Work that is left to people: units that nobody could code surely, declared codes in doubt; and what they decided."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from keli.line.classify.coding.decided import LIST, OPEN, SEPARATOR, unit_case
from keli.line.classify.declared import CLASS_LENGTH
from keli.line.classify.origins import CODER, DIVISION, NONE, SCOPE_PHRASE

# Origins of a code that nobody declared and nobody decided on.
UNDECLARED = (SCOPE_PHRASE, CODER, NONE)
EMPTY = ibis.null("string")


def queue(activities: ir.Table, periods: ir.Table, units: ir.Table, told: ir.Table, decided: ir.Table) -> ir.Table:
    """Units of the district that have no class of four digits in their last year there, and no declared code.

    Args:
        activities: `unit_activity`.
        periods: `unit_period`.
        units: `units`.
        told: `code_opinions`.
        decided: Of `decided_cases`.

    Returns:
        Rows of `coding_cases`, the likeliest of the core first.
    """
    here = periods.filter(periods.in_district).select("unit_id", "period", "area")
    life = here.group_by("unit_id").agg(period=here.period.max())
    standing = activities.inner_join(here, ["unit_id", "period"]).inner_join(life, ["unit_id", "period"])
    coarse = standing.origin.isin(UNDECLARED) & (standing.gbt_code.fill_null("").length() < CLASS_LENGTH)
    open_ones = standing.filter(coarse).select("unit_id", "area", "gbt_code")
    open_ones = open_ones.inner_join(units.select("unit_id", "name", "scope"), "unit_id")
    open_ones = open_ones.mutate(case_id=unit_case(open_ones.unit_id))
    cases = open_ones.anti_join(decided.filter(decided.closed), "case_id")
    opinion = told.select("unit_id", "probability", "code_2", "code_3", "p_core", proposed="code")
    cases = cases.left_join(opinion, "unit_id").drop("unit_id_right")
    failed = decided.filter(~decided.closed).select("case_id", "answer", failed="received")
    cases = cases.left_join(failed, "case_id").drop("case_id_right")
    note = ibis.cases((cases.failed.notnull(), _no_code(cases)))
    rows = cases.mutate(list=ibis.literal(LIST), decision=ibis.literal(OPEN), corrected=EMPTY, note=note)
    return rows.drop("answer", "failed").order_by([ibis.desc("p_core", nulls_first=False), "unit_id"])


def _no_code(cases: ir.Table) -> ir.StringValue:
    """Why a decision could not be used."""
    return "decided " + cases.failed.cast("string") + ': "' + cases.answer + '" is no code of GB/T 4754-2017'


def doubts(told: ir.Table, decided: ir.Table, core: ir.Table, rules: dict[str, Any]) -> ir.Table:
    """Declared codes with which the coder disagrees strongly.

    Args:
        told: `code_opinions`.
        decided: Of `decided_cases`.
        core: Classes of the core: `core_code`.
        rules: `least_probability` of the coder's division, `largest_declared_share` of the declared one.

    Returns:
        Rows of `code_doubts`.
    """
    other = told.declared_code.substr(0, DIVISION) != told.code.substr(0, DIVISION)
    sure = told.probability >= rules["least_probability"]
    doubted = told.filter(other & sure & (told.declared_share <= rules["largest_declared_share"]))
    doubted = doubted.mutate(case_id=unit_case(doubted.unit_id) + SEPARATOR + doubted.declared_code)
    open_ones = doubted.anti_join(decided.filter(decided.closed), "case_id")
    classes = core.select("core_code").distinct()
    declared, found = classes.view(), classes.view()
    joined = open_ones.left_join(declared, open_ones.declared_code == declared.core_code)
    joined = joined.rename(declared_in="core_code").left_join(found, joined.code == found.core_code)
    return joined.select(
        "unit_id", "case_id", "period", "declared_code", "declared_origin", "declared_share", "code", "probability",
        "p_core", declared_core=joined.declared_in.notnull(), code_core=joined.core_code.notnull(),
    ).order_by("unit_id")  # fmt: skip


def coded_units(units: ir.Table, decided: ir.Table) -> ir.Table:
    """Units whose code a person found right, with their texts: what a coder is trained on.

    Args:
        units: `units`.
        decided: Of `decided_cases`.

    Returns:
        Rows of `coded_units`; of two cases of a unit the one decided last.
    """
    right = decided.filter(decided.code.notnull())
    latest = right.group_by("unit_id").agg(
        received=right.received.max(), code=right.code.argmax(right.received.cast("string") + right.case_id)
    )
    texts = units.select("unit_id", "scope", "name")
    return latest.inner_join(texts, "unit_id").order_by("unit_id")
