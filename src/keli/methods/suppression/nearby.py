"""Nearby cells: those that share relations with a cell, then those that share relations with these, and so on."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from keli.methods.linked_tables.tables import Flags, Integers, LinkedTables


class Neighbourhood:
    """Which cells share relations; found level by level around a cell."""

    def __init__(self, tables: LinkedTables) -> None:
        self._rows = sp.csr_matrix(tables.relations)
        self._columns = sp.csr_matrix(tables.relations.T)
        self._seen_rows = np.zeros(self._rows.shape[0], bool)
        self._seen = np.zeros(tables.size, bool)

    def around(self, cell: int, among: Flags, limit: int) -> Integers:
        """Return cells around one, itself included, ascending, at most `limit` of them.

        Args:
            cell: The cell in the middle.
            among: (n,) cells that count; the way leads through them alone.
            limit: Greatest number of cells.

        Method: breadth first through the relations. Of the last level, where it is too large, those that most of the
        relations reached so far lead to, ties by place.
        """
        found = [np.array([cell])]
        rows_seen = []
        self._seen[cell] = True
        count, level = 1, found[0]
        while len(level) and count < limit:
            rows = np.unique(entries(self._columns, level))
            rows = rows[~self._seen_rows[rows]]
            self._seen_rows[rows] = True
            rows_seen.append(rows)
            reached = entries(self._rows, rows)
            level, hits = np.unique(reached[among[reached] & ~self._seen[reached]], return_counts=True)
            if count + len(level) > limit:
                level = level[np.argsort(-hits, kind="stable")[: limit - count]]
            self._seen[level] = True
            found.append(level)
            count += len(level)
        cells = np.sort(np.concatenate(found))
        self._seen[cells] = False
        for rows in rows_seen:
            self._seen_rows[rows] = False
        return cells


def entries(matrix: sp.csr_matrix, rows: Integers) -> Integers:
    """Return the column of every entry in the given rows."""
    starts = matrix.indptr[rows].astype(np.int64)
    found: Integers = matrix.indices[ranges(starts, matrix.indptr[rows + 1] - starts)].astype(np.int64)
    return found


def ranges(starts: Integers, lengths: Integers) -> Integers:
    """Return start, start + 1, .. for every start, as many as its length, one after the other.

    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) - np.repeat(ends - lengths - starts, lengths)
