"""Faults of the delivered files: planted on purpose, each written down with what would have been right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Array = npt.NDArray[Any]

LEDGER = pa.schema(
    [
        ("kind", pa.string()),
        ("source", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("unit", pa.string()),
        ("year", pa.int32()),
        ("delivered", pa.string()),
        ("correct", pa.string()),
    ]
)


class Ledger:
    """Every planted fault, as rows of truth/dirt.parquet."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, LEDGER, compression="zstd")

    def note(self, **columns: Any) -> None:
        """Write down faults; scalars hold for all of them."""
        count = len(columns["unit"])
        if count:
            arrays = [_column(columns.get(field.name), count, field.type) for field in LEDGER]
            self._writer.write_table(pa.table(arrays, schema=LEDGER))

    def close(self) -> None:
        """End the file."""
        self._writer.close()


class Sheet:
    """Rows of one file on their way to it, with the faults that are planted in them.

    Args:
        ledger: Where faults are written down.
        source: Name of the source.
        file: Name of the file below inputs/.
        first_row: Number of the first row in the file as a spreadsheet shows it.
        columns: Columns of text by name.
        unit: Key of the unit of each row.
        year: Year of each row, if the file has years.
    """

    def __init__(
        self,
        ledger: Ledger,
        source: str,
        file: str,
        first_row: int,
        columns: dict[str, pa.Array],
        unit: pa.Array,
        year: Array | int | None = None,
    ) -> None:
        self.columns = columns
        self._ledger, self._source, self._file, self._first_row = ledger, source, file, first_row
        self._unit = unit
        self._year = np.broadcast_to(-1 if year is None else year, len(unit)).astype(np.int32)

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self._unit)

    def spoil(self, kind: str, column: str, where: Array, wrong: Any) -> None:
        """Replace the cells of a column where asked, filled and not the same, and write each one down."""
        right = self.columns[column]
        where = where & right.is_valid().to_numpy(zero_copy_only=False)
        given = pa.scalar(wrong, pa.string()) if wrong is None or isinstance(wrong, str) else wrong
        differs = pc.fill_null(pc.not_equal(right, given), fill_value=True)
        where = where & (differs.to_numpy(zero_copy_only=False) if len(right) else where)
        self.columns[column] = pc.if_else(pa.array(where), given, right)
        rows = np.flatnonzero(where)
        self._note(kind, column, rows, self.columns[column].take(pa.array(rows)), right.take(pa.array(rows)))

    def repeat(self, kind: str, rows: Array, changes: dict[str, Any] | None = None) -> None:
        """Append copies of rows, some columns changed, and write each copy down."""
        index = pa.array(rows.astype(np.int64))
        first = self.count
        copies = {name: values.take(index) for name, values in self.columns.items()}
        for name, value in (changes or {}).items():
            copies[name] = _column(value, len(rows), pa.string())
        self.columns = {name: pa.concat_arrays([values, copies[name]]) for name, values in self.columns.items()}
        self._unit = pa.concat_arrays([self._unit, self._unit.take(index)])
        self._year = np.append(self._year, self._year[rows])
        self._note(kind, None, np.arange(first, first + len(rows)), None, None)

    def missing(self, kind: str, units: pa.Array, year: Array | int | None = None) -> None:
        """Write down units that ought to be in the file and are not."""
        self._ledger.note(kind=kind, source=self._source, file=self._file, unit=units, year=year)

    def table(self) -> pa.Table:
        """Return the rows."""
        return pa.table(self.columns)

    def _note(self, kind: str, column: str | None, rows: Array, delivered: Any, correct: Any) -> None:
        year = self._year[rows]
        self._ledger.note(
            kind=kind,
            source=self._source,
            file=self._file,
            row=rows + self._first_row,
            column=column,
            unit=self._unit.take(pa.array(rows)),
            year=pa.array(year, pa.int32(), mask=year < 0),
            delivered=delivered,
            correct=correct,
        )


def _column(value: Any, count: int, kind: pa.DataType) -> pa.Array:
    if value is None or isinstance(value, (str, int)):
        return pa.repeat(pa.scalar(value, kind), count)
    return pa.array(value).cast(kind)
