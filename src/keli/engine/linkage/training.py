"""Training: the weights of a linkage from the pairs of the files themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isqrt
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis.backends import BaseBackend

from keli.engine.linkage.blocking import Among, candidate_pairs, drawn_share, hashed, pairs_made
from keli.engine.linkage.models.levels import Comparison, Model
from keli.engine.linkage.scoring import given_shares, level_of, scored, splink_settings
from keli.engine.linkage.steps import Steps
from keli.engine.linkage.weights import Bounds, LevelShares, Patterns, Prior, Weights, level_shares, trained_weights

DIGITS = 9
# The shares of lone values and the matches depend on each other: they are found in turns.
LONE_ROUNDS, LEAST_APART = 4, 0.02
# So many pairs outweigh any file: the shares stay as given.
STEADY_PAIRS = 1e15
# Which pairs a pattern was counted in: between the files, or within a file.
BETWEEN, WITHIN = "between", "within"


@dataclass(frozen=True)
class Sizes:
    """Numbers of records: of the left and of the right file; one file is both.

    Args:
        left: Records of the left file.
        right: Records of the right file.
        one_file: There is one file.
        inner: The records of the left file are compared among themselves too.
    """

    left: int
    right: int
    one_file: bool
    inner: bool = False

    @property
    def pairs(self) -> int:
        """Number of pairs that could be compared."""
        inside, between = self.within(0), self.left * self.right
        return inside if self.one_file else between + inside * self.inner

    @property
    def among(self) -> tuple[Among, ...]:
        """Which records are compared."""
        if self.one_file:
            return (Among(0, 0),)
        return (Among(0, 1), Among(0, 0)) if self.inner else (Among(0, 1),)

    @property
    def strange(self) -> tuple[int, ...]:
        """The files whose records are of different units, as good as always."""
        if self.one_file:
            return ()
        return (1,) if self.inner else (0, 1)

    def within(self, side: int) -> int:
        """Number of pairs within a file."""
        records = self.right if side else self.left
        return records * (records - 1) // 2


@dataclass(frozen=True)
class Trainee:
    """What is trained on.

    Args:
        rows: Prepared records.
        keys: Keys of the records.
        pairs: Pairs that share a key.
        model: The comparisons.
        sizes: Numbers of records.
        limits: linkage/limits.
    """

    rows: ir.Table
    keys: Sequence[ir.Table]
    pairs: ir.Table
    model: Model
    sizes: Sizes
    limits: Mapping[str, Any]


def weights_of(connection: BaseBackend, trainee: Trainee) -> Weights:
    """Weights trained on the pairs that share a key and on pairs drawn from the others.

    Method: two records of one file are seldom of the same unit: how often they agree says how often records of
    different units do. With these shares fixed, the pairs between the files give the shares among pairs of the same
    unit. Within one file both are trained together. Of fewer than `least_pairs` pairs nothing is learnt: the given
    weights hold.
    """
    steps = Steps(connection)
    sizes, limits, model = trainee.sizes, trainee.limits, trainee.model
    given = given_shares(model)
    most = min(sizes.left, sizes.right) * (limits["partners"] if sizes.one_file else 1)
    pairs = max(sizes.pairs, 1)
    first = min(limits["largest_share"], limits["share_matched"] * min(sizes.left, sizes.right) / pairs)
    bounds = Bounds(first, min(limits["largest_share"], most / pairs), limits["prior_pairs"])
    if int(trainee.pairs.count().execute()) < limits["least_pairs"]:
        return Weights(first, given, rounds=0)
    patterns = _patterns(connection, steps, trainee, splink_settings(model, first, given, rarity=False))
    steps.close()
    trained = _trained(patterns, given, bounds, trainee)
    # Fewer digits than the machine has: the same files give the same weights on every machine.
    rounded = {
        name: LevelShares(tuple(_rounded(x) for x in one.same), tuple(_rounded(x) for x in one.different))
        for name, one in trained.levels.items()
    }
    return replace(trained, share_same=_rounded(trained.share_same), levels=rounded)


def _trained(
    patterns: Mapping[str, Patterns], given: Mapping[str, LevelShares], bounds: Bounds, trainee: Trainee
) -> Weights:
    """Weights from the patterns; between two files the shares among different units come from within the files."""
    if WITHIN not in patterns:
        return _trained_alone(patterns[BETWEEN], given, bounds, trainee)
    first = {name: one.different for name, one in given.items()}
    limits = trainee.limits
    within = level_shares(patterns[WITHIN], first, Prior(limits["prior_share"], limits["prior_most"]))
    fixed = {name: replace(one, different=within[name]) for name, one in given.items()}
    trained = trained_weights(patterns[BETWEEN], fixed, bounds, fixed=True)
    for _ in range(LONE_ROUNDS):
        fixed = {
            one.name: replace(fixed[one.name], different=_lone_shares(one, within[one.name], trained, trainee.sizes))
            for one in trainee.model.comparisons
        }
        trained = trained_weights(patterns[BETWEEN], fixed, bounds, fixed=True)
    return trained


def _trained_alone(patterns: Patterns, given: Mapping[str, LevelShares], bounds: Bounds, trainee: Trainee) -> Weights:
    """Weights of one file: trained together for persons; for firms all pairs say how often different units agree."""
    if not trainee.model.steady:
        return trained_weights(patterns, given, bounds)
    limits = trainee.limits
    first = {name: one.different for name, one in given.items()}
    found = level_shares(patterns, first, Prior(limits["prior_share"], limits["prior_most"]))
    fixed = {
        one.name: replace(
            given[one.name],
            different=tuple(
                min(share, level.different) if level.lawful else share
                for level, share in zip(one.levels, found[one.name], strict=True)
            ),
        )
        for one in trainee.model.comparisons
    }
    return trained_weights(patterns, fixed, replace(bounds, prior_pairs=STEADY_PAIRS), fixed=True)


def _lone_shares(comparison: Comparison, within: Sequence[float], trained: Weights, sizes: Sizes) -> tuple[float, ...]:
    """Shares among different units where a value that no other record bears is less often shared than within a file.

    Two units that share a value meet alone only where neither is in the other file with that value.
    """
    matches, same = trained.share_same * sizes.pairs, trained.levels[comparison.name].same
    shares = []
    for place, (level, share) in enumerate(zip(comparison.levels, within, strict=True)):
        kept = sum(same[: place + 2])
        apart = (1 - kept * min(1, matches / sizes.left)) * (1 - kept * min(1, matches / sizes.right))
        shares.append(share * max(LEAST_APART, apart) if level.lone else share)
    return tuple(shares)


def _patterns(
    connection: BaseBackend, steps: Steps, trainee: Trainee, settings: Mapping[str, Any]
) -> dict[str, Patterns]:
    """Patterns of levels of all pairs, from those that share a key and a draw of the others."""
    sizes, limits = trainee.sizes, trainee.limits
    number = max(int(trainee.pairs.count().execute()), 1)
    share = min(1.0, limits["training_pairs"] / number)
    groups = [(BETWEEN, 0, 0 if sizes.one_file else 1, sizes.pairs, trainee.pairs, 1.0)]
    for side in sizes.strange:
        inside = min(share, limits["training_pairs"] / max(1, pairs_made(trainee.keys, side)))
        own = candidate_pairs(Steps(connection), trainee.keys, Among(side, side, inside))
        groups.append((WITHIN, side, side, sizes.within(side), own, inside))
    parts, totals = [], []
    for place, (_, left, right, all_pairs, found, drawn_of) in enumerate(groups):
        chosen = found.filter(drawn_share(found.left_key, share)) if share < 1 else found
        drawn = _drawn(trainee.rows, left, right, limits["sample_pairs"] // len(groups)).anti_join(
            found, ("left_key", "right_key")
        )
        for shares_key, table in ((True, chosen), (False, drawn)):
            parts.append(table.select("left_key", "right_key", part=ibis.literal(2 * place + shares_key)))
        sharing = int(found.count().execute()) / drawn_of
        totals += [max(0.0, all_pairs - sharing), sharing]
    every = steps.store(ibis.union(*parts))
    levels = scored(connection, steps, trainee.rows, every, settings, {})
    counted = _counted(levels.join(every, ("left_key", "right_key")), trainee.model)
    pairs_of_part = counted.groupby("part")["number_of_pairs"].transform("sum")
    counted["pairs"] = counted["number_of_pairs"] * counted["part"].map(dict(enumerate(totals))) / pairs_of_part
    kinds = counted["part"].map({2 * at + two: group[0] for at, group in enumerate(groups) for two in (0, 1)})
    names = [one.name for one in trainee.model.comparisons]
    return {
        kind: Patterns(some[names].to_numpy(dtype=np.int64), some["pairs"].to_numpy(dtype=np.float64))
        for kind, some in counted.groupby(kinds, sort=True)
    }


def _drawn(rows: ir.Table, left_side: int, right_side: int, wanted: int) -> ir.Table:
    """Pairs of records drawn by the hash of their numbers, the same in every run."""
    each = isqrt(wanted) * (2 if left_side == right_side else 1)
    order = hashed(rows.unique_id.cast("string"))
    place = ibis.row_number().over(group_by=rows.side, order_by=(order, rows.unique_id))
    ranked = rows.select("unique_id", "side", place=place)
    some = ranked.filter(ranked.place < each)
    left = some.filter(some.side == left_side).select(left_key="unique_id")
    right = some.filter(some.side == right_side).select(right_key="unique_id")
    crossed = left.cross_join(right)
    return crossed.filter(crossed.left_key < crossed.right_key)


def _counted(pairs: ir.Table, model: Model) -> pd.DataFrame:
    """Patterns of levels with their number of pairs, in order."""
    levels = {one.name: level_of(one, pairs[f"gamma_{one.name}"]) for one in model.comparisons}
    counted = pairs.group_by("part", **levels).agg(number_of_pairs=pairs.count())
    return counted.order_by(["part", *levels]).to_pandas()


def _rounded(share: float) -> float:
    return float(f"{share:.{DIGITS}g}")
