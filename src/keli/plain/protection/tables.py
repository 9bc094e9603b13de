"""Cells of several files as linked tables: which are the same cell, and which relations hold between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from keli.base.errors import Place, SourceError
from keli.methods.linked_tables.tables import Flags, Floats, Integers, LinkedTables
from keli.plain.protection.cells import FREQ, HOLDERS, LOWER, UPPER, Cells

ADDITIVE = 1e-9
"""Part of a total by which its parts may miss it: rounding of floating point numbers."""

HALF = 0.5


@dataclass(frozen=True)
class Joined:
    """Files of cells as linked tables.

    Args:
        files: The files.
        places: For each file, where each of its rows stands among the cells.
        first: (n,) for each cell the file and the row in which it is met first.
        tables: The cells and their relations.
        non_negative: Whether everybody is taken to know that no value is negative.
    """

    files: tuple[Cells, ...]
    places: tuple[Integers, ...]
    first: tuple[tuple[int, int], ...]
    tables: LinkedTables
    non_negative: bool

    def where(self, cell: int, column: str | None = None) -> Place:
        """Return the file and row of a cell."""
        file, row = self.first[cell]
        return self.files[file].place(row, column)

    def address(self, cell: int) -> str:
        """Return the codes of a cell, as messages show them."""
        file, row = self.first[cell]
        return self.files[file].address(row)

    def of_cells(self, columns: Sequence[Floats]) -> Floats:
        """Return a column given by file as (n,) numbers of cells: those of the first row of each."""
        found = np.zeros(self.tables.size)
        for places, column in reversed(list(zip(self.places, columns, strict=True))):
            found[places] = column
        return found


def joined(files: Sequence[Cells]) -> Joined:
    """Join files of cells that are published together.

    Raises:
        SourceError: A cell has two values, a total is missing or is not the sum of its parts.

    Method: a cell is known by its codes that are not totals, and by the name of the value. Cells that a file does not
    list have no contributors.
    """
    places, first = _same_cells(files)
    count = len(first)
    relations = sp.csr_matrix(
        sp.vstack([_relations(cells, place, count) for cells, place in zip(files, places, strict=True)])
    )
    start = Joined(tuple(files), tuple(places), tuple(first), _empty(count), non_negative=False)
    values = start.of_cells([cells.values for cells in files])
    non_negative = all(cells.spec.options.get("non_negative", bool((cells.values >= 0).all())) for cells in files)
    holders = start.of_cells([cells.numbers.get(HOLDERS, cells.numbers[FREQ]) for cells in files])
    nothing = start.of_cells([cells.numbers[FREQ] for cells in files]) == 0
    safe = all(cells.spec.options["zeros"] == "safe" for cells in files)
    floor = 0.0 if non_negative else -np.inf
    least = _bounds(start, LOWER, floor)
    most = _bounds(start, UPPER, np.inf)
    tables = LinkedTables(values, relations, least, most, (nothing & safe) | (least == most), holders.astype(np.int64))
    found = Joined(start.files, start.places, start.first, tables, non_negative)
    _check_one_value(found)
    _check_additive(found)
    _check_bounds(found)
    return found


def _empty(count: int) -> LinkedTables:
    nothing = np.zeros(count)
    return LinkedTables(nothing, sp.csr_matrix((0, count)), nothing, nothing, nothing > 0, nothing.astype(np.int64))


def _same_cells(files: Sequence[Cells]) -> tuple[list[Integers], list[tuple[int, int]]]:
    known: dict[tuple[object, ...], int] = {}
    places, first = [], []
    for number, cells in enumerate(files):
        columns = [dimension.column for dimension in cells.spec.dimensions]
        found = np.zeros(len(cells.values), np.int64)
        for row, codes in enumerate(cells.codes.tolist()):
            inner = tuple(sorted((columns[a], cells.labels[a][code]) for a, code in enumerate(codes) if code))
            key = (cells.spec.value, inner)
            if key not in known:
                known[key] = len(known)
                first.append((number, row))
            found[row] = known[key]
        places.append(found)
    return places, first


def _relations(cells: Cells, places: Integers, count: int) -> sp.csr_matrix:
    """Relations of one file: for each total, its parts in one dimension."""
    blocks = [sp.csr_matrix((0, count))]
    for axis, parents in enumerate(cells.parents):
        code = cells.codes[:, axis]
        part = np.flatnonzero(parents[code] >= 0)
        above = cells.codes[part].copy()
        above[:, axis] = parents[code[part]]
        keys, number = np.unique(above, axis=0, return_inverse=True)
        number = number.reshape(-1)
        total = _rows_of(cells.codes, keys)
        if (total < 0).any():
            row = int(part[np.flatnonzero(total[number] < 0)[0]])
            raise SourceError(
                f"The total in {cells.spec.dimensions[axis].column} above the cell {cells.address(row)} is not there.",
                where=cells.place(row),
                next_step="Add the total, or give inner cells only and say totals: compute in the SPEC.",
            )
        row_of = np.concatenate([np.arange(len(keys)), number])
        column = np.concatenate([places[total], places[part]])
        sign = np.concatenate([np.ones(len(keys)), -np.ones(len(part))])
        blocks.append(sp.csr_matrix((sign, (row_of, column)), shape=(len(keys), count)))
    return sp.csr_matrix(sp.vstack(blocks))


def _rows_of(codes: Integers, keys: Integers) -> Integers:
    """Row of each key among the codes; -1 where it is not there."""
    both, inverse = np.unique(np.vstack([codes, keys]), axis=0, return_inverse=True)
    row = np.full(len(both), -1, np.int64)
    inverse = inverse.reshape(-1)
    row[inverse[: len(codes)]] = np.arange(len(codes))
    return row[inverse[len(codes) :]]


def _bounds(found: Joined, column: str, otherwise: float) -> Floats:
    given = [
        np.where(np.isnan(cells.numbers[column]), otherwise, cells.numbers[column])
        if column in cells.numbers
        else np.full(len(cells.values), otherwise)
        for cells in found.files
    ]
    return found.of_cells(given)


def _check_one_value(found: Joined) -> None:
    for cells, places in zip(found.files, found.places, strict=True):
        other = np.flatnonzero(np.abs(cells.values - found.tables.values[places]) > cells.step * HALF)
        if len(other):
            cell = int(places[other[0]])
            raise SourceError(
                f"The cell {cells.address(int(other[0]))} has another value in {found.where(cell)}.",
                where=cells.place(int(other[0]), cells.spec.value),
                next_step="Linked tables must agree where they share a cell.",
            )


def _check_additive(found: Joined) -> None:
    tables = found.tables
    missed = np.abs(tables.relations @ tables.values)
    size = abs(tables.relations) @ np.abs(tables.values)
    step = min(cells.step for cells in found.files)
    wrong = np.flatnonzero(missed > np.maximum(ADDITIVE * size, step * HALF))
    if len(wrong):
        row = tables.relations[[wrong[0]]]
        total = int(row.indices[row.data > 0][0])
        below = row.data < 0
        parts = -float(row.data[below] @ tables.values[row.indices[below]])
        raise SourceError(
            f"The total {found.address(total)} is {tables.values[total]:.15g}; "
            f"its {int(below.sum())} parts add up to {parts:.15g}.",
            where=found.where(total),
            next_step="Mend the table: protection rests on sums that close. Rounded figures may not close.",
        )


def _check_bounds(found: Joined) -> None:
    tables = found.tables
    wrong: Flags = (tables.values < tables.least) | (tables.values > tables.most)
    if wrong.any():
        cell = int(np.flatnonzero(wrong)[0])
        raise SourceError(
            f"The value of the cell {found.address(cell)} lies outside its bounds.",
            where=found.where(cell),
            next_step="Mend lower_bound or upper_bound, or say non_negative: false in the SPEC.",
        )
