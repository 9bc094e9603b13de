"""Accuracy of codes: which declared codes the coder, or a person, finds wrong."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.engine.functions import MONEY

CONFIRMED, DOUBTED = "UNITS_CODES_CONFIRMED", "UNITS_CODES_DOUBTED"
DECISION = "decision"
CASE = r"^unit/([0-9]{1,19})/([0-9]{2,4})$"
YES = ibis.literal(value=True)


def corrected_codes(context: StageContext) -> ir.Table:
    """Declared codes that a person found wrong: one unit and declared code, with the code that is right.

    Returns:
        `unit_id`, `code_before` (declared), `right`.
    """
    said = context.read("decisions").filter(ibis._.list == "codes", ibis._.decision == "yes")
    told = said.filter(said.case_id.strip().re_search(CASE))
    case = told.case_id.strip()
    return told.select(
        unit_id=case.re_extract(CASE, 1).try_cast("int64"),
        code_before=case.re_extract(CASE, 2),
        right=told.value.strip(),
    )


def checked_codes(context: StageContext) -> ir.Table:
    """Declared codes of the last year in the district that the coder has an opinion on.

    Method: a code is doubted where it is a case of the list of codes (`code_doubts`), or where a person found another
    right; every other code on which the coder has an opinion counts as confirmed, whether the coder agrees or only does
    not disagree strongly.

    Returns:
        One unit: `period`, `area`, `gbt_code` (declared), `holder_id`, `measure`, `value` 1.
    """
    year = context.workspace.last_year
    told = context.read("code_opinions").filter(ibis._.declared_code.notnull(), ibis._.period == year)
    states = context.read("unit_period").filter(ibis._.period == year, ibis._.in_district, ~ibis._.consolidated)
    rows = states.select("unit_id", "period", "area", "holder_id").inner_join(
        told.select("unit_id", gbt_code="declared_code"), "unit_id"
    )
    doubts = context.read("code_doubts").select("unit_id", gbt_code="declared_code")
    wrong = corrected_codes(context).filter(ibis._.right != ibis._.code_before)
    wrong = wrong.select("unit_id", gbt_code="code_before")
    both = doubts.union(wrong, distinct=True).mutate(doubted=YES)
    joined = rows.left_join(both, ["unit_id", "gbt_code"]).drop("unit_id_right", "gbt_code_right")
    return joined.select(
        "unit_id", "period", "area", "gbt_code", "holder_id",
        measure=ibis.ifelse(joined.doubted.notnull(), DOUBTED, CONFIRMED), value=ibis.literal(1).cast(MONEY),
    )  # fmt: skip
