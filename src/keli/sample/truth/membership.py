"""The above-scale list (规上): who stands on it from when to when, and who reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from keli.sample.truth.accounts import FEN_OF_YUAN, Accounts
from keli.sample.truth.classes import ClassList
from keli.sample.truth.conventions import LAST_YEAR, Conventions, Stream
from keli.sample.truth.population import LEGAL, LOCAL, Population

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Membership:
    """Membership and response of one chunk.

    Args:
        member: On the list, by unit and year.
        missing: Belongs on the list in the last year and was never put on it.
        reaches: May be on the list and reaches an official threshold, by unit and year.
        returns: Sends an annual return, by unit and year; unregistered units among them.
        quarters: Sends quarterly returns, by unit and year.
        steady: On the list and earning in every year, among the largest: never left out, never spoilt.
        parent: Position of the parent in the chunk, -1 for none.
        group: Number of the group in the chunk, -1 for none.
    """

    member: Array
    missing: Array
    reaches: Array
    returns: Array
    quarters: Array
    steady: Array
    parent: Array
    group: Array


def membership(
    classes: ClassList, units: Population, accounts: Accounts, scale: float, rules: Conventions, stream: Stream
) -> Membership:
    """Draw the above-scale list and the response of one chunk.

    Args:
        classes: Industry classes with their thresholds.
        units: Units of the chunk.
        accounts: Their accounts.
        scale: Factor on the thresholds: the same headline falls on fewer or more units, so that the list has about
            the same share of the units in a district of any size.
        rules: Conventions of the sample.
        stream: Random numbers of the chunk.
    """
    draw, frame = stream.draw("membership"), rules.frame
    eligible = ((units.kind == LEGAL) | ((units.kind == LOCAL) & ~units.inside)) & ~units.unregistered
    large = accounts.revenue[:, -1] >= np.quantile(accounts.revenue[:, -1], 1 - frame["always_responding"])
    threshold = classes.threshold[units.klass] * scale * FEN_OF_YUAN
    reaches = (accounts.revenue >= threshold) & classes.tested[units.klass] & eligible[:, None]
    left_out = draw.random(units.count) < frame["missing_from_frame"]
    missing = left_out & ~large & reaches[:, -1] & (units.died > LAST_YEAR)
    earning = accounts.revenue > 0
    member = _members(accounts.revenue, threshold, earning, frame["exit_below"]) & (eligible & ~missing)[:, None]
    steady = large & member.all(axis=1) & earning.all(axis=1) & (units.klass == units.klass[:, :1]).all(axis=1)
    answers = draw.random(member.shape) >= frame["annual_nonresponse"]
    answers_quarterly = draw.random(member.shape) >= frame["quarterly_nonresponse"]
    returns = member & (answers | large[:, None]) | (units.unregistered[:, None] & earning)
    return Membership(
        member,
        missing,
        reaches,
        returns & earning,
        member & earning & (answers_quarterly | large[:, None]),
        steady,
        _parents(units, steady, stream),
        _groups(units, rules, stream),
    )


def _members(revenue: Array, threshold: Array, earning: Array, exit_below: float) -> Array:
    """Members by year: entry at the threshold, exit well below it, no return after an exit."""
    member = np.zeros(revenue.shape, dtype=bool)
    left = np.zeros(len(revenue), dtype=bool)
    previous = np.zeros(len(revenue), dtype=bool)
    for year in range(revenue.shape[1]):
        stays = previous & (revenue[:, year] >= exit_below * threshold[:, year])
        enters = ~previous & ~left & (revenue[:, year] >= threshold[:, year])
        member[:, year] = (stays | enters) & earning[:, year]
        left |= previous & ~member[:, year]
        previous = member[:, year]
    return member


def _parents(units: Population, steady: Array, stream: Stream) -> Array:
    """Parent of each local activity unit with a parent in the district: one of the steady legal units."""
    candidates = np.flatnonzero(steady & (units.kind == LEGAL))
    parent = np.full(units.count, -1, dtype=np.int64)
    rows = np.flatnonzero(units.inside)
    if len(candidates):
        parent[rows] = stream.draw("parents").choice(candidates, len(rows))
    return parent


def _groups(units: Population, rules: Conventions, stream: Stream) -> Array:
    """Group of each unit that belongs to one: legal units, a few a group."""
    draw = stream.draw("groups")
    rows = np.flatnonzero((units.kind == LEGAL) & (draw.random(units.count) < rules.structure["grouped"]))
    group = np.full(units.count, -1, dtype=np.int64)
    group[rows] = draw.integers(0, max(1, int(len(rows) / rules.structure["units_of_group"])), len(rows))
    return group
