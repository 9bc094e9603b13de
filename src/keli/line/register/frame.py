"""Frame: membership of the administrative list of above-scale units (规上), by its dates."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext

NO = ibis.literal(value=False)


def frame_memberships(context: StageContext) -> ir.Table:
    """Memberships of the frame with their units.

    Returns:
        One row for each accepted frame row: `unit_id`, `entry_date`, `exit_date`.
    """
    rows = context.read("unit_rows").filter(ibis._.kind == "frame").select("source", "file", "row", "unit_id")
    linked = context.read("accepted_frame").inner_join(rows, ["source", "file", "row"])
    return linked.select("unit_id", "entry_date", "exit_date")


def frame_years(memberships: ir.Table, years: range) -> ir.Table:
    """Membership of each unit in each year, in the year before and in the year after.

    Method: a unit is a member in a year if it stands on the list on any day of it; the first and the last day
    count.

    Args:
        memberships: One row for each membership.
        years: Years of the account.

    Returns:
        One row for each unit and year: `in_frame`, `in_frame_previous`, `in_frame_next`.
    """
    periods = ibis.memtable({"period": list(years)}, schema={"period": "int32"})
    rows = memberships.cross_join(periods)
    return rows.group_by("unit_id", "period").agg(
        in_frame=_member(rows, rows.period).any(),
        in_frame_previous=_member(rows, rows.period - 1).any(),
        in_frame_next=_member(rows, rows.period + 1).any(),
    )


def with_frame(units: ir.Table, members: ir.Table) -> ir.Table:
    """Add frame membership; a unit that no frame names is no member.

    Args:
        units: One row for each unit and year.
        members: One row for each unit and year with membership.
    """
    joined = units.left_join(members, ["unit_id", "period"]).drop("unit_id_right", "period_right")
    flags = ("in_frame", "in_frame_previous", "in_frame_next")
    return joined.mutate(**{flag: joined[flag].fill_null(NO) for flag in flags})


def _member(rows: ir.Table, year: ir.IntegerValue) -> ir.BooleanValue:
    return (rows.entry_date.year() <= year) & (rows.exit_date.isnull() | (rows.exit_date.year() >= year))
