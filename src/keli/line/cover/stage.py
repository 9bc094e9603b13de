"""Cover: who belongs on the above-scale list and is missing, what people are to settle, how complete the list is."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.line.cover.cases.codes import cases_of_codes
from keli.line.cover.cases.duplicates import cases_of_duplicates
from keli.line.cover.cases.leaving import cases_of_the_frame
from keli.line.cover.cases.missing import cases_outside_the_frame
from keli.line.cover.cases.places import cases_of_places
from keli.line.cover.cases.suspects import cases_of_suspects
from keli.line.cover.checked_codes import checked_codes
from keli.line.cover.leaves import contributor_rows, leaf_rows, marked, reaching_rows
from keli.line.cover.reach import tested_units
from keli.line.cover.reclassified import alerts, reclassified_values, recoded_units
from keli.line.cover.worklist import OPEN, work_list

NAME = "cover"
READS = (
    "units", "unit_rows", "unit_links", "superseded", "decisions", "returns", "revenue_bases",
    "accepted_quarterly_return", "unit_period", "unit_activity", "unit_account", "unit_split", "split_coefficients",
    "code_opinions", "code_doubts",
)  # fmt: skip
WRITES = ("unit_reach", "coverage_cases", "coverage_alerts", "coverage_leaves", "coverage_contributors")
STEPS = 4


def run(context: StageContext) -> None:
    """Test the thresholds, list the open cases, reduce what coverage is measured with to leaves."""
    context.report.expect(STEPS)
    reach = context.write("unit_reach", tested_units(context))
    context.report.step("threshold test")
    digital = digital_values(context)
    write_cases(context, reach, digital.filter(digital.period == context.workspace.last_year).drop("period"))
    context.report.step("work lists")
    values = reclassified_values(context, recoded_units(context), digital).cache()
    context.write("coverage_alerts", alerts(context, values, digital))
    context.report.step("reclassification")
    rows = marked(ibis.union(reaching_rows(reach), checked_codes(context), values)).cache()
    context.write("coverage_leaves", leaf_rows(rows))
    context.write("coverage_contributors", contributor_rows(rows))
    context.report.step("leaves")


def digital_values(context: StageContext) -> ir.Table:
    """What each unit has in the headline: one unit and year, `digital_value_added` in yuan."""
    splits = context.read("unit_split")
    return splits.group_by("unit_id", "period").agg(digital_value_added=splits.value_added.sum().cast("decimal(18,2)"))


def write_cases(context: StageContext, reach: ir.Table, value: ir.Table) -> None:
    """Write all cases, and the open ones as a sheet for each subdistrict."""
    found = [
        *cases_outside_the_frame(context, reach, value),
        *cases_of_the_frame(context, reach, value),
        *cases_of_codes(context, value),
        *cases_of_places(context, value),
        *cases_of_duplicates(context),
        *cases_of_suspects(context, value),
    ]
    listed = context.write("coverage_cases", work_list(context, found))
    context.vault.write_sheets("coverage_cases", listed.filter(listed.decision == OPEN), "area")
