"""Classify: industry and size of every unit in every year, and the register counts that follow."""

from __future__ import annotations

from keli.engine.context import StageContext
from keli.line.classify.activity import with_code, with_confidence, with_core, with_recodes
from keli.line.classify.declared import with_declared_code
from keli.line.classify.leaves import enterprise_leaves
from keli.line.classify.sizes import with_size_class

NAME = "classify"
READS = ("units", "unit_period", "returns", "revenue_bases")
WRITES = ("unit_activity", "enterprise_leaves")
STEPS = 2


def run(context: StageContext) -> None:
    """Write the activity of every unit in every year, and the counts of enterprises."""
    context.report.expect(STEPS)
    periods = context.read("unit_period")
    units = with_code(context, with_declared_code(context, periods.select("unit_id", "period")))
    units = with_core(context.catalogue, with_confidence(context, units))
    units = with_recodes(with_size_class(context, units))
    activities = context.write("unit_activity", units)
    context.report.step("industry and size")
    context.write("enterprise_leaves", enterprise_leaves(periods, activities))
    context.report.step("enterprise counts")
