"""Text files with separators, in pieces, with the row numbers that a spreadsheet shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from keli.base.errors import Place, SourceError
from keli.line.sources.reading.delivery import Delivery, open_bytes
from keli.line.sources.reading.encodings import Encoding, encoding_of
from keli.line.sources.reading.heads import joined_head
from keli.line.sources.reading.pages import Page, Ragged, Sheet, without_blank_rows

BLOCK_BYTES = 1 << 23
TAB_SUFFIXES = (".tsv", ".tab")
UNCLOSED = "A double quote is opened and not closed, so that the rest of the file is one value."
UNCLOSED_NEXT = 'Close the quote; a quote inside a value is written twice (""), as spreadsheets do.'


@dataclass
class _Numbering:
    """Row numbers of the rows that parse, counted around those that do not."""

    next_row: int
    ragged: list[tuple[int, str]] = field(default_factory=list)
    first_broken: int | None = None

    def note(self, row: int, text: str) -> None:
        """Keep a ragged row, and remember the first one with a line break inside."""
        self.ragged.append((row, text))
        if self.first_broken is None and "\n" in text.rstrip("\r\n"):
            self.first_broken = row

    def numbers(self, count: int) -> pa.Array:
        """Numbers of the next `count` rows that parse."""
        skipped = [row for row, _ in self.ragged if row >= self.next_row]
        candidates = np.arange(self.next_row, self.next_row + count + len(skipped), dtype=np.int64)
        rows = candidates[~np.isin(candidates, skipped)][:count]
        if count:
            self.next_row = int(rows[-1]) + 1
        return pa.array(rows)

    def taken(self) -> Ragged | None:
        """The ragged rows met so far, once."""
        rows = [entry for entry in self.ragged if entry[0] < self.next_row]
        self.ragged = [entry for entry in self.ragged if entry[0] >= self.next_row]
        return Ragged([row for row, _ in rows], [text for _, text in rows]) if rows else None


def read_csv(delivery: Delivery) -> Sheet:
    """Open a text file.

    Raises:
        SourceError: The file is empty, not text, in no known encoding, or its quotes do not close.
    """
    encoding = encoding_of(delivery)
    head, lines, has_rows = _head(delivery, encoding)
    pages = _pages(delivery, encoding, len(head), lines) if has_rows else iter(())
    return Sheet(head, pages)


def delimiter_of(delivery: Delivery) -> str:
    """Return the separator of a file."""
    suffixes = [suffix.lower() for suffix in delivery.path.suffixes]
    return "\t" if any(suffix in TAB_SUFFIXES for suffix in suffixes) else delivery.source.delimiter


def _head(delivery: Delivery, encoding: Encoding) -> tuple[list[str], int, bool]:
    """The head, the number of lines up to its end, and whether anything follows."""
    source = delivery.source
    with open_bytes(delivery.path) as stream, io.TextIOWrapper(stream, encoding.name, newline="") as text:
        reader = csv.reader(text, delimiter=delimiter_of(delivery))
        try:
            rows = [row for _, row in zip(range(source.skip_rows + source.head_rows), reader, strict=False)]
            lines = reader.line_num
            has_rows = next(reader, None) is not None
        except csv.Error as error:
            raise SourceError(
                f"The head cannot be read: {error}.", where=delivery.place, next_step=UNCLOSED_NEXT
            ) from error
    if len(rows) < source.skip_rows + source.head_rows or not any(map(any, rows)):
        raise SourceError(
            "The file is empty: it has no head.",
            where=delivery.place,
            next_step="Ask for the file again, or take it out of files in keli.yaml.",
        )
    return joined_head(rows[source.skip_rows :]), lines, has_rows


def _pages(delivery: Delivery, encoding: Encoding, width: int, lines: int) -> Iterator[Page | Ragged]:
    source = delivery.source
    first_row = source.skip_rows + source.head_rows + 1
    numbering = _Numbering(first_row)
    last: Page | None = None
    with open_bytes(delivery.path) as stream:
        for batch in _batches(stream, delivery, encoding, width, lines, numbering):
            numbers = numbering.numbers(batch.num_rows)
            last = Page(numbers, batch.columns) if batch.num_rows else last
            yield without_blank_rows(Page(numbers, batch.columns))
            if ragged := numbering.taken():
                yield ragged
    numbering.next_row = np.iinfo(np.int64).max
    if ragged := numbering.taken():
        yield ragged
    if not encoding.quotes_pair:
        _refuse_unclosed(last, numbering, delivery)


def _batches(
    stream: Any, delivery: Delivery, encoding: Encoding, width: int, lines: int, numbering: _Numbering
) -> Iterator[pa.RecordBatch]:
    names = [str(position) for position in range(width)]
    first_row = numbering.next_row

    def note(row: Any) -> str:
        if row.text:
            numbering.note(row.number - lines - 1 + first_row, row.text)
        return "skip"

    try:
        yield from arrow_csv.open_csv(
            stream,
            read_options=arrow_csv.ReadOptions(
                use_threads=False, column_names=names, skip_rows=lines, block_size=BLOCK_BYTES, encoding=encoding.name
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter_of(delivery), newlines_in_values=True, ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )  # fmt: skip
    except pa.ArrowInvalid as error:
        if "Empty CSV file" in str(error):
            return
        raise _unreadable(error, delivery, numbering) from error


def _unreadable(error: pa.ArrowInvalid, delivery: Delivery, numbering: _Numbering) -> SourceError:
    what = UNCLOSED if "straddling" in str(error) else f"The file cannot be read: {error}."
    where = Place(delivery.label, numbering.next_row)
    return SourceError(f"{what} It happens at or after the row named here.", where=where, next_step=UNCLOSED_NEXT)


def _refuse_unclosed(last: Page | None, numbering: _Numbering, delivery: Delivery) -> None:
    """An odd number of quotes, and a ragged row or the last row holds a line break: it swallowed the rows below it."""
    row = numbering.first_broken
    if row is None and last is not None and any("\n" in (cells[-1].as_py() or "") for cells in last.cells):
        row = int(last.rows[-1].as_py())
    if row is not None:
        raise SourceError(UNCLOSED, where=Place(delivery.label, row), next_step=UNCLOSED_NEXT)
