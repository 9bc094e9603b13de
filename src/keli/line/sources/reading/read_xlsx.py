"""Sheets of XLSX workbooks, row by row."""

from __future__ import annotations

import datetime as dt
import itertools
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import pyarrow as pa
from openpyxl.utils.exceptions import InvalidFileException

from keli.base.errors import ConfigurationError, Place, SourceError
from keli.line.sources.reading.delivery import Delivery
from keli.line.sources.reading.heads import joined_head
from keli.line.sources.reading.pages import Page, Sheet

ROWS_A_PAGE = 20_000


def read_xlsx(delivery: Delivery) -> Sheet:
    """Open the sheet of a workbook that keli.yaml names, or the first one.

    Raises:
        SourceError: The file is no workbook, is damaged, or the sheet is empty.
        ConfigurationError: The workbook has no such sheet.
    """
    source = delivery.source
    rows = _rows(delivery)
    top = list(itertools.islice(rows, source.skip_rows + source.head_rows))
    if len(top) < source.skip_rows + source.head_rows or not any(map(any, top)):
        raise SourceError(
            "The sheet is empty: it has no head.",
            where=delivery.place,
            next_step="Name the right sheet under sheet in keli.yaml, or ask for the file again.",
        )
    head = joined_head(top[source.skip_rows :])
    return Sheet(head, _pages(rows, len(head), len(top) + 1))


def cell_text(value: Any) -> str:
    """Return what a cell holds as text: dates as 2015-03-02, whole numbers without a point.

    >>> cell_text(2021.0), cell_text(0.1), cell_text(dt.datetime(2015, 3, 2)), cell_text(None)
    ('2021', '0.1', '2015-03-02', '')
    """
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _pages(rows: Iterator[list[str]], width: int, first_row: int) -> Iterator[Page]:
    numbered = ((number, row) for number, row in enumerate(rows, first_row) if any(row))
    while block := list(itertools.islice(numbered, ROWS_A_PAGE)):
        columns = zip(*(_padded(row, width) for _, row in block), strict=True)
        cells = [pa.array(column, pa.string()) for column in columns]
        yield Page(pa.array([number for number, _ in block], pa.int64()), cells)


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row[:width], *[""] * (width - len(row))]


def _rows(delivery: Delivery) -> Iterator[list[str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations that do not matter here
            with delivery.path.open("rb") as stream:
                book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
                sheet = _sheet(book, delivery)
                sheet.reset_dimensions()  # some programs write a wrong size into the file
                for row in sheet.iter_rows(values_only=True):
                    yield [cell_text(value) for value in row]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ParseError, EOFError, ValueError, OSError) as error:
        raise SourceError(
            "This is not an XLSX workbook, or it is damaged.",
            where=delivery.place,
            next_step="Open it in Excel or WPS and save it again as .xlsx, or as CSV UTF-8.",
        ) from error


def _sheet(book: Any, delivery: Delivery) -> Any:
    wanted = delivery.source.sheet
    if wanted is None:
        return book.worksheets[0]
    if wanted not in book.sheetnames:
        raise ConfigurationError(
            f'The workbook has no sheet "{wanted}". It has: {", ".join(book.sheetnames)}.',
            where=Place(delivery.label),
            example=f"sheet: {book.sheetnames[0]}",
            next_step=f"Correct sheet of the source {delivery.source.name} in keli.yaml.",
        )
    return book[wanted]
