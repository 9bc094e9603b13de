"""Enterprise leaves: register counts of units and of their events."""

from __future__ import annotations

import ibis.expr.types as ir

LEAF = ("period", "area", "gbt_code", "size_class", "ownership", "status")
UNCLASSIFIED = UNKNOWN_SIZE = "_U"


def enterprise_leaves(periods: ir.Table, activities: ir.Table) -> ir.Table:
    """Register counts by year, area, industry, size, ownership and status.

    Method: counts of the register rest on no money figures, so a registered unit counts even where all that is told of
    its money is a consolidated group's; its size is then unknown, as the group's figures are not its own. A group that
    stands in no register is left out. A unit that moved out is counted in the area that it left.

    Args:
        periods: One row for each unit and year: `unit_period`.
        activities: One row for each unit and year: `unit_activity`.

    Returns:
        One row for each leaf and measure with at least one unit.
    """
    industries = activities.select("unit_id", "period", "gbt_code", "size_class", "recoded")
    units = periods.filter(periods.registered | ~periods.consolidated).inner_join(industries, ["unit_id", "period"])
    units = units.mutate(
        gbt_code=units.gbt_code.fill_null(UNCLASSIFIED),
        size_class=units.consolidated.ifelse(UNKNOWN_SIZE, units.size_class),
    )
    before = periods.select("unit_id", area_left="area", period=(periods.period + 1).cast("int32"))
    leavers = units.filter(units.moved_out).inner_join(before, ["unit_id", "period"])
    leavers = leavers.mutate(area=leavers.area_left)
    staying = units.filter(units.in_district)
    counts = _counted(staying, _events(staying)).union(_counted(leavers, {"MOVES_OUT": leavers.moved_out}))
    return counts.order_by([*LEAF, "measure"])


def _events(units: ir.Table) -> dict[str, ir.BooleanValue]:
    return {
        "UNITS": units.in_district,
        "BIRTHS": units.born,
        "DEATHS": units.died,
        "MOVES_IN": units.moved_in,
        "MOVES_WITHIN": units.moved_within,
        "RECODES": units.recoded,
        "FRAME_UNITS": units.in_frame,
        "FRAME_ENTRIES": units.in_frame & ~units.in_frame_previous,
        "FRAME_EXITS": units.in_frame & ~units.in_frame_next,
    }


def _counted(units: ir.Table, events: dict[str, ir.BooleanValue]) -> ir.Table:
    wide = units.group_by(LEAF).agg(**{measure: event.sum() for measure, event in events.items()})
    long = wide.pivot_longer(list(events), names_to="measure", values_to="units")
    return long.filter(long.units > 0)
