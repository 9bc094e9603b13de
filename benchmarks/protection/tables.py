"""Tables of business magnitudes for the benchmark of protection: units of heavy-tailed size, sparse cells."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt

GROUP = 5
"""Codes below one code of the level above, about."""

TAIL, SPREAD, MEDIAN = 1.2, 1.3, 800.0
"""Units: lognormal of this spread around the median; one in twenty Pareto of this tail from ten times the median on."""

RULES = "rules: [{min_count: 3}, {p_percent: 10}]\nprotection_percent: rule\n"
NAMES = ("area", "activity", "size", "ownership")

Array = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Made:
    """A table that was made.

    Args:
        cells: Cells in the file: those with a contributor.
        grid: All combinations of codes.
        dimensions: Names of its dimensions.
    """

    cells: int
    grid: int
    dimensions: tuple[str, ...]


def tree(size: int) -> Array:
    """Parents of the codes of one dimension of about the given size: a total, groups, and codes below the groups."""
    groups = max(2, round((size - 1) / (GROUP + 1)))
    below = max(groups, size - 1 - groups)
    return np.array([-1, *[0] * groups, *(1 + place % groups for place in range(below))], np.int64)


def labels(name: str, parents: Array) -> list[str]:
    """Codes: T, then A01 .. of groups, A01001 .. of those below."""
    made, letter = ["T"], name[0].upper()
    for place, parent in enumerate(parents[1:].tolist(), 1):
        made.append(f"{letter}{place:03d}" if parent == 0 else f"{made[parent]}{place:04d}")
    return made


def make_table(shape: tuple[int, ...], seed: int, folder: Path, *, units_per_cell: float, shared: float) -> Made:
    """Write cells.csv, hierarchies, spec.yaml and units.csv into a folder.

    Args:
        shape: Codes of each dimension, totals and groups among them.
        seed: Of all that is drawn.
        folder: Where to write.
        units_per_cell: Units for each inner cell on average; half of the cells have most of them.
        shared: Share of units that belong to a holder with units in other cells too.
    """
    drawn = np.random.default_rng(seed)
    trees = [tree(size) for size in shape]
    inner = [np.flatnonzero(~np.isin(np.arange(len(parents)), parents)) for parents in trees]
    count = int(np.prod([len(codes) for codes in inner]) * units_per_cell)
    units = np.column_stack([codes[(drawn.beta(1, 1.4, count) * len(codes)).astype(np.int64)] for codes in inner])
    large = drawn.random(count) < 0.05
    sizes = MEDIAN * np.where(large, 10 * (1 + drawn.pareto(TAIL, count)), drawn.lognormal(0, SPREAD, count))
    values = np.maximum(1, np.rint(np.minimum(sizes, MEDIAN * 10_000))).astype(np.int64)
    holders = np.arange(count)
    grouped = np.flatnonzero(drawn.random(count) < shared)
    holders[grouped] = grouped[(drawn.random(len(grouped)) * len(grouped) / 3).astype(np.int64)]
    names = NAMES[: len(shape)]
    coded = [labels(name, parents) for name, parents in zip(names, trees, strict=True)]
    rows = _cells(units, holders, values, trees)
    _write(folder / "cells.csv", [*names, "freq", "holder_freq", "value", *_largest(shared)], rows, coded, shared)
    for name, parents, codes in zip(names, trees, coded, strict=True):
        pairs = [(codes[place], codes[parent]) for place, parent in enumerate(parents.tolist()) if parent >= 0]
        _lines(folder / f"{name}.csv", [("child", "parent"), *pairs])
        tops = [("@" * (1 if parents[p] else 0)) + codes[p] for p in _in_order(parents)]
        (folder / f"{name}.hrc").write_text("\n".join(tops) + "\n", encoding="utf-8")
    told = [tuple(codes[place] for codes, place in zip(coded, unit, strict=True)) for unit in units.tolist()]
    listed = [(*codes, value) for codes, value in zip(told, values.tolist(), strict=True)]
    _lines(folder / "units.csv", [(*names, "value"), *listed])
    return Made(len(rows), int(np.prod([len(parents) for parents in trees])), names)


def write_spec(folder: Path, names: tuple[str, ...], *, insider: str, seconds: float, method: str = "auto") -> Path:
    """Write the SPEC that asks for protection against one insider or none, by a method."""
    spec = folder / f"spec_{insider}.yaml"
    dimensions = "".join(f"  - {{column: {name}, total: T, hierarchy: {name}.csv}}\n" for name in names)
    said = f"dimensions:\n{dimensions}value: value\n{RULES}insider: {insider}\ntime_limit: {seconds:g}\n"
    said += f"method: {method}\n"
    spec.write_text(said, encoding="utf-8")
    return spec


def _in_order(parents: Array) -> list[int]:
    """Codes below the total, each group followed by what is below it."""
    ordered = []
    for group in np.flatnonzero(parents == 0).tolist():
        ordered += [group, *np.flatnonzero(parents == group).tolist()]
    return ordered


def _largest(shared: float) -> list[str]:
    named = ["x1_holder", "x2_holder", "x3_holder"] if shared else []
    return ["x1", "x2", "x3", *named]


def _cells(units: Array, holders: Array, values: Array, trees: list[Array]) -> list[tuple[int, ...]]:
    """One row a cell: codes, units, holders, value, three largest contributions by holder, and who gave them."""
    rows: list[tuple[int, ...]] = []
    for levels in product(range(3), repeat=len(trees)):
        codes = np.column_stack([_above(units[:, axis], parents, levels[axis]) for axis, parents in enumerate(trees)])
        cell_codes, cell = np.unique(codes, axis=0, return_inverse=True)
        cell = cell.reshape(-1)
        pairs, pair = np.unique(cell * (int(holders.max()) + 1) + holders, return_inverse=True)
        own = np.bincount(pair.reshape(-1), values).astype(np.int64)
        of, who = pairs // (int(holders.max()) + 1), pairs % (int(holders.max()) + 1)
        order = np.lexsort((who, -own, of))
        first = np.searchsorted(of[order], np.arange(len(cell_codes)))
        number = np.bincount(of, minlength=len(cell_codes))
        freq = np.bincount(cell, minlength=len(cell_codes))
        total = np.bincount(cell, values, len(cell_codes)).astype(np.int64)
        ranked = [np.where(number > rank, order[np.minimum(first + rank, len(order) - 1)], -1) for rank in range(3)]
        top = [np.where(place >= 0, own[place], 0) for place in ranked]
        names = [np.where(place >= 0, who[place], -1) for place in ranked]
        rows += zip(*(column.tolist() for column in (*cell_codes.T, freq, number, total, *top, *names)), strict=True)
    return rows


def _above(codes: Array, parents: Array, level: int) -> Array:
    """Codes, their groups or the total."""
    return [codes, parents[codes], np.zeros_like(codes)][level]


def _write(path: Path, head: list[str], rows: list[tuple[int, ...]], coded: list[list[str]], shared: float) -> None:
    count = len(coded)
    lines: list[tuple[object, ...]] = [tuple(head)]
    for row in rows:
        names = ["" if who < 0 else f"h{who}" for who in row[-3:]] if shared else []
        lines.append((*(codes[c] for codes, c in zip(coded, row[:count], strict=True)), *row[count:-3], *names))
    _lines(path, lines)


def _lines(path: Path, rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
