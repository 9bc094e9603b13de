"""Cells counted in multiples of the base, and how totals follow from inner cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from keli.base.errors import ConfigurationError
from keli.methods.linked_tables.holders import sums_of
from keli.methods.linked_tables.tables import Floats, Integers, LinkedTables

EXACT = 1e-9
"""Part of the base by which a value may miss a multiple and count as one: rounding of floating point numbers."""

FAR = 100.0
"""Cost of one step past a neighbouring multiple, in deviations of one base."""

EVERY = slice(None)


@dataclass(frozen=True)
class Lattice:
    """n cells in units of the base, c of them inner cells.

    Args:
        wanted: (n,) values divided by the base.
        low: (n,) the multiple at or below.
        high: (n,) the multiple at or above.
        inner: (c,) cells that are no total, ascending.
        of_inner: (n, c) sparse; each cell as a sum of inner cells.
        further: Sparse rows over inner cells that must be zero besides: sums of one total over two groupings.
        most_sums: The largest number of sums of which one cell is a part.
    """

    wanted: Floats
    low: Floats
    high: Floats
    inner: Integers
    of_inner: Any
    further: Any
    most_sums: int

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.wanted)

    @property
    def determined(self) -> bool:
        """Whether inner cells may be chosen freely."""
        return bool(self.further.shape[0] == 0)

    def beyond(self, steps: Floats, cells: Integers | slice = EVERY) -> Floats:
        """Return by how many steps the given cells lie past their neighbouring multiples."""
        return np.maximum(np.maximum(self.low[cells] - steps, steps - self.high[cells]), 0.0)

    def cost(self, steps: Floats, cells: Integers | slice = EVERY) -> Floats:
        """Return the deviation of cells that are at the given multiples, with what lies past the neighbours."""
        return np.abs(steps - self.wanted[cells]) + FAR * self.beyond(steps, cells)


def lattice_of(tables: LinkedTables, base: int) -> Lattice:
    """Return the cells of tables in units of the base.

    Raises:
        ConfigurationError: A relation is no sum.
    """
    relations, count = sp.csr_matrix(tables.relations), tables.size
    sums = sums_of(relations)
    if len(sums.total) < relations.shape[0]:
        raise ConfigurationError(
            "Controlled rounding needs relations that say: a total is the sum of its parts.",
            next_step="Leave relations with other coefficients out; round their cells afterwards.",
        )
    wanted = tables.values / base
    near = np.rint(wanted)
    wanted = np.where(np.abs(wanted - near) <= EXACT * np.maximum(1.0, np.abs(near)), near, wanted)
    _, first = np.unique(sums.total, return_index=True)
    chosen = np.isin(sums.of, first)
    parts = sp.csr_matrix(
        (np.ones(int(chosen.sum())), (sums.total[sums.of[chosen]], sums.part[chosen])), shape=(count, count)
    )
    is_inner = np.ones(count, bool)
    is_inner[sums.total] = False
    inner = np.flatnonzero(is_inner)
    piece = sp.csr_matrix((np.ones(len(inner)), (inner, np.arange(len(inner)))), shape=(count, len(inner)))
    of_inner = piece
    while piece.nnz:
        piece = parts @ piece
        of_inner = of_inner + piece
    further = sp.csr_matrix(relations @ of_inner)
    further.eliminate_zeros()
    further = further[np.diff(further.indptr) > 0]
    most = int(np.bincount(sums.part, minlength=1).max())
    return Lattice(wanted, np.floor(wanted), np.ceil(wanted), inner, sp.csr_matrix(of_inner), further, most)
