"""Weights that the SPEC states: numbers, and paired comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from keli.base.errors import ConfigurationError
from keli.methods.composite.ahp import Judgement, judged
from keli.methods.composite.ranks import Array
from keli.plain.index.spec import Branch, Spec


def check_given(spec: Spec, tolerance: float) -> None:
    """Check the weights that parts state.

    Args:
        spec: The SPEC.
        tolerance: How far their sum may be from one.

    Raises:
        ConfigurationError: A part has no weight where the others have, weights do not add up to one, or they are stated
            where another method makes them.
    """
    if "weight" in spec.branches[spec.top.name].terms:
        raise ConfigurationError(
            "The index itself has a weight, but nothing above it.", where=spec.branches[spec.top.name].place,
            next_step="Give weights to its parts.",
        )  # fmt: skip
    for name, branch in spec.branches.items():
        _check_used(name, branch, next(_weighings(spec, branch))["method"])
        for chosen in _weighings(spec, branch):
            if chosen["method"] == "given":
                _check_branch(name, branch, bool(chosen.get("relative")), tolerance)


def judgements(spec: Spec, random_index: Mapping[str, float]) -> dict[str, Judgement]:
    """Return weights from the paired comparisons of the SPEC, by branch.

    Args:
        spec: The SPEC.
        random_index: Random index by number of parts.

    Raises:
        ConfigurationError: A matrix is not square, not reciprocal, or compares another number of parts.
    """
    by_size = {int(size): value for size, value in random_index.items()}
    found: dict[str, Judgement] = {}
    for name, branch in spec.branches.items():
        chosen = branch.terms.get("weights", {})
        if chosen.get("method") != "ahp":
            continue
        parts = len(branch.terms["parts"])
        try:
            found[name] = judged(_comparisons(chosen["matrix"], parts), by_size)
        except (ValueError, ZeroDivisionError) as problem:
            raise ConfigurationError(
                f'The paired comparisons of "{name}" are not right: {problem}.', where=branch.place,
                example='weights: {method: ahp, matrix: [[1, 3, 5], ["1/3", 1, 2], ["1/5", "1/2", 1]]}',
                next_step="Row i, column j says how many times as important part i is as part j.",
            ) from problem  # fmt: skip
    return found


def part_names(branch: Branch) -> list[str]:
    """Return the names of the parts of a branch."""
    return [str(part.get("indicator", part.get("name"))) for part in branch.terms["parts"]]


def _weighings(spec: Spec, branch: Branch) -> Iterator[dict[str, Any]]:
    """Every way in which a branch may be weighted."""
    yield branch.terms.get("weights", spec.choices.get("weights", {"method": "given" if branch.given else "equal"}))
    if "weights" not in branch.terms:
        yield from spec.drawn.get("weights", ())


def _check_used(name: str, branch: Branch, method: str) -> None:
    if branch.given and method != "given":
        raise ConfigurationError(
            f'The parts of "{name}" state weights, but its weights are made by {method}.', where=branch.place,
            example=f"{{name: {name}, weights: {{method: given}}, parts: [...]}}",
            next_step="Say at the branch that its weights are given, or take them out.",
        )  # fmt: skip


def _check_branch(name: str, branch: Branch, relative: bool, tolerance: float) -> None:  # noqa: FBT001 - said by its caller
    lacking = [part for part in part_names(branch) if part not in branch.given]
    if lacking:
        raise ConfigurationError(
            f'"{lacking[0]}" of "{name}" has no weight.', where=branch.place,
            example=f"{{name: {lacking[0]}, weight: 0.25}}",
            next_step="Give every part of the branch a weight, or none: weights: {method: equal}",
        )  # fmt: skip
    total = sum(branch.given.values())
    if total <= 0 or (not relative and abs(total - 1) > tolerance):
        raise ConfigurationError(
            f'The weights of the parts of "{name}" add up to {total:.10g}, not to 1.', where=branch.place,
            next_step="Mend them; where they are relative, say so: weights: {method: given, relative: true}",
        )  # fmt: skip


def _comparisons(matrix: list[list[Any]], parts: int) -> Array:
    """Paired comparisons of so many parts as numbers; 1/3 may stand for a third."""
    if len(matrix) != parts:
        raise ValueError(f"it compares {len(matrix)} parts, the branch has {parts}")
    if any(len(row) != len(matrix) for row in matrix):
        raise ValueError(f"it has {len(matrix)} rows, and a row with another number of entries")
    return np.array([[float(Fraction(str(entry))) for entry in row] for row in matrix])
