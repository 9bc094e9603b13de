"""Delivered files: CSV in several encodings, compressed or not, and XLSX; the same rows give the same bytes."""

from __future__ import annotations

import gzip
import re
import zipfile
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa
import pyarrow.csv
from openpyxl import Workbook

MARK = "SYNTHETIC 合成样例数据，不涉及任何真实单位"
CLOCK = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
FIXED_TIME = b"2022-01-01T00:00:00Z"
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


class CsvFile:
    """One CSV file, written chunk by chunk.

    Args:
        path: The file; compressed where it ends in .gz.
        columns: Head.
        marked: A line above the head says that the data are synthetic.
        encoding: Encoding of the file; utf-8-sig puts a byte-order mark before the head.
    """

    def __init__(self, path: Path, columns: tuple[str, ...], *, marked: bool = False, encoding: str = "utf-8") -> None:
        self._raw = path.open("wb")
        self._stream: BinaryIO = self._raw
        if path.suffix == ".gz":
            self._stream = cast("BinaryIO", gzip.GzipFile("", "wb", fileobj=self._raw, mtime=0, compresslevel=4))
        self._encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        self._stream.write("".join([f"{MARK}\n"] * marked + [",".join(columns) + "\n"]).encode(encoding))
        self._first_row = self.next_row = 2 + marked

    def write(self, table: pa.Table) -> None:
        """Append rows."""
        sink = pa.BufferOutputStream()
        options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")
        pyarrow.csv.write_csv(table, sink, options)
        contents = sink.getvalue().to_pybytes()
        if self._encoding != "utf-8":
            contents = contents.decode("utf-8").encode(self._encoding)
        self._stream.write(contents)
        self.next_row += table.num_rows

    @property
    def rows(self) -> int:
        """Number of rows below the head."""
        return self.next_row - self._first_row

    def close(self) -> None:
        """End the file."""
        if self._stream is not self._raw:
            self._stream.close()
        self._raw.close()


def write_xlsx(path: Path, heads: tuple[tuple[str, ...], ...], table: pa.Table) -> None:
    """Write a small table as a sheet with a line that says SYNTHETIC and several head rows.

    Args:
        path: The file.
        heads: Head rows from the top; a cell that spans several columns is followed by empty ones.
        table: The rows; few enough for a spreadsheet.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    sheet.append([MARK])
    for head in heads:
        sheet.append(list(head))
    columns = [column.to_pylist() for column in table.columns]
    for row in zip(*columns, strict=True):
        sheet.append(row)
    book.save(path)
    _without_clock(path)


def _without_clock(path: Path) -> None:
    """Take the time of writing out of a spreadsheet, so that its bytes depend on its contents only."""
    with zipfile.ZipFile(path) as archive:
        entries = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in entries:
            entry = zipfile.ZipInfo(name, ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, CLOCK.sub(FIXED_TIME, contents) if name == "docProps/core.xml" else contents)
