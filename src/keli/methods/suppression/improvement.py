"""Improvement of a safe pattern: moves are taken back and found anew where that saves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keli.methods.suppression.search import Search

LEAST_GAIN = 1e-9
"""Part of the cost that counts as a gain; less is rounding."""


def rerouted(search: Search, cells: Sequence[int], go_on: Callable[[], bool]) -> float:
    """Find the moves of sensitive cells anew where some cells are withheld for them alone; return what it saved.

    Args:
        search: A safe pattern.
        cells: The sensitive cells, in the order in which they are tried.
        go_on: Tells whether there is time left.
    """
    before = search.pool.cost
    for cell in cells:
        if not go_on():
            break
        if search.pool.own_cost(cell) > 0:
            _tried(search, cell)
    return before - search.pool.cost


def _tried(search: Search, cell: int) -> None:
    """Find the moves of a cell anew; keep them if the pattern became cheaper."""
    pool, cost = search.pool, search.pool.cost
    before = {cell: pool.detach(cell)}
    search.cover(cell)
    if pool.cost >= cost * (1 - LEAST_GAIN):
        pool.restore(before)
