"""Industries of the sample: every core class that has an industry code and a spread of other classes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from keli.model.catalogue import Catalogue
from keli.model.thresholds.above_scale import above_scale
from keli.sample.truth.conventions import LAST_YEAR, Conventions

CLASS_LENGTH = 4
DIVISION_LENGTH = 2
ACTIVITIES_OF_CLASS = 3
# A phrase with one of these would be cut in two where a scope text is read phrase by phrase.
SEPARATORS = frozenset("、；，。：（）(),;:.")

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class ClassList:
    """Industry classes of the sample, position by position.

    Args:
        codes: GB/T 4754-2017 classes (4 digits).
        core: The class belongs to the digital economy's core.
        starred: Only a part of the class is digital.
        weight: Share of the units.
        size: Revenue of a unit relative to others.
        rate: Value added per revenue, the mean of the class above and below scale.
        labour: Compensation of employees per value added.
        threshold: Revenue from which a unit is above scale, yuan.
        tested: The official thresholds name the class: who reaches its threshold belongs on the list.
        activity: Positions in `activities`, -1 where none, shape (classes, 3).
        activities: Digital-economy classes (6 digits).
        phrases: Official scope phrases that name this class and no other.
    """

    codes: Array
    core: Array
    starred: Array
    weight: Array
    size: Array
    rate: Array
    labour: Array
    threshold: Array
    tested: Array
    activity: Array
    activities: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]


def class_list(catalogue: Catalogue, rules: Conventions) -> ClassList:
    """Return the classes of the sample with their conventions."""
    activities_of: dict[str, list[str]] = defaultdict(list)
    starred = set()
    for member in catalogue.core_memberships():
        activities_of[member.gbt_code].append(member.activity)
        if member.starred:
            starred.add(member.gbt_code)
    phrases = _own_phrases(catalogue)
    other = _other_classes(catalogue, rules, set(activities_of), phrases)
    codes = sorted(activities_of) + other
    official = above_scale(catalogue, LAST_YEAR)
    activities = tuple(sorted({activity for group in activities_of.values() for activity in group}))
    core = np.array([code in activities_of for code in codes])
    return ClassList(
        np.array(codes),
        core,
        np.array([code in starred for code in codes]),
        _weights(codes, core, rules),
        np.array([_profile(code, rules)["size"] for code in codes], dtype=np.float64),
        _rates(codes, rules),
        np.array([_profile(code, rules)["labour"] for code in codes], dtype=np.float64),
        _thresholds(catalogue, codes),
        np.array([code in official for code in codes]),
        _activity_positions(codes, activities_of, activities),
        activities,
        tuple(phrases.get(code, ()) for code in codes),
    )


def _own_phrases(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    codes_of: dict[str, set[str]] = defaultdict(set)
    for entry in catalogue.scope_phrases:
        codes_of[entry.phrase].update(entry.gbt_codes)
    phrases: dict[str, list[str]] = defaultdict(list)
    for phrase, codes in sorted(codes_of.items()):
        if len(codes) == 1 and not SEPARATORS & set(phrase):
            phrases[min(codes)].append(phrase)
    return {code: tuple(own) for code, own in phrases.items() if len(code) == CLASS_LENGTH}


def _other_classes(
    catalogue: Catalogue, rules: Conventions, core: set[str], phrases: dict[str, tuple[str, ...]]
) -> list[str]:
    """Classes outside the core: of every division the first few, those with a scope phrase first."""
    of_division: dict[str, list[str]] = defaultdict(list)
    for entry in sorted(catalogue.gbt.at_level("class"), key=lambda one: one.code):
        section = catalogue.gbt.ancestors(entry.code)[-1]
        if entry.code not in core and section not in rules.profile["left_out"]:
            of_division[entry.code[:DIVISION_LENGTH]].append(entry.code)
    count = rules.profile["classes_of_division"]
    chosen = [
        code
        for classes in of_division.values()
        for code in sorted(classes, key=lambda code: (code not in phrases, code))[:count]
    ]
    return sorted(chosen)


def _profile(code: str, rules: Conventions) -> dict[str, float]:
    divisions: dict[str, dict[str, float]] = rules.profile["divisions"]
    default: dict[str, float] = rules.profile["default"]
    return divisions.get(code[:DIVISION_LENGTH], default)


def _weights(codes: list[str], core: Array, rules: Conventions) -> Array:
    """Share of the units by class: the division's weight, falling with the square root of the rank in it."""
    rank: dict[tuple[str, bool], int] = defaultdict(int)
    weights = np.empty(len(codes))
    for position, code in enumerate(codes):
        key = (code[:DIVISION_LENGTH], bool(core[position]))
        rank[key] += 1
        weights[position] = _profile(code, rules)["core" if core[position] else "other"] / np.sqrt(rank[key])
    totals: dict[tuple[str, bool], float] = defaultdict(float)
    for position, code in enumerate(codes):
        totals[code[:DIVISION_LENGTH], bool(core[position])] += weights[position]
    for position, code in enumerate(codes):
        entry = _profile(code, rules)["core" if core[position] else "other"]
        weights[position] *= entry / max(totals[code[:DIVISION_LENGTH], bool(core[position])], 1e-12)
    share = rules.structure["core"]
    weights[core] *= share / weights[core].sum()
    weights[~core] *= (1 - share) / weights[~core].sum()
    return weights


def _rates(codes: list[str], rules: Conventions) -> Array:
    """Value added per revenue by class: the division's rate and a small fixed deviation of the class."""
    spread = rules.profile["class_rate_spread"]
    deviation = np.random.default_rng([int(code) for code in codes]).uniform(-spread, spread, len(codes))
    return np.array([_profile(code, rules)["rate"] for code in codes]) * (1 + deviation)


def _thresholds(catalogue: Catalogue, codes: list[str]) -> Array:
    """Revenue from which a unit of the class is above scale, yuan; the nearest scope counts, else the highest."""
    entries = catalogue.parameter("thresholds/above_scale").at(LAST_YEAR)
    found = {}
    for entry in entries:
        for scope in entry["scope"]:
            if entry["revenue_min"] is not None:
                found[str(scope)] = Decimal(str(entry["revenue_min"]))
    most = max(found.values())
    lines = (catalogue.gbt.ancestors(code) for code in codes)
    return np.array([float(next((found[one] for one in line if one in found), most)) for line in lines])


def _activity_positions(codes: list[str], activities_of: dict[str, list[str]], activities: tuple[str, ...]) -> Array:
    positions = np.full((len(codes), ACTIVITIES_OF_CLASS), -1, dtype=np.int16)
    for row, code in enumerate(codes):
        for column, activity in enumerate(sorted(activities_of.get(code, ()))):
            positions[row, column] = activities.index(activity)
    return positions
