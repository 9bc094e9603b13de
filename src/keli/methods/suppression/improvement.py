"""Improvement of a safe pattern: moves are taken back and found anew, cells are freed where that saves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from keli.methods.suppression.search import CannotProtectError, Search

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
            _tried(search, [cell])
    return before - search.pool.cost


def freed(search: Search, most_relying: int, go_on: Callable[[], bool]) -> float:
    """Free withheld cells, dearest first, by other moves for all that rely on them; return what it saved.

    Args:
        search: A safe pattern.
        most_relying: A cell on which more sensitive cells rely is left.
        go_on: Tells whether there is time left.
    """
    before = search.pool.cost
    secondary = np.flatnonzero(search.pool.secondary)
    for cell in secondary[np.argsort(-search.pool.costs[secondary], kind="stable")].tolist():
        if not go_on():
            break
        relying = search.pool.relying_on(cell)
        if 0 < len(relying) <= most_relying:
            search.forbidden[cell] = True
            _tried(search, relying)
            search.forbidden[cell] = False
    return before - search.pool.cost


def _tried(search: Search, cells: Sequence[int]) -> None:
    """Find the moves of some cells anew; keep them if the pattern became cheaper."""
    pool = search.pool
    cost = pool.cost
    before = {cell: pool.detach(cell) for cell in cells}
    try:
        for cell in cells:
            search.cover(cell)
            if pool.cost >= cost:
                break
    except CannotProtectError:
        pool.restore(before)
        return
    if pool.cost >= cost * (1 - LEAST_GAIN):
        pool.restore(before)
