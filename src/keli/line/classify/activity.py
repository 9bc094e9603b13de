"""Activity: the industry code of each unit in each year, where it comes from, and what it means for the core."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.line.classify.declared import CLASS_LENGTH
from keli.line.classify.origins import CODER, DECISION, DIVISION, NONE, SCOPE_PHRASE
from keli.line.classify.phrases import phrase_codes
from keli.line.classify.scopes import scope_codes
from keli.model.catalogue import Catalogue

NO = ibis.literal(value=False)


def with_code(context: StageContext, units: ir.Table, told: ir.Table) -> ir.Table:
    """Add code and origin.

    Method: what a person decided; else the declared code; else the class of an official phrase in the scope; else the
    coder's class or division where it is sure enough and within what a phrase says; else the phrase's shorter code.

    Args:
        context: The stage's room.
        units: One row for each unit and year, with `declared`, `declared_origin` and `decided`.
        told: `code_opinions`.

    Returns:
        The rows with `gbt_code`, `origin`, and `sureness`: the coder's probability where the code is its own.
    """
    joined = units.left_join(_phrases(context, units), "unit_id").drop("unit_id_right")
    opinion = told.select("unit_id", "code", "probability", "p_class")
    joined = with_coder_code(context, joined.left_join(opinion, "unit_id").drop("unit_id_right"))
    by_coder = joined.coder_code.notnull() & joined.declared.isnull()
    chosen = joined.mutate(
        gbt_code=ibis.coalesce(joined.decided, joined.declared, joined.coder_code, joined.scope_code),
        origin=ibis.cases(
            (joined.decided.notnull(), DECISION),
            (joined.declared.notnull(), joined.declared_origin),
            (by_coder, CODER),
            (joined.scope_code.notnull(), SCOPE_PHRASE),
            else_=NONE,
        ),
    )
    sureness = ibis.cases((chosen.origin == CODER, chosen.coder_share))
    return chosen.mutate(sureness=sureness).drop(
        "declared",
        "declared_origin",
        "decided",
        "scope_code",
        "code",
        "probability",
        "p_class",
        "coder_code",
        "coder_share",
    )


def _phrases(context: StageContext, units: ir.Table) -> ir.Table:
    """Code of the official phrase in the scope of each unit that has a year without a declared code."""
    undeclared = units.filter(units.declared.isnull()).select("unit_id").distinct()
    told = context.read("units").select("unit_id", "scope").filter(ibis._.scope.notnull())
    asked = told.semi_join(undeclared, "unit_id")
    found = scope_codes(asked.select("scope").distinct(), phrase_codes(context.catalogue))
    return asked.inner_join(found, "scope").select("unit_id", "scope_code")


def with_coder_code(context: StageContext, units: ir.Table) -> ir.Table:
    """Add `coder_code` and `coder_share`: what the coder is sure enough of, as deep as it is.

    Args:
        context: The stage's room.
        units: One row for each unit and year, with `scope_code` and the coder's `code`, `probability`, `p_class`.

    Returns:
        The class where its own probability reaches the confidence and it lies within what a phrase says; the division
        where only that one does and no phrase says anything; nothing where keli.yaml leaves all to people.
    """
    rows = [
        (year, float(context.catalogue.parameter("coding/confidence").at(year))) for year in context.workspace.years
    ]
    least = ibis.memtable(rows, schema={"period": "int32", "least": "float64"})
    joined = units.left_join(least, "period").drop("period_right")
    automatic = ibis.literal(context.workspace.coding_automatic)
    silent = joined.scope_code.isnull()
    within = silent | joined.code.startswith(joined.scope_code.fill_null(""))
    coarse = joined.scope_code.fill_null("").length() < CLASS_LENGTH
    sure = {
        "class": automatic & coarse & within & (joined.p_class >= joined.least),
        "division": automatic & silent & (joined.probability >= joined.least),
    }
    return joined.mutate(
        coder_code=ibis.cases((sure["class"], joined.code), (sure["division"], joined.code.substr(0, DIVISION))),
        coder_share=ibis.cases((sure["class"], joined.p_class), (sure["division"], joined.probability)),
    ).drop("least")


def with_confidence(context: StageContext, units: ir.Table) -> ir.Table:
    """Add the confidence in a code: the coder's own probability, else by origin; an unnamed origin has none.

    Args:
        context: The stage's room.
        units: One row for each unit and year, with `origin` and `sureness`.
    """
    parameter = context.catalogue.parameter("classification/confidence")
    rows = [
        (year, origin, float(share))
        for year in context.workspace.years
        for origin, share in sorted(parameter.at(year).items())
    ]
    shares = ibis.memtable(rows, schema={"period": "int32", "origin": "string", "by_origin": "float64"})
    joined = units.left_join(shares, ["period", "origin"]).drop("period_right", "origin_right")
    return joined.mutate(confidence=ibis.coalesce(joined.sureness, joined.by_origin, 0.0)).drop("sureness", "by_origin")


def core_codes(catalogue: Catalogue) -> ir.Table:
    """Industry classes of the core: `core_code`, `starred`.

    Args:
        catalogue: Memberships of industry classes in the core.
    """
    starred: dict[str, bool] = {}
    for member in catalogue.core_memberships():
        starred[member.gbt_code] = starred.get(member.gbt_code, False) or member.starred
    return ibis.memtable(sorted(starred.items()), schema={"core_code": "string", "starred": "bool"})


def with_core(catalogue: Catalogue, units: ir.Table) -> ir.Table:
    """Add whether the code belongs to the digital-economy core, and whether it is starred there.

    Args:
        catalogue: Memberships of industry classes in the core.
        units: One row for each unit and year, with `gbt_code`.
    """
    codes = core_codes(catalogue)
    joined = units.left_join(codes, units.gbt_code == codes.core_code)
    return joined.mutate(core=joined.core_code.notnull(), starred=joined.starred.fill_null(NO)).drop("core_code")


def with_recodes(units: ir.Table) -> ir.Table:
    """Add whether the class differs from that of the year before; both must be classes of four digits.

    Args:
        units: One row for each unit and year, with `gbt_code`.
    """
    life = ibis.window(group_by="unit_id", order_by="period")
    before = units.mutate(year_before=units.period.lag().over(life), code_before=units.gbt_code.lag().over(life))
    classes = (before.gbt_code.length() == CLASS_LENGTH) & (before.code_before.length() == CLASS_LENGTH)
    known = (before.year_before == before.period - 1) & classes
    recoded = (known & (before.gbt_code != before.code_before)).fill_null(NO)
    return before.mutate(recoded=recoded).drop("year_before", "code_before")
