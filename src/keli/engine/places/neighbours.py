"""Neighbours: the area of a street number that is not known, from the known numbers on its side of the road."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def neighbour_votes(asked: ir.Table, known: ir.Table, *, gap: int, window: int) -> ir.Table:
    """The area of street numbers between or beside known numbers.

    Method: even and odd numbers are the two sides of a road. If the nearest known numbers below and above lie within
    `gap` of each other, and both lie in one and the same area, that area; else, if all known numbers within `window`
    lie in one area, that area. Numbers that disagree say nothing.

    Args:
        asked: Street numbers that are not known: `name` (road), `number`.
        known: Coded addresses by street number: `name`, `number`, `area`, `votes`.
        gap: Widest distance between the two neighbours, in street numbers; 0 turns the rule off.
        window: Widest distance of a known number that may speak; 0 turns the rule off.

    Returns:
        One row for each number that has neighbours: `name`, `number`, `area`, `votes`.
    """
    single = known.group_by("name", "number").agg(
        areas=known.area.nunique(), area=known.area.min(), votes=known.votes.sum()
    )
    sides = single.select("name", "areas", "area", "votes", at="number")
    pairs = asked.inner_join(sides, "name")
    pairs = pairs.filter((pairs["at"] - pairs.number) % 2 == 0)
    below, above = pairs["at"] < pairs.number, pairs["at"] > pairs.number
    near = (pairs["at"] - pairs.number).abs() <= window
    said = pairs.mutate(one=ibis.ifelse(pairs.areas == 1, pairs.area, ""))
    told = said.group_by("name", "number").agg(
        low=said["at"].max(where=below),
        high=said["at"].min(where=above),
        low_area=said.one.argmax(said["at"], where=below),
        high_area=said.one.argmin(said["at"], where=above),
        low_votes=said.votes.argmax(said["at"], where=below),
        high_votes=said.votes.argmin(said["at"], where=above),
        near_areas=said.one.nunique(where=near),
        near_area=said.one.min(where=near),
        near_votes=said.votes.sum(where=near),
    )
    between = (told.high - told.low <= gap) & (told.low_area == told.high_area) & (told.low_area != "")
    beside = (told.near_areas == 1) & (told.near_area != "")
    area = ibis.cases((between, told.low_area), (beside, told.near_area))
    votes = ibis.ifelse(between.fill_null(ibis.literal(value=False)), told.low_votes + told.high_votes, told.near_votes)
    found = told.select("name", "number", area=area, votes=votes)
    return found.filter(found.area.notnull())
