"""Tables for the tests of protection: made from inner cells, with their relations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from keli.methods.linked_tables.tables import Change, Demands, LinkedTables, Pattern, Witness


def sum_of(parents: Sequence[int], count: int) -> Any:
    """Relations of one dimension: code -> parent; the first code is the total."""
    totals = sorted(set(parents) - {-1})
    relations = np.zeros((len(totals), count))
    for row, total in enumerate(totals):
        relations[row, total] = 1
        relations[row, [code for code, parent in enumerate(parents) if parent == total]] = -1
    return relations


def table_of(inner: Any, *parents: Sequence[int], least: float = 0.0) -> LinkedTables:
    """A table of all dimensions from the values of all codes, of which only those without a code below them count."""
    values = np.array(inner, float)
    for axis, above in enumerate(parents):
        moved = np.moveaxis(values, axis, 0)
        for code in range(len(above) - 1, 0, -1):
            if code in above:
                moved[code] = moved[[part for part, parent in enumerate(above) if parent == code]].sum(axis=0)
        moved[0] = moved[[part for part, parent in enumerate(above) if parent == 0]].sum(axis=0)
    sizes = [len(above) for above in parents]
    blocks = []
    for axis, above in enumerate(parents):
        pieces = [sp.identity(size) for size in sizes]
        pieces[axis] = sp.csr_matrix(sum_of(above, sizes[axis]))
        block = pieces[0]
        for piece in pieces[1:]:
            block = sp.kron(block, piece)
        blocks.append(block)
    flat = values.reshape(-1)
    count = len(flat)
    return LinkedTables(
        flat, sp.csr_matrix(sp.vstack(blocks)), np.full(count, least), np.full(count, np.inf), np.zeros(count, bool),
        np.full(count, 10, np.int64),
    )  # fmt: skip


@pytest.fixture
def make_table() -> Callable[..., LinkedTables]:
    """Makes a table from the values of its codes; totals are worked out."""
    return table_of


@pytest.fixture
def district() -> LinkedTables:
    """Three areas by two sizes with totals, area by area: total, small, large; the sums are in the manual."""
    return table_of([[0, 0, 0], [0, 100, 120], [0, 40, 180], [0, 100, 100]], [-1, 0, 0, 0], [-1, 0, 0])


@pytest.fixture
def b_small() -> Demands:
    """The cell of area B and small firms, 40, may not be known closer than 4."""
    return Demands(np.array([7]), np.array([4.0]), np.array([4.0]))


@pytest.fixture
def rectangle() -> Pattern:
    """B and C, small and large, withheld; one move of 4 proves B small safe, up and turned round."""
    withheld = np.zeros(12, bool)
    withheld[[7, 8, 10, 11]] = True
    change = Change(np.array([7, 8, 10, 11]), np.array([4.0, -4.0, -4.0, 4.0]))
    witnesses = [Witness(7, 0, 1.0), Witness(7, 0, -1.0)]
    return Pattern(withheld, [change], witnesses, optimal=True, bound=380.0, complete=True)
