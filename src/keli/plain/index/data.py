"""The data of an index: units with their indicators, as numbers, with the row of each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keli.base.errors import Place, SourceError
from keli.methods.composite.ranks import Array
from keli.plain.files import PlainFile, open_plain, read_plain, require_columns
from keli.plain.index.spec import Spec

MISSING = {"", "NA", "NaN", "nan", "null", "NULL"}
HEAD = 1
EXAMPLE = "code,stations,population\n           440304,5700,1553225"


@dataclass(frozen=True)
class Data:
    """Rows of the file.

    Args:
        file: Where it is.
        units: Name of the unit of each row.
        periods: Its period; empty where there are none.
        groups: Its group; empty where there are none.
        values: Indicators by row, after denominators; nan is missing.
        lines: Row of each in the file.
    """

    file: Path
    units: tuple[str, ...]
    periods: tuple[str, ...]
    groups: tuple[str, ...]
    values: Array
    lines: tuple[int, ...]

    def place(self, row: int | None = None, column: str | None = None) -> Place:
        """Return where a row is in the file."""
        return Place(str(self.file), None if row is None else self.lines[row], column)

    def label(self, row: int) -> str:
        """Return the unit of a row, with its period."""
        return " ".join(part for part in (self.units[row], self.periods[row]) if part)

    def by_period(self) -> list[npt.NDArray[np.intp]]:
        """Return the rows of each period, in the order of the periods."""
        label = np.asarray(self.periods)
        return [np.flatnonzero(label == period) for period in sorted(set(self.periods))]

    def only(self, rows: npt.NDArray[np.bool_]) -> Data:
        """Return some rows."""
        kept = np.flatnonzero(rows)
        units, periods, groups = (
            tuple(column[row] for row in kept) for column in (self.units, self.periods, self.groups)
        )
        return Data(self.file, units, periods, groups, self.values[kept], tuple(self.lines[row] for row in kept))


def read_data(path: Path, spec: Spec) -> Data:
    """Read the columns that the SPEC names.

    Args:
        path: CSV file.
        spec: What is asked.

    Raises:
        SourceError: The file is empty or lacks a column, a unit has no name or stands twice, a cell is no number, or a
            denominator is missing or not positive where its indicator has a value.
    """
    file = open_plain(path)
    named = [spec.key(key) for key in ("unit", "period", "group") if spec.key(key)]
    require_columns(file, named)
    for indicator in spec.indicators:
        _require(file, indicator.column, spec, indicator.column)
        _require(file, indicator.terms.get("denominator", indicator.column), spec, indicator.column)
    table = read_plain(file)
    units, periods, groups = (_texts(table, spec.key(key)) for key in ("unit", "period", "group"))
    _check_units(path, units, periods, spec)
    lines = tuple(range(HEAD + 1, HEAD + 1 + table.num_rows))
    return Data(path, units, periods, groups, _values(path, table, spec), lines)


def check_number(data: Data, least: int) -> None:
    """Check that every period has units enough.

    Raises:
        SourceError: It has not.
    """
    for rows in data.by_period() or [np.arange(0)]:
        if len(rows) < least:
            named = data.periods[rows[0]] if len(rows) else ""
            period = f" in {named}" if named else ""
            raise SourceError(
                f"There are {len(rows)} units to score{period}; an index compares {least} at least.",
                where=Place(str(data.file)), next_step="Give more units, or leave the period out.",
            )  # fmt: skip


def _require(file: PlainFile, column: str, spec: Spec, indicator: str) -> None:
    """The file has a column that an indicator names; the message says where the SPEC names it."""
    if column in file.columns:
        return
    place = next(one.place for one in spec.indicators if one.column == indicator)
    try:
        require_columns(file, [column])
    except SourceError as problem:
        raise SourceError(
            f"{problem.what} The SPEC names it at {place}.", where=problem.where, next_step=problem.next_step
        ) from problem


def _texts(table: pa.Table, column: str | None) -> tuple[str, ...]:
    if column is None:
        return ("",) * int(table.num_rows)
    return tuple((cell or "").strip() for cell in table[column].to_pylist())


def _check_units(path: Path, units: Sequence[str], periods: Sequence[str], spec: Spec) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row, key in enumerate(zip(units, periods, strict=True)):
        where = Place(str(path), row + HEAD + 1, spec.key("unit"))
        if not key[0] or (spec.key("period") and not key[1]):
            raise SourceError("The row names no unit, or no period.", where=where, example=EXAMPLE)
        if key in seen:
            raise SourceError(
                f'"{" ".join(filter(None, key))}" stands twice, first in row {seen[key]}.', where=where,
                next_step="Keep one row for each unit, or name the column of periods: period: year",
            )  # fmt: skip
        seen[key] = row + HEAD + 1


def _values(path: Path, table: pa.Table, spec: Spec) -> Array:
    numbers: dict[str, Array] = {}
    for indicator in spec.indicators:
        for column in (indicator.column, indicator.terms.get("denominator", indicator.column)):
            if column not in numbers:
                numbers[column] = _numbers(path, table[column].to_pylist(), column)
    return np.column_stack(
        [
            _divided(path, numbers, indicator.column, indicator.terms.get("denominator"))
            * indicator.number("factor", 1.0)
            for indicator in spec.indicators
        ]
    )


def _divided(path: Path, numbers: dict[str, Array], column: str, below: str | None) -> Array:
    """An indicator by its denominator, which must be there and positive where the indicator has a value."""
    if below is None:
        return numbers[column]
    for row in np.flatnonzero(~np.isnan(numbers[column]) & ~(numbers[below] > 0)):
        given = numbers[below][row]
        told = "has no value" if math.isnan(given) else f"is {given:g}"
        raise SourceError(
            f'The denominator "{below}" {told} where "{column}" has a value.',
            where=Place(str(path), int(row) + HEAD + 1, below),
            next_step="Give a positive denominator, or leave the indicator empty: it may then be imputed.",
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        return numbers[column] / numbers[below]


def _numbers(path: Path, cells: Sequence[str | None], column: str) -> Array:
    found = np.full(len(cells), np.nan)
    for row, cell in enumerate(cells):
        text = (cell or "").strip()
        if text in MISSING:
            continue
        try:
            found[row] = float(text)
        except ValueError:
            found[row] = np.inf
        if not np.isfinite(found[row]):
            raise SourceError(
                f'"{text}" is not a number.', where=Place(str(path), row + HEAD + 1, column), example="1234.5",
                next_step="Write numbers plainly, without thousands separators or units; leave missing cells empty.",
            )  # fmt: skip
    if np.isnan(found).all():
        raise SourceError(
            f'The column "{column}" has no value in any row.', where=Place(str(path), None, column),
            next_step="Name another column, or take the indicator out of the SPEC.",
        )  # fmt: skip
    return found
