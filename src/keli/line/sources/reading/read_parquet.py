"""Parquet files, in batches, every value as text."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from keli.base.errors import SourceError
from keli.line.sources.reading.delivery import Delivery
from keli.line.sources.reading.pages import Page, Sheet, without_blank_rows

ROWS_A_PAGE = 65_536
HEAD_ROWS = 1


def read_parquet(delivery: Delivery) -> Sheet:
    """Open a Parquet file; its first data row is row 2, as if it had a head row.

    Raises:
        SourceError: The file is no Parquet file or is damaged.
    """
    try:
        file = pq.ParquetFile(delivery.path)
    except (pa.ArrowInvalid, OSError) as error:
        raise _damaged(delivery) from error
    return Sheet(list(file.schema_arrow.names), _pages(file, delivery))


def _pages(file: pq.ParquetFile, delivery: Delivery) -> Iterator[Page]:
    first_row = HEAD_ROWS + 1
    try:
        for batch in file.iter_batches(batch_size=ROWS_A_PAGE):
            rows = pa.array(np.arange(first_row, first_row + batch.num_rows, dtype=np.int64))
            first_row += batch.num_rows
            yield without_blank_rows(Page(rows, [_text(column) for column in batch.columns]))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise _damaged(delivery) from error


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return pc.fill_null(column.cast(pa.string()), "")


def _damaged(delivery: Delivery) -> SourceError:
    return SourceError(
        "This is not a Parquet file, or it is damaged, or a column is not text, a number or a date.",
        where=delivery.place,
        next_step="Write the file again, or deliver CSV UTF-8.",
    )
