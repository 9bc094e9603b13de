"""Controlled rounding of large tables: cells in turn, descent, then programs around totals that went too far."""

from __future__ import annotations

from typing import Any

import numpy as np

from keli.methods.linked_tables.tables import Floats, Integers
from keli.methods.rounding.lattice import Lattice
from keli.methods.rounding.programs import Programs

HALF = 0.5
PASSES = 30
REGION = 250
"""Inner cells that a program of a part may choose anew."""
REGION_NODES = 20
ROWS = 400_000
"""Cells in all programs of parts: the work is bounded by a count, so that it does not hang on the clock."""
LEAST_GAIN = 1e-9


def nearer(lattice: Lattice, programs: Programs, *, descend_only: bool) -> Floats:
    """Return (c,) multiples of the inner cells, found without a program of the whole.

    Args:
        lattice: The cells; inner cells may be chosen freely.
        programs: Programs over them.
        descend_only: Leave out the programs of parts.
    """
    above = lattice.of_inner.tocsc()
    inner = _in_turn(lattice, above)
    steps = _descended(lattice, above, inner)
    if not descend_only:
        _mended(lattice, programs, inner, steps)
    return inner


def _in_turn(lattice: Lattice, above: Any) -> Floats:
    """Round inner cells in turn, upwards where the totals above each were left short so far."""
    inner = lattice.low[lattice.inner].copy()
    share = lattice.wanted[lattice.inner] - inner
    left = np.zeros(lattice.size)
    for place in np.flatnonzero(share > 0).tolist():
        cells = above.indices[above.indptr[place] : above.indptr[place + 1]]
        if left[cells].mean() + share[place] > HALF:
            inner[place] += 1
            left[cells] += share[place] - 1
        else:
            left[cells] += share[place]
    return inner


def _descended(lattice: Lattice, above: Any, inner: Floats) -> Floats:
    """Turn single inner cells to their other neighbour while that comes nearer; return the steps of all cells."""
    steps = np.asarray(lattice.of_inner @ inner)
    low, high = lattice.low[lattice.inner], lattice.high[lattice.inner]
    for _ in range(PASSES):
        cost = lattice.cost(steps)
        up, down = lattice.cost(steps + 1) - cost, lattice.cost(steps - 1) - cost
        gain = np.where(inner < high, above.T @ up, np.where(inner > low, above.T @ down, 0.0))
        gain = np.where(high > low, gain, 0.0)
        places = np.flatnonzero(gain < -LEAST_GAIN)
        turned = 0
        for place in places[np.argsort(gain[places], kind="stable")].tolist():
            cells = above.indices[above.indptr[place] : above.indptr[place + 1]]
            turn = 1.0 if inner[place] < high[place] else -1.0
            before = steps[cells]
            if lattice.cost(before + turn, cells).sum() < lattice.cost(before, cells).sum() - LEAST_GAIN:
                inner[place] += turn
                steps[cells] += turn
                turned += 1
        if not turned:
            break
    return steps


def _mended(lattice: Lattice, programs: Programs, inner: Floats, steps: Floats) -> None:
    """Choose inner cells anew, part by part, around the cells that are far, in place."""
    tried = np.zeros(lattice.size, bool)
    while programs.rows < ROWS:
        far = lattice.beyond(steps)
        open_ = np.flatnonzero((far > 0) & ~tried)
        if not len(open_):
            break
        free = _around(lattice, far, int(open_[0]))
        found = programs.part(inner, free, REGION_NODES)
        after = np.asarray(lattice.of_inner @ found)
        if lattice.cost(after).sum() < lattice.cost(steps).sum() - LEAST_GAIN:
            inner[:], steps[:] = found, after
        else:
            tried[open_[0]] = True


def _around(lattice: Lattice, far: Floats, cell: int) -> Integers:
    """Places of inner cells that may turn, first those below the cell that lie below most cells that are far."""
    below = lattice.of_inner.T @ np.minimum(far, 1.0) + len(far) * lattice.of_inner[[cell]].toarray().ravel()
    turns = lattice.high[lattice.inner] > lattice.low[lattice.inner]
    order = np.argsort(-np.where(turns, below, -1.0), kind="stable")
    return np.sort(order[: min(REGION, int(turns.sum()))])
