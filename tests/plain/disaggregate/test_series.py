"""Series of periods in a file: what is read, and what is refused with the row and the column."""

from __future__ import annotations

from pathlib import Path

import pytest

from keli.base.errors import SourceError
from keli.plain.disaggregate.series import label, read_series


def written(folder: Path, text: str) -> Path:
    path = folder / "series.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "frequency", "labels"),
    [
        ("2005,1\n2006,2\n", "a", ["2005", "2006"]),
        ("2005-Q4,1\n2006-Q1,2\n", "q", ["2005-Q4", "2006-Q1"]),
        ("2005-12,1\n2006-01,2\n", "m", ["2005-12", "2006-01"]),
    ],
)
def test_periods(tmp_path: Path, text: str, frequency: str, labels: list[str]) -> None:
    series = read_series(written(tmp_path, "time,value\n" + text))
    assert series.frequency == frequency
    assert [label(frequency, series.first + place) for place in range(2)] == labels
    assert series.values.tolist() == [1, 2]


def test_rows_in_any_order_with_other_columns(tmp_path: Path) -> None:
    path = written(tmp_path, 'note,value,time\nx,"1,234.5",2006-Q1\ny,-2e3,2005q4\n')
    series = read_series(path)
    assert series.values.tolist() == [-2000, 1234.5]
    assert series.rows == (3, 2)


@pytest.mark.parametrize(
    ("text", "message", "row", "column"),
    [
        ("2005,1\n2007,2\n", "2005 is followed by 2007: 2006 is missing", 3, "time"),
        ("2005-Q3,1\n2006-Q1,2\n", "2005-Q4 is missing", 3, "time"),
        ("2005,1\n2005,2\n", '"2005" stands in rows 2 and 3', 3, "time"),
        ("2005,1\n2006-Q1,2\n", "one of quarters; the rows before are years", 3, "time"),
        ("2005-Q5,1\n", '"2005-Q5" is no period', 2, "time"),
        ("2005-13,1\n", '"2005-13" is no period', 2, "time"),
        (",1\n", "The time is missing", 2, "time"),
        ("2005,\n", "value of 2005 is missing", 2, "value"),
        ("2005,1\n2006, \n", "value of 2006 is missing", 3, "value"),
        ("2005,x\n", '"x" is no number', 2, "value"),
        ("2005,nan\n", '"nan" is no number', 2, "value"),
    ],
)
def test_what_is_wrong_has_a_row_and_a_column(tmp_path: Path, text: str, message: str, row: int, column: str) -> None:
    with pytest.raises(SourceError, match=message) as problem:
        read_series(written(tmp_path, "time,value\n" + text))
    where = problem.value.where
    assert where is not None
    assert (where.row, where.column) == (row, column)
    assert problem.value.next_step


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match='no column "value"'):
        read_series(written(tmp_path, "time,values\n2005,1\n"))
