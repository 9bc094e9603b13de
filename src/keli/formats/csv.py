"""Open tables as CSV: one head row and the rows, nothing else; UTF-8, a withheld figure is empty."""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

from keli.formats.open_table import OpenTable
from keli.formats.printed import printed_rows


def write_csv(table: OpenTable, target: BinaryIO) -> None:
    """Write the table, figures rounded to their decimals.

    Args:
        table: Rows of an open table.
        target: Where the bytes go.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, table.rows.column_names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(printed_rows(table))
    target.write(text.getvalue().encode())
