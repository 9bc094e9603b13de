"""Declared codes: the GB/T 4754 code that a source states for a unit in a year."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.line.classify.origins import FRAME, REGISTER, RETURN, TAX
from keli.model.codes import CodeList
from keli.model.workspace import Workspace

# Order of the origins where keli.yaml names no precedence for gbt_code.
ORIGIN_RANKS = {RETURN: 0, FRAME: 1, TAX: 2, REGISTER: 3}
CODE_LEVELS = ("division", "group", "class")
CLASS_LENGTH = 4
# A code of two or three digits speaks only where no source states a class; last comes a source that states none.
COARSE, SILENT = 1_000, 1_000_000


def resolved_codes(gbt: CodeList) -> dict[str, str]:
    """Return what each code of two to four digits stands for: its class where it has only one, else itself."""
    codes = [code.code for level in CODE_LEVELS for code in gbt.at_level(level)]
    below = {code: gbt.below(code, "class") for code in codes}
    return {code: classes[0] if len(classes) == 1 else code for code, classes in below.items()}


def with_declared_code(context: StageContext, units: ir.Table) -> ir.Table:
    """Add the code that the best source states, valid codes only.

    Method: a source that keli.yaml names under `precedence` for gbt_code comes first; then return, frame, tax list of
    the year and register; a class comes before a code of two or three digits, whatever the source.

    Args:
        context: The stage's room.
        units: One row for each unit and year.

    Returns:
        The rows with `declared` and `declared_origin`, both empty where no source states a valid code.
    """
    told = units.left_join(_returned(context), ["unit_id", "period"]).drop("unit_id_right", "period_right")
    told = told.left_join(_listed(context), ["unit_id", "period"]).drop("unit_id_right", "period_right")
    told = told.left_join(_seated(context), "unit_id").drop("unit_id_right")
    ranks = {kind: told[f"{kind}_rank"].fill_null(SILENT) for kind in ("return", "tax", "seat")}
    best = ibis.least(*ranks.values())
    states = [(kind, (rank == best) & (best < SILENT)) for kind, rank in ranks.items()]
    chosen = told.mutate(
        declared=ibis.cases(*((says, told[f"{kind}_code"]) for kind, says in states)),
        declared_origin=ibis.cases(*((says, told[f"{kind}_origin"]) for kind, says in states)),
    )
    apart = [f"{kind}_{part}" for kind in ranks for part in ("code", "origin", "rank")]
    return chosen.drop(*apart)


def _returned(context: StageContext) -> ir.Table:
    returns = context.read("returns")
    origin = ibis.literal(RETURN)
    stated = returns.mutate(origin=origin, rank=_rank(context.workspace, returns.source, origin))
    return _valid(context, stated, "return", "unit_id", "period")


def _listed(context: StageContext) -> ir.Table:
    bases = context.read("revenue_bases")
    # Without a tax row the code of the year comes from the quarterly returns.
    origin = ibis.ifelse(bases.taxable_revenue.isnull(), RETURN, TAX)
    named = [name for name in context.workspace.precedence.get("gbt_code", ()) if name in _names(context, TAX)]
    source = ibis.literal(named[0] if named else "")
    stated = bases.mutate(origin=origin, rank=_rank(context.workspace, source, origin))
    return _valid(context, stated, "tax", "unit_id", "period")


def _seated(context: StageContext) -> ir.Table:
    units = context.read("units")
    origin = ibis.ifelse(units.gbt_code_source.isin(_names(context, FRAME)), FRAME, REGISTER)
    stated = units.mutate(origin=origin, rank=_rank(context.workspace, units.gbt_code_source, origin))
    return _valid(context, stated, "seat", "unit_id")


def _names(context: StageContext, kind: str) -> list[str]:
    return [source.name for source in context.workspace.sources_of(kind)]


def _rank(workspace: Workspace, source: ir.StringValue, origin: ir.StringValue) -> ir.IntegerValue:
    named = workspace.precedence.get("gbt_code", ())
    usual = ibis.cases(*((origin == name, rank) for name, rank in ORIGIN_RANKS.items()))
    return (
        ibis.cases(*((source == name, place - len(named)) for place, name in enumerate(named)), else_=usual)
        if named
        else usual
    )


def _valid(context: StageContext, stated: ir.Table, kind: str, *keys: str) -> ir.Table:
    codes = ibis.memtable(
        sorted(resolved_codes(context.catalogue.gbt).items()), schema={"stated": "string", "resolved": "string"}
    )
    valid = stated.inner_join(codes, stated.gbt_code == codes.stated)
    coarse = ibis.ifelse(valid.resolved.length() == CLASS_LENGTH, 0, COARSE)
    columns = {f"{kind}_code": valid.resolved, f"{kind}_origin": valid.origin, f"{kind}_rank": valid["rank"] + coarse}
    return valid.select(*keys, **columns)
