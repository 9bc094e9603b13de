"""Series in plain files: a column of periods, a column of figures, one row a period, none missing."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from keli.base.errors import Place, SourceError
from keli.base.periods import MONTHS_IN_YEAR, QUARTERS_IN_YEAR
from keli.plain.files import open_plain, read_plain, require_columns

TIME, VALUE = "time", "value"
PER_YEAR = {"a": 1, "q": QUARTERS_IN_YEAR, "m": MONTHS_IN_YEAR}
TOLD = {"a": "years", "q": "quarters", "m": "months"}
EXAMPLE = "2005, 2005-Q1 or 2005-01"
LABEL = re.compile(r"(?P<year>\d{4})(?:-?[Qq](?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")


@dataclass(frozen=True)
class Series:
    """Figures of periods that follow each other.

    Args:
        path: The file that they come from.
        frequency: a, q or m.
        first: Number of the first period, counted from the beginning of the year 0.
        values: (n,) figures.
        rows: Row of the file of each figure.
    """

    path: Path
    frequency: str
    first: int
    values: NDArray[np.float64]
    rows: tuple[int, ...]

    @property
    def after(self) -> int:
        """Number of the period after the last."""
        return self.first + len(self.values)


def label(frequency: str, number: int) -> str:
    """Name of a period.

    >>> label("q", 2005 * 4), label("m", 2005 * 12 + 11), label("a", 2005)
    ('2005-Q1', '2005-12', '2005')
    """
    year, place = divmod(number, PER_YEAR[frequency])
    return {"a": f"{year:04d}", "q": f"{year:04d}-Q{place + 1}", "m": f"{year:04d}-{place + 1:02d}"}[frequency]


def read_series(path: Path) -> Series:
    """Return the series of a file with the columns time and value; rows may stand in any order.

    Args:
        path: CSV file; .gz is unpacked while it is read.

    Raises:
        SourceError: A column is missing; a time is none, is of another kind than those before, stands twice; a value
            is missing or no number; a period between the first and the last is missing.
    """
    file = open_plain(path)
    require_columns(file, [TIME, VALUE])
    table = read_plain(file, [TIME, VALUE])
    found: dict[int, tuple[int, float]] = {}
    frequency = ""
    for row, (time, value) in enumerate(zip(*(table[name].to_pylist() for name in (TIME, VALUE)), strict=True), 2):
        kind, number = _period(time or "", Place(str(path), row, TIME))
        if frequency not in {"", kind}:
            raise _wrong(
                f'"{time}" is one of {TOLD[kind]}; the rows before are {TOLD[frequency]}.', path, row, TIME,
                "Keep one kind of periods in a file.",
            )  # fmt: skip
        if number in found:
            raise _wrong(
                f'"{time}" stands in rows {found[number][0]} and {row}.', path, row, TIME, "Keep one row a period."
            )  # fmt: skip
        frequency = kind
        found[number] = row, _number(value, time or "", Place(str(path), row, VALUE))
    return _consecutive(path, frequency, found)


def _consecutive(path: Path, frequency: str, found: dict[int, tuple[int, float]]) -> Series:
    numbers = sorted(found)
    for before, number in itertools.pairwise(numbers):
        if number != before + 1:
            raise _wrong(
                f"{label(frequency, before)} is followed by {label(frequency, number)}: "
                f"{label(frequency, before + 1)} is missing.", path, found[number][0], TIME,
                "Give a row for every period, or cut the file before the gap.",
            )  # fmt: skip
    values = np.array([found[number][1] for number in numbers])
    return Series(path, frequency, numbers[0], values, tuple(found[number][0] for number in numbers))


def _period(text: str, where: Place) -> tuple[str, int]:
    """Frequency and number of a period."""
    match = LABEL.fullmatch(text.strip())
    if match is None:
        raise SourceError(
            f'"{text}" is no period.' if text else "The time is missing.", where=where, example=EXAMPLE,
            next_step="Write years, quarters or months in this way.",
        )  # fmt: skip
    year = int(match["year"])
    if match["quarter"]:
        return "q", year * QUARTERS_IN_YEAR + int(match["quarter"]) - 1
    if match["month"]:
        return "m", year * MONTHS_IN_YEAR + int(match["month"]) - 1
    return "a", year


def _number(text: str | None, time: str, where: Place) -> float:
    if text is None or not text.strip():
        raise SourceError(
            f"The value of {time} is missing.", where=where,
            next_step="Fill it; if it is the first or the last, leave the row out: the unknown is extrapolated.",
        )  # fmt: skip
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise SourceError(f'"{text}" is no number.', where=where, example="1234.5", next_step="Write figures only.")
    return number


def _wrong(what: str, path: Path, row: int, column: str, next_step: str) -> SourceError:
    return SourceError(what, where=Place(str(path), row, column), next_step=next_step)
