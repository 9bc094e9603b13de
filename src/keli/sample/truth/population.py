"""Units of the sample: industry, kind, life, place and size, chunk by chunk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from keli.sample.truth.classes import ClassList
from keli.sample.truth.conventions import FIRST_YEAR, LAST_YEAR, YEARS, Conventions, Stream

Array = npt.NDArray[Any]

LEGAL, LOCAL, INDIVIDUAL = 0, 1, 2
OUTSIDE = -1
SUBDISTRICTS = 10
NEVER = 9999
DAYS_OF_YEAR = 365
OLDEST_YEAR = 1996


@dataclass(frozen=True)
class Population:
    """Units of one chunk; arrays of shape (units,) or (units, years).

    Args:
        first: Number of the first unit in the district.
        klass: Position of the industry class by year.
        kind: LEGAL, LOCAL or INDIVIDUAL.
        inside: A local activity unit whose parent lies in the district: its parent's return covers it.
        born: Year of establishment.
        died: Year of cancellation, NEVER while it lives.
        area: Subdistrict by year, OUTSIDE where not in the district.
        moved_in: Year of the move into the district, 0 for none.
        unregistered: Stands in no register and on no list.
        revenue: Revenue before calibration by year, and of the year after the last.
    """

    first: int
    klass: Array
    kind: Array
    inside: Array
    born: Array
    died: Array
    area: Array
    moved_in: Array
    unregistered: Array
    revenue: Array

    @property
    def count(self) -> int:
        """Number of units in the chunk."""
        return len(self.kind)

    @property
    def number(self) -> Array:
        """Number of each unit in the district, from 0."""
        return np.arange(self.first, self.first + self.count)


def population(classes: ClassList, rules: Conventions, stream: Stream, first: int, count: int) -> Population:
    """Draw the units of one chunk.

    Args:
        classes: Industry classes.
        rules: Conventions of the sample.
        stream: Random numbers of the chunk.
        first: Number of its first unit.
        count: Number of its units.
    """
    klass = _classes(classes, stream, count)
    klass_by_year = _recoded(klass, classes, rules, stream)
    kind, inside = _kinds(classes, klass, rules, stream)
    born, died = _lives(rules, stream, count)
    area, moved_in = _areas(born, rules, stream)
    revenue = _revenue(classes, klass_by_year, kind, rules, stream)
    revenue *= _activity(born, died, area, inside, rules, stream)
    unregistered = (kind == LEGAL) & (stream.draw("unregistered").random(count) < rules.structure["unregistered"])
    unregistered &= (area != OUTSIDE).all(axis=1)
    return Population(
        first, klass_by_year, kind, inside, born, died, area, moved_in, unregistered, revenue
    )  # fmt: skip


def _classes(classes: ClassList, stream: Stream, count: int) -> Array:
    """Industry class of each unit: the weights by largest remainder, one unit a class where there are enough."""
    least = 1 if count >= 2 * len(classes.codes) else 0
    exact = classes.weight * (count - least * len(classes.codes))
    whole = np.floor(exact).astype(np.int64)
    rest = count - least * len(classes.codes) - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:rest]] += 1
    klass = np.repeat(np.arange(len(classes.codes), dtype=np.int16), whole + least)
    return stream.draw("classes").permutation(klass)


def _recoded(klass: Array, classes: ClassList, rules: Conventions, stream: Stream) -> Array:
    """Industry class by year; a few units change to the next class of their division, never a starred one."""
    following = np.minimum(np.arange(len(classes.codes)) + 1, len(classes.codes) - 1)
    division = np.array([code[:2] for code in classes.codes.tolist()])
    alike = (division == division[following]) & (classes.core == classes.core[following])
    alike &= ~classes.starred & ~classes.starred[following]
    draw = stream.draw("recodes").random(len(klass)) / rules.structure["recoded_in_year"]
    year = np.where(alike[klass] & (draw < len(YEARS) - 1), FIRST_YEAR + 1 + draw, NEVER).astype(np.int64)
    return np.where(year[:, None] <= YEARS, following[klass][:, None], klass[:, None]).astype(np.int16)


def _kinds(classes: ClassList, klass: Array, rules: Conventions, stream: Stream) -> tuple[Array, Array]:
    draw = stream.draw("kinds")
    share = rules.structure
    point = draw.random(len(klass))
    local = point < share["local_unit"]
    individual = ~local & (point < share["local_unit"] + share["individual"]) & ~classes.starred[klass]
    kind = np.select([local, individual], [LOCAL, INDIVIDUAL], LEGAL).astype(np.int8)
    inside = local & (draw.random(len(klass)) < share["local_unit_parent_inside"]) & ~classes.starred[klass]
    return kind, inside


def _lives(rules: Conventions, stream: Stream, count: int) -> tuple[Array, Array]:
    draw = stream.draw("lives")
    years = len(YEARS)
    births = draw.random(count) / rules.structure["born_in_year"]
    born = np.where(births < years, FIRST_YEAR + births, draw.integers(OLDEST_YEAR, FIRST_YEAR, count)).astype(np.int64)
    deaths = draw.random(count) / rules.structure["died_in_year"]
    died = np.where(deaths < years, FIRST_YEAR + deaths, NEVER).astype(np.int64)
    return born, np.where(died > born, died, NEVER)


def _areas(born: Array, rules: Conventions, stream: Stream) -> tuple[Array, Array]:
    """Subdistrict by year; moves within the district, out of it and into it."""
    draw = stream.draw("areas")
    share = rules.structure
    count = len(born)
    years = len(YEARS) - 1
    home, next_home = draw.integers(0, SUBDISTRICTS, (2, count))
    within, out, into = (
        np.where(points < years, FIRST_YEAR + 1 + points, NEVER).astype(np.int64)
        for points in (
            draw.random(count) / share[name]
            for name in ("moved_within_in_year", "moved_out_in_year", "moved_in_in_year")
        )
    )
    into = np.where((out == NEVER) & (born < FIRST_YEAR) & (into != NEVER), into, 0)
    area = np.where(within[:, None] <= YEARS, next_home[:, None], home[:, None])
    area = np.where((out[:, None] <= YEARS) | (into[:, None] > YEARS), OUTSIDE, area)
    return area.astype(np.int8), into


def _revenue(classes: ClassList, klass: Array, kind: Array, rules: Conventions, stream: Stream) -> Array:
    """Revenue before calibration: lognormal with a Pareto tail, times a path of growth."""
    draw = stream.draw("sizes")
    sizes, count = rules.sizes, len(kind)
    most = sizes["largest_deviation"]
    level = sizes["log_deviation"] * np.clip(draw.standard_normal(count), -most, most)
    tail = np.minimum((1 - draw.random(count)) ** (-1 / sizes["pareto_shape"]), sizes["pareto_largest"])
    level += np.where(draw.random(count) < sizes["pareto_share"], np.log(tail), 0.0)
    level += np.log(classes.size[klass[:, -1]])
    level += np.log(np.choose(kind, [1.0, sizes["local_unit_size"], sizes["individual_size"]]))
    years = len(YEARS)
    steps = sizes["growth_deviation"] * np.clip(draw.standard_normal((count, years)), -3, 3)
    steps += _class_growth(classes, rules, stream.seed)[klass[:, -1]]
    path = np.concatenate([np.zeros((count, 1)), np.cumsum(steps, axis=1)], axis=1)
    return np.asarray(np.exp(level[:, None] + path - path[:, years - 1 : years]))


def _class_growth(classes: ClassList, rules: Conventions, seed: int) -> Array:
    """Growth of each class by year; the same in every chunk."""
    draw = Stream(seed, 0).draw("class growth")
    deviation = rules.sizes["class_growth_deviation"]
    return deviation * np.clip(draw.standard_normal((len(classes.codes), len(YEARS))), -2, 2)


def _activity(
    born: Array, died: Array, area: Array, inside: Array, rules: Conventions, stream: Stream
) -> Array:  # fmt: skip
    """Part of each year in which the unit earns: none while dormant, outside, unborn, dead or covered."""
    years = np.append(YEARS, LAST_YEAR + 1)[None, :]
    born, died = born[:, None], died[:, None]
    part = ((years >= born) & (years <= died)).astype(np.float64)
    part = np.where((years == born) | (years == died), part * rules.sizes["first_or_last_year"], part)
    dormant = stream.draw("dormant").random(len(inside)) < rules.structure["dormant"]
    part[dormant | inside] = 0.0
    return np.where(np.concatenate([area, area[:, -1:]], axis=1) == OUTSIDE, 0.0, part)
