"""Open tables as Parquet: the unrounded copy, for machines; the same rows give the same bytes."""

from __future__ import annotations

import io
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from keli.formats.open_table import OpenTable


def write_parquet(table: OpenTable, target: BinaryIO) -> None:
    """Write the table as it is on the shelf.

    Args:
        table: Rows of an open table.
        target: Where the bytes go.
    """
    target.write(parquet_bytes(table.rows))


def parquet_bytes(rows: pa.Table) -> bytes:
    """Bytes of a table as Parquet, free of anything but its columns and rows."""
    buffer = io.BytesIO()
    plain = rows.replace_schema_metadata(None)
    pq.write_table(plain, buffer, compression="zstd", store_schema=False, use_dictionary=True)
    return buffer.getvalue()
