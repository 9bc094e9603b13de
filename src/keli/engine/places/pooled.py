"""Pooled evidence: the area that the words of an address agree on, or none."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from keli.engine.places.gazetteer import ROAD_NUMBER, Gazetteer, found_words
from keli.engine.places.neighbours import neighbour_votes
from keli.engine.places.words import BUILDING, ROAD

NEIGHBOURS = "neighbours"
# Logarithms are summed as integers of this many parts, so that no sum depends on the order of rows.
_PARTS = 1_000_000
NO = ibis.literal(value=False)


def gazetteer_areas(words: ir.Table, gazetteer: Gazetteer, areas: int, rules: dict[str, Any]) -> ir.Table:
    """The area that the known words of each address agree on.

    Method: every known word brings the coded addresses that share it, by area. With all areas equally likely before,
    the chance of an area is proportional to the product over the words of 1 + K c / a: c coded addresses of the word in
    the area, K areas, a the doubt of the kind of word. The best area is taken from the share `accept` on. A road that
    runs through several areas, or is hardly known, never decides alone: it speaks only beside a building or a number.

    Args:
        words: One row for each address and word (`place_words`).
        gazetteer: Counts by place.
        areas: Number of subdistricts of the district.
        rules: Value of the parameter places/evidence.

    Returns:
        One row for each address with an area: `address`, `gazetteer_area`, `share`, `evidence` (the words, in order).
    """
    evidence = _evidence(found_words(words, gazetteer), gazetteer, rules).cache()
    doubt = ibis.cases(*((evidence.kind == kind, float(weight)) for kind, weight in rules["doubt"].items()))
    lift = ((1 + areas * evidence.votes / doubt).ln() * _PARTS).round().cast("int64")
    lifted = evidence.select("address", "area", lift=lift)
    scores = lifted.group_by("address", "area").agg(lift=lifted.lift.sum())
    best = scores.group_by("address").agg(top=scores.lift.max(), gazetteer_area=scores.area.argmax(scores.lift))
    weighed = scores.inner_join(best, "address")
    # Chances against the best area, as integer parts; areas that no word names have a lift of zero.
    parts = (((weighed.lift - weighed.top) / _PARTS).exp() * _PARTS).round().cast("int64")
    pooled = (
        weighed.select("address", "gazetteer_area", "top", parts=parts)
        .group_by("address", "gazetteer_area")
        .agg(named=ibis._.parts.sum(), spoken=ibis._.count(), top=ibis._.top.max())
    )
    silent = (areas - pooled.spoken) * (-pooled.top / _PARTS).exp() * _PARTS
    coded = pooled.mutate(share=(_PARTS / (pooled.named + silent)).round(4))
    coded = coded.filter(coded.share >= rules["accept"]).select("address", "gazetteer_area", "share")
    return coded.inner_join(_told(evidence), "address").select("address", "gazetteer_area", "share", "evidence")


def _evidence(found: ir.Table, gazetteer: Gazetteer, rules: dict[str, Any]) -> ir.Table:
    """Votes of every word: `address`, `kind`, `word`, `area`, `votes`; long roads only beside other evidence."""
    buildings = found.filter(found.kind == BUILDING).select("address", name="known")
    named = buildings.distinct().inner_join(gazetteer.buildings, "name")
    numbers = _number_votes(found, gazetteer, rules)
    firm = ibis.union(
        named.select("address", kind=ibis.literal(BUILDING), word="name", area="area", votes="votes"), numbers
    )
    roads = found.filter(found.kind == ROAD).select("address", name="known").distinct()
    clear = gazetteer.roads.group_by("name").agg(best=ibis._.votes.max(), total=ibis._.votes.sum())
    decides = (clear.best >= clear.total * rules["road_share"]) & (clear.total >= rules["road_count"])
    alone = roads.inner_join(clear.select("name", alone=decides), "name")
    beside = firm.select("address").distinct().mutate(beside=~NO)
    spoken = alone.left_join(beside, "address").drop("address_right")
    spoken = spoken.filter(spoken.alone | spoken.beside.fill_null(NO)).select("address", "name")
    voted = spoken.inner_join(gazetteer.roads, "name")
    return firm.union(voted.select("address", kind=ibis.literal(ROAD), word="name", area="area", votes="votes"))


def _number_votes(found: ir.Table, gazetteer: Gazetteer, rules: dict[str, Any]) -> ir.Table:
    numbered = found.filter((found.kind == ROAD) & found.number.notnull())
    asked = numbered.select("address", "number", name="known").distinct()
    places = asked.select("name", "number").distinct()
    unknown = places.anti_join(gazetteer.road_numbers, ["name", "number"])
    near = neighbour_votes(
        unknown, gazetteer.road_numbers, gap=rules["neighbour_gap"], window=rules["neighbour_window"]
    )
    columns = ("name", "number", "area", "votes")
    said = ibis.union(
        gazetteer.road_numbers.select(*columns).mutate(kind=ibis.literal(ROAD_NUMBER)),
        near.select(*columns).mutate(votes=near.votes.cast("int64"), kind=ibis.literal(NEIGHBOURS)),
    )
    voted = asked.inner_join(said, ["name", "number"])
    word = voted.name + voted.number.cast("string") + "号"
    return voted.select("address", kind="kind", word=word, area="area", votes=voted.votes.cast("int64"))


def _told(evidence: ir.Table) -> ir.Table:
    words = evidence.select("address", "kind", "word").distinct()
    said = words.mutate(said=words.kind + " " + words.word)
    return said.group_by("address").agg(evidence=said.said.group_concat("; ", order_by=said.said))
