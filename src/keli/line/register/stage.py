"""Register: every unit in every year in which it exists, with area, status, frame membership and events."""

from __future__ import annotations

from keli.engine.context import StageContext
from keli.line.register.areas import with_area
from keli.line.register.cover import units_with_own_figures, with_cover
from keli.line.register.events import with_life, with_moves
from keli.line.register.existence import existing_units, first_years, spoken_years
from keli.line.register.frame import frame_memberships, frame_years, with_frame

NAME = "register"
READS = (
    "units", "unit_rows", "returns", "revenue_bases", "split_evidence", "accepted_register", "accepted_frame",
)  # fmt: skip
WRITES = ("unit_period",)
STEPS = 1


def run(context: StageContext) -> None:
    """Write the state of every unit in every year of the account."""
    context.report.expect(STEPS)
    memberships = frame_memberships(context)
    spoken = spoken_years(context)
    units = existing_units(context, spoken, first_years(context, spoken, memberships))
    units = with_area(context, units)
    units = with_frame(units, frame_years(memberships, context.workspace.years))
    units = with_cover(with_moves(with_life(units)), units_with_own_figures(context))
    context.write("unit_period", units.select(*context.catalogue.tables["unit_period"].column_names))
    context.report.step("units by year")
