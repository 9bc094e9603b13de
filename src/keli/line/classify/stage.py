"""Classify: industry and size of every unit in every year, and the register counts that follow."""

from __future__ import annotations

import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.line.classify.accounted import accounted_units
from keli.line.classify.activity import core_codes, with_code, with_confidence, with_core, with_recodes
from keli.line.classify.coding import cases
from keli.line.classify.coding.coder import coder_of, coder_row, described
from keli.line.classify.coding.decided import decided_cases, with_decided_codes
from keli.line.classify.coding.opinions import asked_units, opinions
from keli.line.classify.declared import with_declared_code
from keli.line.classify.leaves import enterprise_leaves
from keli.line.classify.sizes import with_size_class
from keli.model.catalogue import Catalogue
from keli.model.workspace import Workspace

NAME = "classify"
READS = ("units", "unit_period", "returns", "revenue_bases", "decisions")
WRITES = (
    "unit_activity", "accounted_units", "enterprise_leaves", "coder", "code_opinions", "coding_cases", "code_doubts",
    "coded_units",
)  # fmt: skip
STEPS = 6


def check(workspace: Workspace, catalogue: Catalogue) -> str:
    """Say what codes the units of a workspace.

    Raises:
        SourceError: Its own coder cannot be read.
    """
    return described(workspace, catalogue)


def run(context: StageContext) -> None:
    """Write the activity of every unit in every year, the counts of enterprises, and the work left to people."""
    context.report.expect(STEPS)
    periods = context.read("unit_period")
    declared = with_declared_code(context, periods.select("unit_id", "period")).cache()
    context.report.step("declared codes")
    told = write_opinions(context, declared)
    context.report.step("opinions of the coder")
    decided = decided_cases(context.read("decisions"), context.catalogue.gbt).cache()
    units = with_code(context, with_decided_codes(declared, decided), told)
    units = with_core(context.catalogue, with_confidence(context, units))
    units = with_recodes(with_size_class(context, units))
    activities = context.write("unit_activity", units)
    context.report.step("industry and size")
    returns, bases = context.read("returns"), context.read("revenue_bases")
    context.write("accounted_units", accounted_units(periods, activities, returns, bases))
    context.report.step("units to account")
    context.write("enterprise_leaves", enterprise_leaves(periods, activities))
    context.report.step("enterprise counts")
    write_cases(context, activities, told, decided)
    context.report.step("cases for people")


def write_opinions(context: StageContext, declared: ir.Table) -> ir.Table:
    """Write what the coder makes of every unit, and which coder it is."""
    coder = coder_of(context.workspace, context.catalogue, context.report.tell)
    context.write_rows("coder", [coder_row(context.workspace, coder)])
    asked = asked_units(context.read("units"), declared, context.read("unit_period")).cache()
    return context.write("code_opinions", opinions(asked, coder, context.catalogue))


def write_cases(context: StageContext, activities: ir.Table, told: ir.Table, decided: ir.Table) -> None:
    """Write the queue, the doubted codes and the decided units."""
    units, rules = context.read("units"), context.catalogue.parameter("coding/doubts").at(context.workspace.last_year)
    context.write("coding_cases", cases.queue(activities, context.read("unit_period"), units, told, decided))
    context.write("code_doubts", cases.doubts(told, decided, core_codes(context.catalogue), rules))
    context.write("coded_units", cases.coded_units(units, decided))
    for sheet in ("coding_cases", "coded_units"):
        context.vault.write_sheet(sheet)
