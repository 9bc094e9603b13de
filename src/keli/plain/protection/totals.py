"""Totals of a file that has the inner cells only."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pyarrow as pa

from keli.base.errors import SourceError
from keli.methods.linked_tables.tables import Floats, Integers
from keli.plain.protection.cells import ABSOLUTE, FREQ, HOLDERS, LARGEST, Cells


def with_totals(cells: Cells) -> Cells:
    """Return the cells with all their totals behind them.

    Args:
        cells: Inner cells: no code has a code below it.

    Raises:
        SourceError: A row is a total already.

    Method: values and counts are added; the largest contributions to a total are the largest of those to its parts,
    each holder in one inner cell only. Where a holder is in several, give the totals in the file.
    """
    for axis, parents in enumerate(cells.parents):
        inner = ~np.isin(np.arange(len(parents)), parents)
        wrong = np.flatnonzero(~inner[cells.codes[:, axis]])
        if len(wrong):
            raise SourceError(
                f"The cell {cells.address(int(wrong[0]))} is a total; the SPEC says totals: compute.",
                where=cells.place(int(wrong[0]), cells.spec.dimensions[axis].column),
                next_step="Leave totals out of the file, or take totals: compute out of the SPEC.",
            )
    codes, part, into = _sums(cells)
    count = len(codes)
    numbers = {
        name: np.bincount(into, cells.numbers[name][part], count).astype(np.float64)
        for name in (FREQ, cells.spec.value, HOLDERS, ABSOLUTE)
        if name in cells.numbers
    }
    given = [name for name in LARGEST if name in cells.numbers]
    if given:
        largest = np.concatenate([np.nan_to_num(cells.numbers[name][part]) for name in given])
        ranked = _ranked(np.tile(into, len(given)), largest, count, len(given))
        numbers |= {name: ranked[:, rank] for rank, name in enumerate(given)}
    return _appended(cells, codes, numbers)


def _sums(cells: Cells) -> tuple[Integers, Integers, Integers]:
    """(t, d) codes of the totals, and for each inner cell and each of its totals (part, into)."""
    lines = [_lines(parents) for parents in cells.parents]
    pieces, parts = [], []
    for steps in product(*(range(line.shape[1]) for line in lines)):
        if not any(steps):
            continue
        above = np.column_stack(
            [line[cells.codes[:, axis], step] for axis, (line, step) in enumerate(zip(lines, steps, strict=True))]
        )
        there = (above >= 0).all(axis=1)
        pieces.append(above[there])
        parts.append(np.flatnonzero(there))
    codes, into = np.unique(np.concatenate(pieces), axis=0, return_inverse=True)
    return codes, np.concatenate(parts), into.reshape(-1)


def _lines(parents: Integers) -> Integers:
    """(codes, depth) each code, its parent, the parent of that, and so on; -1 above the total."""
    line = [np.arange(len(parents))]
    while (line[-1] >= 0).any():
        line.append(np.where(line[-1] >= 0, parents[line[-1]], -1))
    return np.column_stack(line[:-1])


def _ranked(into: Integers, largest: Floats, count: int, ranks: int) -> Floats:
    """(count, ranks) the largest contributions to each total, in descending order."""
    order = np.lexsort((-largest, into))
    into, largest = into[order], largest[order]
    rank = np.arange(len(into)) - np.searchsorted(into, into)
    kept = rank < ranks
    ranked = np.zeros((count, ranks))
    ranked[into[kept], rank[kept]] = largest[kept]
    return ranked


def _appended(cells: Cells, codes: Integers, numbers: dict[str, Floats]) -> Cells:
    columns: dict[str, pa.Array] = {}
    for name in cells.rows.column_names:
        axis = next((axis for axis, d in enumerate(cells.spec.dimensions) if d.column == name), None)
        if axis is not None:
            columns[name] = pa.array([cells.labels[axis][code] for code in codes[:, axis]], pa.string())
        elif name in numbers:
            step = cells.step if name in (cells.spec.value, ABSOLUTE) else None
            columns[name] = pa.array([_text(number, step) for number in numbers[name].tolist()], pa.string())
        else:
            columns[name] = pa.nulls(len(codes), pa.string())
    rows = pa.concat_tables([cells.rows, pa.table(columns)])
    empty = np.full(len(codes), np.nan)
    joined = {name: np.concatenate([found, numbers.get(name, empty)]) for name, found in cells.numbers.items()}
    return replace(cells, rows=rows, codes=np.vstack([cells.codes, codes]), numbers=joined)


def _text(number: float, step: float | None) -> str:
    """A number as the file writes it: a sum in steps of the values, a count or a contribution as it is."""
    return f"{number:.15g}" if step is None else f"{number:.{max(0, round(-np.log10(step)))}f}"
