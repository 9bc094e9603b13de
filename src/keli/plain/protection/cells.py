"""CELLS: the file of cells that keli protect reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keli.base.errors import Place, SourceError
from keli.methods.linked_tables.tables import Flags, Floats, Integers
from keli.plain.files import open_plain, read_plain, require_columns
from keli.plain.protection.spec import Dimension, Spec

FREQ, HOLDERS, WEIGHT, COST = "freq", "holder_freq", "weight", "cost"
LOWER, UPPER, PRIMARY, ABSOLUTE = "lower_bound", "upper_bound", "primary", "absolute"
CELL_KEY = "cell_key"
LARGEST = ("x1", "x2", "x3")
NAMES = tuple(f"{name}_holder" for name in LARGEST)
YES, NO = {"1", "true", "yes", "y", "x"}, {"", "0", "false", "no", "n"}
HEAD = 2
"""Row of the file in which its first cell stands: the head is row 1."""


@dataclass(frozen=True)
class Cells:
    """Cells of one table as delivered, n rows.

    Args:
        spec: What is said of the table.
        file: Where they were read.
        rows: All columns as text.
        codes: (n, d) code of each row in each dimension, as a place in `labels`.
        labels: For each dimension its codes; the total first.
        parents: For each dimension the place of each code's parent; -1 for the total.
        numbers: Column -> (n,) numbers; freq and the values always, the others where they are there.
        step: Smallest unit in which the values are written.
    """

    spec: Spec
    file: Path
    rows: pa.Table
    codes: Integers
    labels: tuple[tuple[str, ...], ...]
    parents: tuple[Integers, ...]
    numbers: dict[str, Floats]
    step: float

    @property
    def values(self) -> Floats:
        """(n,) values."""
        return self.numbers[self.spec.value]

    def place(self, row: int, column: str | None = None) -> Place:
        """Return where a row stands in the file."""
        return Place(str(self.file), row + HEAD, column)

    def address(self, row: int) -> str:
        """Return the codes of a row, as messages show them."""
        pairs = zip(self.spec.dimensions, self.codes[row], self.labels, strict=True)
        return ", ".join(f"{dimension.column} {labels[code]}" for dimension, code, labels in pairs)


def read_cells(path: Path, spec: Spec) -> Cells:
    """Read a file of cells.

    Raises:
        SourceError: A column is missing, a number cannot be read, a code is not in the hierarchy, a cell stands twice.
    """
    file = open_plain(path)
    require_columns(file, [*(dimension.column for dimension in spec.dimensions), FREQ, spec.value])
    rows = read_plain(file)
    optional = [HOLDERS, WEIGHT, COST, LOWER, UPPER, ABSOLUTE, CELL_KEY, *LARGEST]
    numbers = {name: _numbers(rows, name, path) for name in [FREQ, spec.value, *optional] if name in rows.column_names}
    _check_numbers(numbers, spec, path)
    coded = [_codes(rows, dimension, path) for dimension in spec.dimensions]
    codes = np.column_stack([places for places, _, _ in coded])
    labels = tuple(labels for _, labels, _ in coded)
    cells = Cells(spec, path, rows, codes, labels, tuple(p for _, _, p in coded), numbers, _step(rows[spec.value]))
    _check_unique(cells)
    return cells


def flags(cells: Cells) -> Flags:
    """Return (n,) whether the user says that a cell is sensitive.

    Raises:
        SourceError: An entry is neither yes nor no.
    """
    if PRIMARY not in cells.rows.column_names:
        return np.zeros(len(cells.values), bool)
    said = [(entry or "").strip().lower() for entry in cells.rows[PRIMARY].to_pylist()]
    for row, word in enumerate(said):
        if word not in YES | NO:
            raise SourceError(f'"{word}" is neither yes nor no.', where=cells.place(row, PRIMARY), example="1")
    return np.array([word in YES for word in said])


def _numbers(rows: pa.Table, column: str, path: Path) -> Floats:
    text = pc.utf8_trim_whitespace(rows[column])
    try:
        found = pc.cast(pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text), pa.float64())
    except pa.ArrowInvalid:
        row = next(place for place, entry in enumerate(text.to_pylist()) if entry and not _is_number(entry))
        raise SourceError(
            f'"{text[row].as_py()}" is not a number.',
            where=Place(str(path), row + HEAD, column),
            example="1234.5",
            next_step="Write numbers without blanks, thousands separators or units.",
        ) from None
    return np.asarray(found.to_numpy(zero_copy_only=False), np.float64)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _check_numbers(numbers: dict[str, Floats], spec: Spec, path: Path) -> None:
    """Check that what must be there is, and that counts are counts."""
    for column, needed in (
        (FREQ, True),
        (spec.value, True),
        (HOLDERS, False),
        (WEIGHT, False),
        (COST, False),
        (CELL_KEY, False),
    ):
        if column not in numbers:
            continue
        found = numbers[column]
        wrong = ~np.isfinite(found) if needed else np.isinf(found)
        wrong |= (column in (FREQ, HOLDERS)) & ((found < 0) | (found != np.floor(found)))
        wrong |= (column == WEIGHT) & (found < 1)
        wrong |= (column == COST) & (found <= 0)
        wrong |= (column == CELL_KEY) & ((found < 0) | (found >= 1))
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise SourceError(
                f'"{column}" is empty or not possible: {MEANING.get(column, "a number")}.',
                where=Place(str(path), row + HEAD, column),
            )


MEANING = {
    FREQ: "a whole number of contributors, 0 or more",
    HOLDERS: "a whole number of holders, 0 or more",
    WEIGHT: "a number of 1 or more",
    COST: "a number greater than 0",
    CELL_KEY: "a number from 0 to less than 1",
}


def _codes(rows: pa.Table, dimension: Dimension, path: Path) -> tuple[Integers, tuple[str, ...], Integers]:
    """Places of the codes of one dimension, its labels with the total first, and the places of the parents."""
    text = [(entry or "").strip() for entry in rows[dimension.column].to_pylist()]
    parents = dimension.parents
    if parents is None:
        parents = dict.fromkeys((code for code in text if code != dimension.total), dimension.total)
    labels = (dimension.total, *sorted(parents))
    place = {code: number for number, code in enumerate(labels)}
    unknown = next((row for row, code in enumerate(text) if code not in place or not code), None)
    if unknown is not None:
        raise SourceError(
            f'The code "{text[unknown]}" is not in the hierarchy of "{dimension.column}".',
            where=Place(str(path), unknown + HEAD, dimension.column),
            example=dimension.total,
            next_step=f"Add it to {dimension.file or 'the dimension'}, or mend the code.",
        )
    above = np.array([-1, *(place[parents[code]] for code in labels[1:])], np.int64)
    return np.array([place[code] for code in text], np.int64), labels, above


def _check_unique(cells: Cells) -> None:
    _, first, counts = np.unique(cells.codes, axis=0, return_index=True, return_counts=True)
    twice = np.sort(first[counts > 1])
    if len(twice):
        rows = np.flatnonzero((cells.codes == cells.codes[twice[0]]).all(axis=1))
        raise SourceError(
            f"The cell {cells.address(int(twice[0]))} stands in rows {rows[0] + HEAD} and {rows[1] + HEAD}.",
            where=cells.place(int(rows[1])),
            next_step="Keep one row for each cell.",
        )


def _step(column: pa.ChunkedArray) -> float:
    """Smallest unit in which numbers are written: 0.01 where one has two decimals."""
    decimals = pc.utf8_length(pc.struct_field(pc.extract_regex(column, r"\.(?P<part>\d*[1-9])0*\s*$"), "part"))
    return float(10.0 ** -(pc.max(decimals).as_py() or 0))
