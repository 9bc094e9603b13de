"""From scores of indicators to scores of branches: weights and aggregation of each branch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from keli.base.errors import KeliError, Place, SourceError
from keli.methods.composite import aggregation, weights
from keli.methods.composite.benefit_of_doubt import benefit_of_doubt
from keli.methods.composite.ranks import Array
from keli.methods.composite.tree import Node, gathered
from keli.plain.index.spec import Branch, Choices, Spec

LEARNT: dict[str, Callable[[Array], Array]] = {
    "entropy": weights.entropy, "critic": weights.critic, "standard_deviation": weights.standard_deviation,
    "pca": weights.first_component, "pca_factors": weights.rotated_factors,
}  # fmt: skip
MEANS: dict[str, Callable[[Array, Array], Array]] = {
    "arithmetic": aggregation.arithmetic, "geometric": aggregation.geometric, "harmonic": aggregation.harmonic,
}  # fmt: skip
OF_SCORES = {"pca", "pca_factors"}
LEAST_UNITS = 3


@dataclass(frozen=True)
class Frame:
    """What stays the same over replicates.

    Args:
        spec: What is asked.
        labels: Name of the unit of each row of the block, for messages.
        base: Rows from which weights are learnt.
        compared: Weights from paired comparisons, by branch and part.
        earlier: Weights of an earlier report, by branch and part.
        file: The data, for messages.
    """

    spec: Spec
    labels: tuple[str, ...]
    base: npt.NDArray[np.intp]
    compared: Mapping[str, Mapping[str, float]]
    earlier: Mapping[str, Mapping[str, float]]
    file: Place


@dataclass
class Blender:
    """Makes the score of a branch from those of its parts; notes the weights that it took.

    Args:
        frame: What stays the same.
        choices: Weights and aggregation, where the branch does not say otherwise.
        scores: Scores of all indicators.
        top: The tree that is scored.
        noise: Factors by which weights move, by branch and part.
        found: Weights that were taken, by branch: one for each part, or one for each unit and part.
        known: Weights learnt before from the same scores, by branch; they are taken again.
    """

    frame: Frame
    choices: Choices
    scores: Array
    top: Node
    noise: Mapping[str, Array] = field(default_factory=dict)
    found: dict[str, Array] = field(default_factory=dict)
    known: dict[str, Array] = field(default_factory=dict)

    def __call__(self, node: Node, parts: Array) -> Array:
        """Return the score of a branch.

        Raises:
            SourceError: The data do not allow it: a score is not positive under a geometric mean, or does not vary.
        """
        branch = self.frame.spec.branches[node.name]
        chosen, how = self._weighing(branch), self._aggregation(branch)
        try:
            if chosen["method"] == "benefit_of_doubt":
                return self._by_doubt(node, parts, chosen, how)
            given = self._weights(node, parts, chosen, branch)
            given = given * self.noise[node.name] if node.name in self.noise else given
            if given.sum() <= 0:
                raise ValueError("no part has a weight")  # noqa: TRY301 - told like the faults of the methods
            given = given / given.sum()
            self.found[node.name] = given
            return self._aggregated(parts, given, how)
        except ValueError as problem:
            raise self._told(node, parts, f"{chosen['method']}, {how['method']}", problem) from problem

    def _weighing(self, branch: Branch) -> dict[str, Any]:
        """Method of weights: the branch's own, the file's, else given where parts state weights, else equal."""
        otherwise = self.choices.get("weights", {"method": "given" if branch.given else "equal"})
        found: dict[str, Any] = branch.terms.get("weights", otherwise)
        return found

    def _aggregation(self, branch: Branch) -> dict[str, Any]:
        found: dict[str, Any] = branch.terms.get("aggregation", self.choices["aggregation"])
        return found

    def _weights(self, node: Node, parts: Array, chosen: dict[str, Any], branch: Branch) -> Array:
        method = chosen["method"]
        if method == "equal":
            return np.ones(len(node.parts))
        settled = {"given": branch.given, "ahp": self.frame.compared.get(node.name)}.get(method)
        settled = self.frame.earlier.get(node.name) if settled is None else settled
        if settled is not None:
            return np.array([settled[part.name] for part in node.parts])
        if node.name in self.known:
            return self.known[node.name]
        over_all = chosen.get("over") == "indicators"
        found = self._over_indicators(node, chosen, branch) if over_all else self._learnt(parts, chosen)
        if over_all or all(not part.parts for part in node.parts):
            self.known[node.name] = found
        return found

    def _over_indicators(self, node: Node, chosen: dict[str, Any], branch: Branch) -> Array:
        """Weights of all indicators of the tree, or of the branch that says so itself, summed to its parts."""
        columns = [leaf.column for leaf in (node if "weights" in branch.terms else self.top).leaves()]
        every = np.zeros(self.scores.shape[1])
        every[columns] = self._learnt(self.scores[:, columns], chosen)
        return gathered(node, every)

    def _learnt(self, scores: Array, chosen: dict[str, Any]) -> Array:
        """Weights from the complete rows of the base."""
        some = scores[self.frame.base]
        some = some[~np.isnan(some).any(axis=1)]
        if len(some) < LEAST_UNITS:
            raise ValueError(f"only {len(some)} units have all parts, too few to learn weights from")
        if scores.shape[1] == 1:
            return np.ones(1)
        if np.any(np.ptp(some, axis=0) == 0):
            raise ValueError("a part has one score for all units")
        own = "scores" if chosen["method"] in OF_SCORES else "minmax"
        if chosen.get("of", own) == "minmax":
            some = (some - some.min(axis=0)) / np.ptp(some, axis=0)
        return LEARNT[chosen["method"]](some)

    def _by_doubt(self, node: Node, parts: Array, chosen: dict[str, Any], how: dict[str, Any]) -> Array:
        if how["method"] != "arithmetic":
            raise ValueError("benefit_of_doubt goes with the arithmetic mean only")
        whole = ~np.isnan(parts).any(axis=1)
        low, high = chosen.get("shares", (0.0, 1.0))
        score, own = np.full(len(parts), np.nan), np.full(parts.shape, np.nan)
        score[whole], own[whole] = benefit_of_doubt(parts[whole], low, high)
        self.found[node.name] = own
        return score

    def _aggregated(self, parts: Array, given: Array, how: dict[str, Any]) -> Array:
        method = how["method"]
        if method in MEANS:
            score = MEANS[method](parts, given)
            share = np.mean(~np.isnan(parts), axis=1)
            return np.where(share >= how.get("available", 1.0), score, np.nan)
        whole, score = ~np.isnan(parts).any(axis=1), np.full(len(parts), np.nan)
        if method == "topsis":
            score[whole] = aggregation.topsis(parts[whole], given, vector=how.get("length", "vector") == "vector")
        else:
            way = aggregation.copeland_wins if how.get("count") == "wins" else aggregation.copeland
            score[whole] = way(parts[whole], given)
        return score

    def _told(self, node: Node, parts: Array, methods: str, problem: ValueError) -> KeliError:
        """What went wrong at a branch, with the first part and unit whose score is not positive, if that is it."""
        low = np.argwhere(parts <= 0)
        where = ""
        if "positive" in str(problem) and len(low):
            unit, part = low[0]
            where = f" ({node.parts[part].name} of {self.frame.labels[unit]}: {parts[unit, part]:g})"
        return SourceError(
            f'"{node.name}" cannot be scored ({methods}): {problem}{where}.',
            where=self.frame.spec.branches[node.name].place,
            example="normalisation: {method: minmax, range: [1, 100]}" if where else None,
            next_step=f"Mend the choice in the SPEC, or the data ({self.frame.file}).",
        )
