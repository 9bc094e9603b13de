"""Holders as attackers, from what a table tells of the contributors of its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from keli.methods.linked_tables.tables import Floats, Holder, Integers

PRESENT = 1e-12
"""Stands for a contribution of zero, which is a contribution too."""


@dataclass(frozen=True)
class Sums:
    """Relations that say: a total is the sum of its parts.

    Args:
        total: (s,) the total of each.
        of: (p,) the sum to which a part belongs.
        part: (p,) the part.
    """

    total: Integers
    of: Integers
    part: Integers


def sums_of(relations: Any) -> Sums:
    """Return the relations that have one cell of one sign and all others of the other, with coefficients of one."""
    rows = sp.csr_matrix(relations)
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    plain = np.bincount(row, np.abs(rows.data) == 1, rows.shape[0]) == np.diff(rows.indptr)
    positive = np.bincount(row, rows.data > 0, rows.shape[0]) == 1
    negative = np.bincount(row, rows.data < 0, rows.shape[0]) == 1
    sign = np.where(positive, 1.0, -1.0)
    is_sum = plain & (positive | negative)
    is_total = is_sum[row] & (np.sign(rows.data) == sign[row])
    is_part = is_sum[row] & ~is_total
    number = np.cumsum(is_sum) - 1
    # A relation of two cells says that they are equal: the first is taken as the total.
    total = np.zeros(int(is_sum.sum()), np.int64)
    total[number[row[is_total]]] = rows.indices[is_total]
    return Sums(total, number[row[is_part]], rows.indices[is_part].astype(np.int64))


def holders_without_names(largest: Floats, contributors: Integers, relations: Any) -> list[Holder]:
    """Holders behind the largest contribution of each cell, where nobody says who they are.

    Args:
        largest: (n,) largest contribution of each cell; 0 where it is not known.
        contributors: (n,) number of holders.
        relations: (m, n) relations.

    Returns:
        Holders with the cells of which they are known to be the largest contributor, and with the totals above these.

    Method: each cell has a holder of its own, with two exceptions that are certain. The lone contributor of a total is
    the lone contributor of each part that is not empty. Where the largest contribution to a part equals that to the
    total, whoever gave it to the part is a largest contributor of the total too; of several such parts the first one's
    holder is taken.
    """
    sums, count = sums_of(relations), len(largest)
    total, part = sums.total[sums.of], sums.part
    active = (contributors[total] > 0) & (contributors[part] > 0)
    alone = active & (contributors[total] == 1)
    equal = np.flatnonzero(active & ~alone & (largest[part] == largest[total]) & (largest[total] > 0))
    first = equal[np.unique(sums.of[equal], return_index=True)[1]]
    same = alone.copy()
    same[first] = True
    links = sp.csr_matrix((np.ones(int(same.sum())), (total[same], part[same])), shape=(count, count))
    _, label = connected_components(links, directed=False)
    counted = np.flatnonzero((largest > 0) | (contributors == 1))
    return holders_by_name(label[counted].astype(np.int64), counted, largest[counted], relations)


def holders_by_name(names: Integers, cells: Integers, own: Floats, relations: Any) -> list[Holder]:
    """Holders who are named: each with all cells to which it is known to contribute, and with the totals above these.

    Args:
        names: (e,) number of the holder of each entry, from 0.
        cells: (e,) the cell.
        own: (e,) its contribution, absolute.
        relations: (m, n) relations.

    Method: to a total a holder contributes at least what it contributes to all parts of one sum.
    """
    sums, count = sums_of(relations), relations.shape[1]
    shape = (int(names.max()) + 1 if len(names) else 0, count)
    known = sp.csr_matrix((own + PRESENT, (names, cells)), shape=shape)
    gather = sp.csr_matrix((np.ones(len(sums.part)), (sums.part, sums.of)), shape=(count, len(sums.total)))
    while True:
        added = (known @ gather).tocoo()
        wider = _at_least(known, added.row, sums.total[added.col], added.data)
        if (wider != known).nnz == 0:
            break
        known = wider
    return [
        Holder(known.indices[a:b].astype(np.int64), np.maximum(known.data[a:b] - PRESENT, 0.0))
        for a, b in zip(known.indptr[:-1], known.indptr[1:], strict=True)
        if b > a
    ]


def _at_least(known: Any, holders: Integers, cells: Integers, own: Floats) -> Any:
    """Contributions raised to the given ones where these are larger by more than rounding."""
    before = known.tocoo()
    holder, cell = np.concatenate([before.row, holders]), np.concatenate([before.col, cells])
    amount = np.concatenate([before.data, own * (1 - PRESENT)])
    order = np.lexsort((-amount, cell, holder))
    holder, cell, amount = holder[order], cell[order], amount[order]
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(holder) != 0) | (np.diff(cell) != 0)
    return sp.csr_matrix((amount[first], (holder[first], cell[first])), shape=known.shape)
