"""Choice: which pairs the machine merges, which it leaves to people, which stay apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

LINKED, DECIDED, REFUSED, LISTED, APART = "linked", "decided", "refused", "listed", "apart"
REPEATED = "Both stand in one register or frame."
SAME_PERIOD = "Both have a row in one source for the same period."
KIN = "They may be two units of one group: parent, subsidiary or branch."
RIVAL = "Another identity of the same source and period fits the unit better."
MANY = "Too many identities would become one unit."
LARGEST_WEIGHT, DIGITS = 60.0, 9


def chosen(
    pairs: pd.DataFrame,
    seats: pd.DataFrame,
    refused: set[frozenset[int]],
    registered: set[int],
    bounds: Mapping[str, Any],
) -> pd.DataFrame:
    """Outcome of the pairs of the machine.

    Method: an identity without a code goes to its most probable partner with a code; of several that hold the same seat
    of a unit, such as a row of one frame, the most probable goes there. Identities without a code that found none are
    merged among themselves, as connected components, unless two rows of a component hold the same seat.

    Args:
        pairs: One row for each pair: `left_id` (without a code), `right_id`, `coded` (the right one has a code),
            `probability`, `weight`, `reason`, `kin`.
        seats: What only one row of a unit can hold: `own_id`, `seat`, `registering`.
        refused: Pairs that people decided to keep apart.
        registered: Identities that stand in a register or frame.
        bounds: linkage/line.

    Returns:
        The pairs with `unit_id` (the identity that stands), `other_id`, `root` (the unit where they are merged),
        `repeated`, `obstacle` and `outcome`.
    """
    held: dict[int, dict[str, bool]] = {}
    for own_id, seat, registering in seats[["own_id", "seat", "registering"]].itertuples(index=False):
        held.setdefault(own_id, {})[seat] = registering
    told = _weighed(pairs, held, refused, bounds)
    told = told.sort_values(["weight", "left_id", "right_id"], ascending=[False, True, True], ignore_index=True)
    root = _to_codes(told, held, bounds)
    root |= _among_names(told, root, held, registered, bounds)
    merged = np.array(
        [
            fit and left in root and root[left] == root.get(right, right)
            for fit, left, right in zip(told.fit, told.left_id, told.right_id, strict=True)
        ],
        dtype=bool,
    )
    # Numbers of units have more digits than a float holds: where some have no root the column must not become one.
    units = pd.Series([root.get(left) for left in told.left_id], dtype=object)
    return _with_outcome(told.assign(merged=merged, root=units), root, registered, bounds)


def _weighed(
    pairs: pd.DataFrame, held: dict[int, dict[str, bool]], refused: set[frozenset[int]], bounds: Mapping[str, Any]
) -> pd.DataFrame:
    """Pairs with shared probability, what stands against merging them, and `fit`: the machine may merge them."""
    odds = np.exp2(np.minimum(pairs.weight, LARGEST_WEIGHT))
    rivals = odds.where(pairs.coded, 0.0).groupby(pairs.left_id).transform("sum")
    probability = pairs.probability.where(~pairs.coded, (odds / (1.0 + rivals)).round(DIGITS))
    ends = list(zip(pairs.left_id, pairs.right_id, strict=True))
    shared = [[held.get(one, {})[seat] for seat in held.get(one, {}).keys() & held.get(two, {})] for one, two in ends]
    same_period = np.array([not all(some) for some in shared], dtype=bool)
    repeated = np.array([any(some) for some in shared], dtype=bool)
    no = np.array([frozenset(pair) in refused for pair in ends], dtype=bool)
    kin = pairs.kin.to_numpy(dtype=bool)
    enough = probability.to_numpy() >= np.where(repeated, bounds["merge_repeated"], bounds["merge"])
    obstacle = np.select(
        [same_period, kin, repeated & ~enough], [SAME_PERIOD, KIN, REPEATED], default=None  # type: ignore[call-overload]
    )  # fmt: skip
    fit = enough & ~no & ~same_period & ~kin
    return pairs.assign(probability=probability, refused=no, repeated=repeated, obstacle=obstacle, fit=fit)


def _to_codes(told: pd.DataFrame, held: dict[int, dict[str, bool]], bounds: Mapping[str, Any]) -> dict[int, int]:
    """The unit with a code that each identity without one goes to, the most probable first."""
    root: dict[int, int] = {}
    taken: dict[int, set[str]] = {}
    members: dict[int, int] = {}
    best = told[told.fit & told.coded].drop_duplicates("left_id")
    for at, left, right in best[["left_id", "right_id"]].itertuples():
        seats = set(held.get(left, {}))
        if seats & taken.get(right, set()):
            told.loc[at, ["obstacle", "fit"]] = RIVAL, False
        elif members.get(right, 0) >= bounds["cluster_records"]:
            told.loc[at, ["obstacle", "fit"]] = MANY, False
        else:
            root[left] = right
            taken.setdefault(right, set()).update(seats)
            members[right] = members.get(right, 0) + 1
    return root


def _among_names(
    told: pd.DataFrame,
    to_codes: Mapping[int, int],
    held: dict[int, dict[str, bool]],
    registered: set[int],
    bounds: Mapping[str, Any],
) -> dict[int, int]:
    """The identity that each identity without a code goes to where none of them found one with a code.

    Method: the most probable pairs first join the groups of their ends, unless the group would be too large or two of
    its identities would hold one seat in a list.
    """
    group: dict[int, set[int]] = {}
    some = told[told.fit & ~told.coded]
    for at, left, right in some[["left_id", "right_id"]].itertuples():
        if left in to_codes or right in to_codes:
            continue
        one, two = group.get(left, {left}), group.get(right, {right})
        if one is two:
            continue
        if len(one | two) > bounds["cluster_records"]:
            told.loc[at, ["obstacle", "fit"]] = MANY, False
        elif _years(one, held) & _years(two, held):
            told.loc[at, ["obstacle", "fit"]] = RIVAL, False
        else:
            together = one | two
            group |= dict.fromkeys(together, together)
    return {number: min(some, key=lambda one: (one not in registered, one)) for number, some in group.items()}


def _years(group: Iterable[int], held: dict[int, dict[str, bool]]) -> set[str]:
    """Seats in lists, other than registers and frames, that the identities hold."""
    return {seat for number in group for seat, registering in held.get(number, {}).items() if not registering}


def _with_outcome(
    told: pd.DataFrame, root: Mapping[int, int], registered: set[int], bounds: Mapping[str, Any]
) -> pd.DataFrame:
    """Pairs with `outcome`; of the identities that find no unit the likeliest partners are listed."""
    placed = told.left_id.isin(root.keys())
    elsewhere = ~told.coded & told.right_id.isin(root.keys())
    asked = ~(told.refused | told.merged | placed | elsewhere) & (told.probability >= bounds["ask"])
    place = told[asked].groupby("left_id").cumcount().reindex(told.index, fill_value=0)
    outcome = np.select(
        [told.refused, told.merged, asked & (place < bounds["partners"])], [REFUSED, LINKED, LISTED], default=APART
    )
    left_stands = np.where(
        told.merged, told.root == told.left_id, told.left_id.isin(registered) | ~told.right_id.isin(registered)
    )
    left_stands &= ~told.coded.to_numpy(dtype=bool)
    return told.assign(
        outcome=outcome,
        unit_id=np.where(left_stands, told.left_id, told.right_id),
        other_id=np.where(left_stands, told.right_id, told.left_id),
    )
