"""How far places depend on choices: Monte Carlo over them, sensitivity, and the index without each part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from keli.methods.composite.ranks import Array, interval, shift
from keli.methods.composite.sobol import Indices, design, indices
from keli.methods.composite.tree import without
from keli.plain.index.scoring import Scored, Scoring
from keli.plain.index.spec import SECTIONS, Choices

NOISE = "weight_noise"
INTERVAL = (5.0, 95.0)


@dataclass(frozen=True)
class Uncertain:
    """What the replicates say.

    Args:
        factors: The choices that were drawn.
        low: Low end of the interval of the place of each row.
        median: Its median.
        high: High end.
        mean: Mean place.
        shifts: Mean absolute shift in rank of each replicate.
        sensitivity: Indices of the shift in rank, where they were asked for.
    """

    factors: tuple[str, ...]
    low: Array
    median: Array
    high: Array
    mean: Array
    shifts: Array
    sensitivity: Indices | None


def uncertain(scoring: Scoring, nominal: Array) -> Uncertain:
    """Score the rows again and again under choices that are drawn.

    Args:
        scoring: The rows.
        nominal: Places under the choices of the SPEC.

    Method: every factor is a uniform number that picks one of its choices, or one of so many sets of moved weights as
    there are replicates; Saisana, Saltelli and Tarantola 2005. Intervals are those of the replicates of block A.

    Raises:
        KeliError: A draw cannot be scored.
    """
    asked = scoring.spec.key("uncertainty")
    drawn: dict[str, Any] = asked["vary"]
    factors = tuple(name for name in (*SECTIONS, NOISE) if name in drawn)
    points = design(asked["replicates"], len(factors), asked["seed"])
    points = points if asked.get("sensitivity") else points[: asked["replicates"]]
    noises = _noises(scoring, asked, drawn.get(NOISE))
    top = scoring.spec.top.name
    places = np.empty((len(points), len(nominal)))
    for number, point in enumerate(points):
        choices, noise = _picked(scoring.spec.choices, drawn, dict(zip(factors, point, strict=True)), noises)
        places[number] = scoring.places(scoring.score(choices, noise=noise).branches[top])
    shifts = np.array([shift(row, nominal) for row in places])
    own = places[: asked["replicates"]]
    low, median, high = interval(own, *asked.get("interval", INTERVAL))
    found = indices(shifts, len(factors)) if asked.get("sensitivity") else None
    return Uncertain(factors, low, median, high, own.mean(axis=0), shifts[: asked["replicates"]], found)


def one_removed(scoring: Scoring, nominal: Scored) -> Iterator[tuple[str, Array]]:
    """Yield every indicator and pillar with the places without it.

    Args:
        scoring: The rows.
        nominal: Scores with it; they name the branches.
    """
    top = scoring.spec.top
    names = [name for name in nominal.branches if name != top.name]
    for name in [*(leaf.name for leaf in top.leaves()), *names]:
        rest = without(top, name)
        if rest is not None:
            yield name, scoring.places(scoring.score(scoring.spec.choices, rest).branches[top.name])


def _noises(scoring: Scoring, asked: dict[str, Any], width: float | None) -> list[dict[str, Array]]:
    """Sets of factors by which weights move, uniform about 1; as get_noisy_weights of COINr."""
    if width is None:
        return [{}]
    generator = np.random.default_rng([asked["seed"], 1])
    branches = list(scoring.spec.top.branches())
    return [
        {node.name: 1 + width * generator.uniform(-1, 1, len(node.parts)) for node in branches}
        for _ in range(asked["replicates"])
    ]


def _picked(
    nominal: Choices, drawn: dict[str, Any], point: dict[str, float], noises: list[dict[str, Array]]
) -> tuple[Choices, dict[str, Array]]:
    """Choices and moved weights at a point of the unit cube."""
    picked = {name: drawn[name][int(at * len(drawn[name]))] for name, at in point.items() if name != NOISE}
    return {**nominal, **picked}, noises[int(point.get(NOISE, 0.0) * len(noises))]
