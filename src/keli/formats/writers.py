"""The formats by name: one registry for the command line and for downloads."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from keli.formats.csv import write_csv
from keli.formats.json import write_json
from keli.formats.open_table import OpenTable
from keli.formats.parquet import write_parquet
from keli.formats.xlsx import write_xlsx

WRITERS: dict[str, Callable[[OpenTable, BinaryIO], None]] = {
    "csv": write_csv,
    "json": write_json,
    "parquet": write_parquet,
    "xlsx": write_xlsx,
}
BINARY = ("parquet", "xlsx")
