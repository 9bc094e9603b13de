"""The whole way from the data to scores under one set of choices; steps that replicates share are done once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from keli.methods.composite.ranks import Array, standing
from keli.methods.composite.tree import Node, scored
from keli.plain.index.blend import Blender, Frame
from keli.plain.index.data import Data
from keli.plain.index.earlier import Earlier
from keli.plain.index.prepared import Outlier, imputed, without_outliers
from keli.plain.index.scores import Block, blocks, normalised
from keli.plain.index.spec import Choices, Spec


@dataclass(frozen=True)
class Scored:
    """Scores under one set of choices.

    Args:
        branches: Score of every branch, one for each row.
        weights: Weights of every branch by block.
        indicators: Scores of the indicators.
    """

    branches: dict[str, Array]
    weights: list[dict[str, Array]]
    indicators: Array


@dataclass
class Scoring:
    """Scores the rows of one file.

    Args:
        data: Rows that are scored.
        spec: What is asked.
        rules: Limits of outliers.
        compared: Weights from paired comparisons, by branch and part.
        earlier: What an earlier report froze.
    """

    data: Data
    spec: Spec
    rules: Mapping[str, float]
    compared: Mapping[str, Mapping[str, float]]
    earlier: Earlier
    blocks: list[Block] = field(init=False)
    _noted: dict[str, list[Outlier]] = field(init=False, default_factory=dict)
    _steps: dict[str, Array] = field(init=False, default_factory=dict)
    _labels: list[tuple[str, ...]] = field(init=False)
    _known: dict[str, list[dict[str, Array]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.blocks = blocks(self.data, self.spec, self.earlier.reference)
        self._labels = [tuple(self.data.label(int(row)) for row in block.rows) for block in self.blocks]

    def values(self, choices: Choices) -> Array:
        """Return the values after imputation and treatment."""
        key = json.dumps([choices["imputation"], choices["treatment"]])
        if key not in self._steps:
            filled = imputed(self.data, self.spec, choices["imputation"])
            self._steps[key], self._noted[key] = without_outliers(
                self.data, filled, self.spec, choices["treatment"], dict(self.rules)
            )
        return self._steps[key]

    def outliers(self, choices: Choices) -> list[Outlier]:
        """Return what was done about outliers."""
        self.values(choices)
        return self._noted[json.dumps([choices["imputation"], choices["treatment"]])]

    def indicators(self, choices: Choices) -> Array:
        """Return the scores of the indicators."""
        key = json.dumps([choices["imputation"], choices["treatment"], choices["normalisation"]])
        if key not in self._steps:
            values = self.values(choices)
            scores = np.full_like(values, np.nan)
            for block in self.blocks:
                scores[block.rows] = normalised(self.data, values, self.spec, block, choices["normalisation"])
            self._steps[key] = scores
        return self._steps[key]

    def score(self, choices: Choices, top: Node | None = None, noise: Mapping[str, Array] | None = None) -> Scored:
        """Return the scores of every branch.

        Args:
            choices: The choices.
            top: Another tree than that of the SPEC.
            noise: Factors of the weights, by branch and part.

        Raises:
            KeliError: The data do not allow a choice.
        """
        tree = self.spec.top if top is None else top
        indicators = self.indicators(choices)
        shared = {name: choices[name] for name in sorted(choices) if name != "aggregation"}
        known = self._known.setdefault(json.dumps(shared), [{} for _ in self.blocks]) if top is None else None
        found = {branch.name: np.full(len(indicators), np.nan) for branch in tree.branches()}
        weights: list[dict[str, Array]] = []
        for number, block in enumerate(self.blocks):
            frame = Frame(
                self.spec, self._labels[number], block.base, self.compared, self.earlier.weights, self.data.place()
            )
            blender = Blender(frame, choices, indicators[block.rows], tree, noise or {})
            blender.known = {} if known is None else known[number]
            for name, score in scored(tree, blender.scores, blender).items():
                found[name][block.rows] = score
            weights.append(blender.found)
        return Scored(found, weights, indicators)

    def places(self, scores: Array) -> Array:
        """Return the place of each row in its period, 1 for the highest score."""
        found = np.full(len(scores), np.nan)
        for rows in self.data.by_period():
            found[rows] = standing(scores[rows])
        return found
