"""The tree of an index: indicators at its ends, a score at every branch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from keli.methods.composite.ranks import Array


@dataclass(frozen=True)
class Node:
    """An indicator, or a score made of parts.

    Args:
        name: Its name, once in the tree.
        parts: What it is made of; nothing for an indicator.
        column: Column of an indicator in the table of scores.
    """

    name: str
    parts: tuple[Node, ...] = ()
    column: int = -1

    def leaves(self) -> Iterator[Node]:
        """Yield the indicators below, in their order."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def branches(self) -> Iterator[Node]:
        """Yield this score and those below, from the top."""
        if self.parts:
            yield self
        for part in self.parts:
            yield from part.branches()


Blend = Callable[[Node, Array], Array]


def scored(node: Node, scores: Array, blend: Blend) -> dict[str, Array]:
    """Return the score of every branch, from the bottom up.

    Args:
        node: Top of the tree.
        scores: Units in rows, indicators in columns.
        blend: Makes the score of a branch from those of its parts.
    """
    found: dict[str, Array] = {}
    columns = []
    for part in node.parts:
        if part.parts:
            found |= scored(part, scores, blend)
            columns.append(found[part.name])
        else:
            columns.append(scores[:, part.column])
    found[node.name] = blend(node, np.column_stack(columns))
    return found


def without(node: Node, name: str) -> Node | None:
    """Return the tree without a part; a branch that loses its last part goes too; nothing where nothing is left."""
    if node.name == name:
        return None
    if not node.parts:
        return node
    kept = tuple(rest for part in node.parts if (rest := without(part, name)) is not None)
    return replace(node, parts=kept) if kept else None


def gathered(node: Node, weights: Array) -> Array:
    """Weights of the parts of a branch from weights of all indicators: the sum below each, adding up to one.

    Args:
        node: The branch.
        weights: One for each column of indicators.
    """
    below = np.array([sum(weights[leaf.column] for leaf in part.leaves()) for part in node.parts])
    shares: Array = below / below.sum()
    return shares
