"""Decisions: which pairs stand, one to one where asked, which records become one unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.engine.linkage.models.levels import Model
from keli.engine.linkage.scoring import level_of
from keli.engine.linkage.steps import Steps


@dataclass(frozen=True)
class Rules:
    """Which pairs stand.

    Args:
        threshold: Least probability.
        one_file: The records are of one file.
        one_to_one: Each record has at most one partner.
    """

    threshold: float
    one_file: bool
    one_to_one: bool


# Odds beyond this are certain; more would overflow a sum.
LARGEST_WEIGHT, DIGITS = 60.0, 9
ENDS = ("left_key", "right_key")


def shared_out(pairs: ir.Table, sure: float) -> ir.Table:
    """Pairs of two files with the probability that is left where a record has several doubtful partners.

    Args:
        pairs: One row for each pair with `probability` and `weight`.
        sure: A pair as probable as this stays as it is: a file may hold a unit twice.

    Method: at most one of the doubtful pairs of a record is right, so that its odds stand against those of all pairs of
    either record.
    """
    odds = 2.0 ** ibis.least(pairs.weight, ibis.literal(LARGEST_WEIGHT))
    rivals = [odds.sum().over(group_by=end, order_by=ENDS, rows=(None, None)) for end in ENDS]
    left = (odds / (1.0 + ibis.greatest(*rivals))).round(DIGITS)
    return pairs.mutate(probability=ibis.ifelse(pairs.probability >= sure, pairs.probability, left))


def one_to_one(steps: Steps, pairs: ir.Table) -> ir.Table:
    """One partner for each record: the best pair first, ties by the order of the files.

    Args:
        steps: Stores intermediate tables.
        pairs: One row for each pair with `probability` and `weight`.
    """
    left, chosen = steps.store(pairs), []
    while True:
        order = (left.weight.round(9).desc(), left.left_key, left.right_key)
        ranked = left.mutate(
            of_left=ibis.row_number().over(group_by="left_key", order_by=order),
            of_right=ibis.row_number().over(group_by="right_key", order_by=order),
        )
        best = steps.store(ranked.filter((ranked.of_left == 0) & (ranked.of_right == 0)).drop("of_left", "of_right"))
        if not int(best.count().execute()):
            break
        chosen.append(best)
        rest = left.anti_join(best, "left_key").anti_join(best, "right_key")
        left = steps.store(rest)
    return steps.store(ibis.union(*chosen)) if len(chosen) > 1 else (chosen[0] if chosen else left)


def with_reason(pairs: ir.Table, model: Model) -> ir.Table:
    """Add `reason`: what agrees and what does not, in words, the fields in the order of the model; and `kin`.

    Units of one group in one building agree like one unit: `kin` says that they may be that, and that nothing which two
    of them cannot share (a date, a telephone) says otherwise.

    Args:
        pairs: One row for each pair with `gamma_<comparison>`.
        model: The comparisons.
    """
    told = [
        level_of(one, pairs[f"gamma_{one.name}"]).cases(
            *((at, level.words or None) for at, level in enumerate(one.levels) if level.words), else_=None
        )
        for one in model.comparisons
        if any(level.words for level in one.levels)
    ]
    reasons = ibis.array([text.cast("string") for text in told]).filter(lambda text: text.notnull())
    kin, own = (_any_level(pairs, model, kind) for kind in ("kin", "own"))
    return pairs.mutate(reason=reasons.join("; "), kin=kin & ~own)


def _any_level(pairs: ir.Table, model: Model, kind: str) -> ir.BooleanValue:
    """A level of this kind holds."""
    found = [
        level_of(one, pairs[f"gamma_{one.name}"]).isin(
            [at for at, level in enumerate(one.levels) if getattr(level, kind)]
        )
        for one in model.comparisons
        if any(getattr(level, kind) for level in one.levels)
    ]
    return reduce(lambda one, two: one | two, found, ibis.literal(False))  # noqa: FBT003


def clusters(steps: Steps, pairs: ir.Table, most: int) -> ir.Table:
    """Records that links make one unit, none of more than `most` records.

    Args:
        steps: Stores intermediate tables.
        pairs: Accepted pairs of one file, with `probability` and `weight`.
        most: Largest number of records of a unit.

    Returns:
        One row for each record with a partner: `unique_id` and `cluster`, the smallest number in it.

    Method: connected components; of a component that is too large the weakest half of the links is taken away, until
    it falls into parts that are small enough.
    """
    links = steps.store(pairs.select("left_key", "right_key", "weight"))
    while True:
        found = _components(steps, links)
        sizes = found.group_by("cluster").agg(size=found.count())
        large = steps.store(found.semi_join(sizes.filter(sizes.size > most), "cluster"))
        if not int(large.count().execute()):
            return found
        inside = links.join(large, links.left_key == large.unique_id).select(*links.columns, "cluster")
        rank = ibis.percent_rank().over(group_by="cluster", order_by=(inside.weight, inside.left_key, inside.right_key))
        weak = inside.mutate(rank=rank)
        half = 0.5
        links = steps.store(links.anti_join(weak.filter(weak.rank < half), ("left_key", "right_key")))


def _components(steps: Steps, links: ir.Table) -> ir.Table:
    """The smallest number that a record reaches over links."""
    both = links.select(one="left_key", two="right_key").union(links.select(one="right_key", two="left_key"))
    both = steps.store(both.union(both.select(one="one", two="one")).distinct())
    label = steps.store(both.select(unique_id="one", cluster="one").distinct())
    while True:
        reached = both.join(label, both.two == label.unique_id)
        new = steps.store(reached.group_by("one").agg(cluster=reached.cluster.min()).rename(unique_id="one"))
        moved = new.join(label, "unique_id", rname="{name}_old")
        if not int(moved.filter(moved.cluster != moved.cluster_old).count().execute()):
            return new
        label = new


def settled(steps: Steps, pairs: ir.Table, limits: Mapping[str, Any], rules: Rules) -> ir.Table:
    """Pairs that stand.

    Args:
        steps: Stores intermediate tables.
        pairs: One row for each pair with `probability` and `weight`.
        limits: linkage/limits.
        rules: Threshold and number of partners.
    """
    strong = pairs if rules.one_file else shared_out(pairs, limits["sure"])
    accepted = steps.store(strong.filter(strong.probability >= rules.threshold))
    return one_to_one(steps, accepted) if rules.one_to_one else accepted
