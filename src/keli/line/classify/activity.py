"""Activity: the industry code of each unit in each year, where it comes from, and what it means for the core."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.line.classify.declared import CLASS_LENGTH
from keli.line.classify.phrases import phrase_codes
from keli.line.classify.scopes import scope_codes
from keli.model.catalogue import Catalogue

SCOPE_PHRASE, NONE = "scope_phrase", "none"
NO = ibis.literal(value=False)


def with_code(context: StageContext, units: ir.Table) -> ir.Table:
    """Add code and origin: the declared code, else the code of the business scope, else none.

    Args:
        context: The stage's room.
        units: One row for each unit and year, with `declared` and `declared_origin`.
    """
    undeclared = units.filter(units.declared.isnull()).select("unit_id").distinct()
    told = context.read("units").select("unit_id", "scope").filter(ibis._.scope.notnull())
    asked = told.semi_join(undeclared, "unit_id")
    found = scope_codes(asked.select("scope").distinct(), phrase_codes(context.catalogue))
    by_unit = asked.inner_join(found, "scope").select("unit_id", "scope_code")
    joined = units.left_join(by_unit, "unit_id").drop("unit_id_right")
    code = ibis.coalesce(joined.declared, joined.scope_code)
    origin = ibis.coalesce(joined.declared_origin, ibis.ifelse(joined.scope_code.notnull(), SCOPE_PHRASE, NONE))
    return joined.mutate(gbt_code=code, origin=origin).drop("declared", "declared_origin", "scope_code")


def with_confidence(context: StageContext, units: ir.Table) -> ir.Table:
    """Add the confidence in a code by its origin; an origin that the parameter does not name has none.

    Args:
        context: The stage's room.
        units: One row for each unit and year, with `origin`.
    """
    parameter = context.catalogue.parameter("classification/confidence")
    rows = [
        (year, origin, float(share))
        for year in context.workspace.years
        for origin, share in sorted(parameter.at(year).items())
    ]
    shares = ibis.memtable(rows, schema={"period": "int32", "origin": "string", "confidence": "float64"})
    joined = units.left_join(shares, ["period", "origin"]).drop("period_right", "origin_right")
    return joined.mutate(confidence=joined.confidence.fill_null(0.0))


def with_core(catalogue: Catalogue, units: ir.Table) -> ir.Table:
    """Add whether the code belongs to the digital-economy core, and whether it is starred there.

    Args:
        catalogue: Memberships of industry classes in the core.
        units: One row for each unit and year, with `gbt_code`.
    """
    starred: dict[str, bool] = {}
    for member in catalogue.core_memberships():
        starred[member.gbt_code] = starred.get(member.gbt_code, False) or member.starred
    codes = ibis.memtable(sorted(starred.items()), schema={"core_code": "string", "starred": "bool"})
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
