"""Delivered files as raw rows: one Parquet file of text for each, with canonical names and row numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from keli.line.sources.reading.delivery import Delivery, format_of
from keli.line.sources.reading.heads import found_columns
from keli.line.sources.reading.pages import Page, Ragged, Sheet
from keli.line.sources.reading.read_csv import read_csv
from keli.line.sources.reading.read_parquet import read_parquet
from keli.line.sources.reading.read_xlsx import read_xlsx

READERS: dict[str, Callable[[Delivery], Sheet]] = {
    "csv": read_csv,
    "xlsx": read_xlsx,
    "parquet": read_parquet,
}
FILE, ROW, MALFORMED = "file_", "row_", "malformed_"


@dataclass(frozen=True)
class RawFile:
    """The raw rows of one delivered file: where they are and how many."""

    path: Path
    rows: int


def store_raw(delivery: Delivery, path: Path) -> RawFile:
    """Stream a delivered file into raw rows.

    Args:
        delivery: The file as delivered.
        path: Parquet file to write: file_, row_, malformed_ (text of a ragged row) and the mapped canonical columns.
    """
    sheet = READERS[format_of(delivery)](delivery)
    columns = found_columns(sheet.head, delivery)
    schema = pa.schema(
        [(FILE, pa.dictionary(pa.int32(), pa.string())), (ROW, pa.int64()), (MALFORMED, pa.string())]
        + [(name, pa.string()) for name in columns]
    )
    count = 0
    with pq.ParquetWriter(path, schema) as writer:
        for page in sheet.pages:
            batch = _batch(page, columns, delivery.label, schema)
            count += batch.num_rows
            writer.write_batch(batch)
    return RawFile(path, count)


def check_head(delivery: Delivery) -> None:
    """Open a delivered file and find its mapped columns, without reading its rows.

    Args:
        delivery: The file as delivered.

    Raises:
        SourceError: The file cannot be read.
        ConfigurationError: A mapped column is not in it.
    """
    found_columns(READERS[format_of(delivery)](delivery).head, delivery)


def _batch(page: Page | Ragged, columns: dict[str, int], label: str, schema: pa.Schema) -> pa.RecordBatch:
    rows = len(page.rows)
    file = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([label]))
    if isinstance(page, Ragged):
        empty = [pa.nulls(rows, pa.string()) for _ in columns]
        arrays = [file, pa.array(page.rows, pa.int64()), pa.array(page.texts, pa.string()), *empty]
    else:
        cells = [page.cells[position] for position in columns.values()]
        arrays = [file, page.rows, pa.nulls(rows, pa.string()), *cells]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
