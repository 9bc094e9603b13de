"""Results of keli protect: one file for each file of cells, with columns added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from keli.plain.files import write_plain
from keli.plain.protection.tables import Joined

STATUS = "conf_status"


def write_results(tables: Joined, added: Mapping[str, Sequence[str | None]], outs: Sequence[Path]) -> None:
    """Write one result a file: its columns, then those that are added.

    Args:
        tables: The cells, as they were read.
        added: Column -> (n,) entries of all cells; they take the place of columns of the same name.
        outs: Where the results go.
    """
    for cells, places, out in zip(tables.files, tables.places, outs, strict=True):
        rows = cells.rows.select([name for name in cells.rows.column_names if name not in added])
        for name, column in added.items():
            rows = rows.append_column(name, pa.array([column[place] for place in places.tolist()], pa.string()))
        write_plain(out, rows, inputs=[cells.file])
