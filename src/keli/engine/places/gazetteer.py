"""Gazetteer: for every road, street number and building, how many coded addresses lie in which area."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from keli.engine.places.words import BUILDING, ROAD

ROAD_NUMBER = "road_number"
# A tail of a longer name must be this long to stand for it: 天安数码城 for 车公庙天安数码城, never 中心 for 卓越中心.
_SHORTEST_TAIL = {BUILDING: 4, ROAD: 3}
_ALIAS_ENDING = "(?:大厦|广场|花园|家园|中心|公寓|大楼|工业区|小区|厂房|苑)$"
_LONGEST_NAME = 40
VOTES = {"name": "string", "area": "string", "votes": "int64"}
NUMBER_VOTES = {"name": "string", "number": "int64", "area": "string", "votes": "int64"}


@dataclass(frozen=True)
class Gazetteer:
    """Coded addresses by place and area.

    Args:
        roads: `name`, `area`, `votes`.
        road_numbers: `name`, `number`, `area`, `votes`.
        buildings: `name`, `area`, `votes`.
    """

    roads: ir.Table
    road_numbers: ir.Table
    buildings: ir.Table


def learned_gazetteer(words: ir.Table, labels: ir.Table) -> Gazetteer:
    """Count coded addresses by road, street number and building.

    Args:
        words: One row for each address and word (`place_words`).
        labels: One row for each address: `address`, `area`.

    Returns:
        The counts; an address counts once for each of its words.
    """
    coded = words.inner_join(labels, "address")
    roads = coded.filter(coded.kind == ROAD)
    numbered = roads.filter(roads.number.notnull())
    buildings = coded.filter(coded.kind == BUILDING)
    return Gazetteer(
        roads.group_by("name", "area").agg(votes=roads.address.nunique()),
        numbered.group_by("name", "number", "area").agg(votes=numbered.address.nunique()),
        buildings.group_by("name", "area").agg(votes=buildings.address.nunique()),
    )


def found_words(words: ir.Table, gazetteer: Gazetteer) -> ir.Table:
    """The words that the gazetteer knows.

    Method: the name itself, else its longest tail that is known (深南大道 in 车公庙深南大道), else the same without a
    general ending (赛格广场 in 赛格广场大厦).

    Args:
        words: One row for each address and word.
        gazetteer: Counts by place.

    Returns:
        The rows whose name is known, with `known`: the name in the gazetteer.
    """
    return ibis.union(_found(words, BUILDING, gazetteer.buildings), _found(words, ROAD, gazetteer.roads))


def _found(words: ir.Table, kind: str, votes: ir.Table) -> ir.Table:
    mine = words.filter(words.kind == kind)
    names = mine.select("name").distinct()
    tails = _tails(names, names.name, _SHORTEST_TAIL[kind], 0)
    if kind == BUILDING:
        shorter = names.name.re_replace(_ALIAS_ENDING, "")
        tails = tails.union(_tails(names.filter(shorter != names.name), shorter, _SHORTEST_TAIL[kind], _LONGEST_NAME))
    matched = tails.inner_join(votes.select(tail="name").distinct(), "tail")
    best = matched.group_by("name").agg(known=matched.tail.argmin(matched.rank))
    return mine.inner_join(best, "name").select(*words.columns, "known")


def _tails(names: ir.Table, text: ir.StringValue, shortest: int, rank: int) -> ir.Table:
    """The name and its tails, the longest first; a name too short for tails stands for itself only."""
    starts = ibis.range(0, ibis.greatest(text.length() - shortest, 0) + 1).cast("array<int64>")
    each = names.select("name", text=text, start=starts).unnest("start")
    return each.select("name", tail=each.text.substr(each.start), rank=each.start + rank)
