"""Open tables as XLSX: title and marks, units, head row, figures aligned, footnotes."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from keli.formats.open_table import OpenTable, marks
from keli.formats.printed import printed_rows, unit_name

_WIDEST = 40
_BOLD = Font(bold=True)


def write_xlsx(table: OpenTable, target: BinaryIO) -> None:
    """Write the table as one sheet, figures rounded to their decimals and shown with them.

    Args:
        table: Rows of an open table.
        target: Where the bytes go.
    """
    workbook = Workbook()
    sheet = workbook.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook opens on a worksheet")
    sheet.title = table.name
    rows = printed_rows(table)
    numbers = itertools.count(1)
    for line in head_lines(table, rows):
        _text(sheet.cell(next(numbers), 1), line).font = _BOLD
    _write_head(sheet, next(numbers), table.rows.column_names)
    for row in rows:
        _write_row(sheet, next(numbers), row)
    for note, text in enumerate(table.manifest.notes, start=1):
        _text(sheet.cell(next(numbers), 1), f"注{note}：{text}")
    workbook.save(target)


def head_lines(table: OpenTable, rows: list[dict[str, Any]]) -> list[str]:
    """Lines above the head row: title and vintage, marks, units of the measures."""
    manifest = table.manifest
    units = sorted({(row["measure"], unit_name(row["unit_measure"], row["unit_mult"])) for row in rows})
    stated = "；".join(f"{measure} {unit}" for measure, unit in units)
    lines = [
        f"{table.entry.title_zh}（{manifest.title}，{manifest.stage}，release {manifest.release_id}）",
        "；".join(marks(manifest)),
        f"计量单位：{stated}" if stated else "",
    ]
    return [line for line in lines if line]


def _write_head(sheet: Worksheet, number: int, columns: list[str]) -> None:
    """The head row, frozen with everything above it."""
    for place, column in enumerate(columns, start=1):
        cell = _text(sheet.cell(number, place), column)
        cell.font, cell.alignment = _BOLD, Alignment(horizontal="right" if column == "obs_value" else "left")
        sheet.column_dimensions[get_column_letter(place)].width = min(max(len(column) + 2, 10), _WIDEST)
    sheet.freeze_panes = f"A{number + 1}"


def _write_row(sheet: Worksheet, number: int, row: dict[str, Any]) -> None:
    """One row: the figure right with its decimals, texts as texts."""
    for place, value in enumerate(row.values(), start=1):
        cell = sheet.cell(number, place)
        if isinstance(value, str):
            _text(cell, value)
        elif isinstance(value, Decimal):
            cell.value, cell.number_format = value, f"#,##0.{'0' * row['decimals']}".rstrip(".")
            cell.alignment = Alignment(horizontal="right")
        else:
            cell.value = value


def _text(cell: Any, text: str) -> Cell:
    """Write a text as text, so that one that begins with = is not taken for a formula."""
    cell.value = text
    cell.data_type = "s"
    written: Cell = cell
    return written
