"""Improvement of a safe pattern: moves are taken back and found anew where that saves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from keli.methods.suppression.search import CannotProtectError, Search

LEAST_GAIN = 1e-9
"""Part of the cost that counts as a gain; less is rounding."""

FREEING = 400
"""Cells of the window in which other moves are looked for so that a cell can be published."""


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


def freed(search: Search, go_on: Callable[[], bool]) -> float:
    """Publish withheld cells, the dearest first, where who relies on them finds other moves at less; return the saving.

    Args:
        search: A safe pattern.
        go_on: Tells whether there is time left.
    """
    before = search.pool.cost
    secondary = np.flatnonzero(search.pool.secondary)
    for cell in secondary[np.argsort(-search.pool.costs[secondary], kind="stable")].tolist():
        if not go_on():
            break
        if search.pool.secondary[cell]:
            _without(search, cell)
    return before - search.pool.cost


def _without(search: Search, cell: int) -> None:
    """Find the moves that change a cell anew without it; keep them if the pattern became cheaper."""
    pool, cost = search.pool, search.pool.cost
    before = {user: pool.detach(user) for user in pool.relying_on(cell)}
    search.forbidden[cell], search.widest, search.former = True, FREEING, before
    try:
        for user in before:
            search.cover(user)
            if pool.cost >= cost * (1 - LEAST_GAIN):
                break
        else:
            return
    except CannotProtectError:
        pass
    finally:
        search.forbidden[cell], search.widest, search.former = False, len(search.forbidden), {}
    pool.restore(before)


def _tried(search: Search, cell: int) -> None:
    """Find the moves of a cell anew; keep them if the pattern became cheaper."""
    pool, cost = search.pool, search.pool.cost
    before = {cell: pool.detach(cell)}
    search.cover(cell)
    if pool.cost >= cost * (1 - LEAST_GAIN):
        pool.restore(before)
