"""Blocking: two records are compared where they share a key that not too many share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import ibis
import ibis.expr.types as ir

from keli.engine.linkage.steps import Steps

WHOLE_NAME = "known"
PARTS = 1_000_000


@ibis.udf.scalar.builtin(name="hash", signature=(("string",), "uint64"))  # type: ignore[untyped-decorator]
def hashed(text: str) -> int:  # type: ignore[empty-body]
    """A number of a text, the same on every machine with the same engine."""


@dataclass(frozen=True)
class Among:
    """Which records are compared.

    Args:
        left: Side of the first record.
        right: Side of the second record; the same side: records of one file among themselves.
        share: Share of the first records that is drawn.
    """

    left: int
    right: int
    share: float = 1.0


def key_tables(
    steps: Steps, rows: ir.Table, keys: Mapping[str, ir.Value], limits: Mapping[str, int], *, few: bool
) -> list[ir.Table]:
    """Keys of the records.

    Args:
        steps: Stores the tables.
        rows: One row for each record: `unique_id`, `side` (0 left, 1 right) and what the keys are made of.
        keys: Keys of a record by name, each a text or a list of texts.
        limits: linkage/limits.
        few: The records are few: all keys go into one table, which saves queries; else each kind of key has its own,
            which saves memory.

    Returns:
        Tables with one row for each record and key: `unique_id`, `side`, `key`, `most` (the number of pairs above which
        the key is left out: `name_pairs` for whole names, `block_pairs` for others).
    """
    tables = []
    for number, (name, key) in enumerate(keys.items()):
        listed = key.unnest() if isinstance(key, ir.ArrayValue) else key
        long = rows.select("unique_id", "side", key=listed)
        known = long.filter(long.key.notnull() & (long.key != ""))
        most = ibis.literal(limits["name_pairs" if name == WHOLE_NAME else "block_pairs"], type="int64")
        told = ibis.literal(f"{number}|") + known.key if few else known.key
        tables.append(known.select("unique_id", "side", key=hashed(told), most=most).distinct())
    return [steps.store(ibis.union(*tables))] if few and len(tables) > 1 else [steps.store(one) for one in tables]


def candidate_pairs(steps: Steps, keys: Sequence[ir.Table], *among: Among) -> ir.Table:
    """Pairs of records that share a key.

    Args:
        steps: Stores intermediate tables.
        keys: Tables of `key_tables`.
        among: Which records are compared.

    Returns:
        One row for each pair: `left_key` and `right_key`, the left the smaller.

    Method: several blocking rules joined; a key that would make more pairs than its limit is left out, so that the work
    grows with the records.
    """
    found = [_pairs_of(steps, long, some) for some in among for long in keys]
    pairs = steps.store(reduce(lambda one, two: one.union(two), found).distinct())
    steps.keep_only(pairs)
    return pairs


def pairs_made(keys: Sequence[ir.Table], side: int) -> int:
    """Number of pairs within one file that its keys make, a pair counted for each key that it shares."""
    total = 0.0
    for long in keys:
        own = (
            long.filter(long.side == side)
            .group_by("key")
            .agg(records=lambda some: some.count(), most=lambda some: some.most.max())
        )
        made = own.records * (own.records - 1) / 2
        total += own.agg(pairs=made.sum(where=made <= own.most).fill_null(0)).to_pyarrow()["pairs"][0].as_py()
    return int(total)


def drawn_share(key: ir.IntegerValue, share: float) -> ir.BooleanValue:
    """The record is in a share drawn by the hash of its number, the same in every run."""
    return hashed(key.cast("string")) % PARTS < round(share * PARTS)


def _pairs_of(steps: Steps, long: ir.Table, among: Among) -> ir.Table:
    """Pairs that the keys of one table make."""
    left, right = long.filter(long.side == among.left), long.filter(long.side == among.right)
    counted = long.group_by("key").agg(
        lefts=(long.side == among.left).sum().cast("int64"),
        rights=(long.side == among.right).sum().cast("int64"),
        most=long.most.max(),
    )
    made = counted.lefts * (counted.lefts - 1) / 2 if among.left == among.right else counted.lefts * counted.rights
    useful = counted.filter((made > 0) & (made <= counted.most)).select("key")
    left = left.filter(drawn_share(left.unique_id, among.share)) if among.share < 1 else left
    left = left.semi_join(useful, "key").select(left_key="unique_id", key="key")
    joined = left.join(right.select(right_key="unique_id", key="key"), "key")
    return steps.store(joined.filter(joined.left_key < joined.right_key).select("left_key", "right_key").distinct())
