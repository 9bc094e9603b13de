"""A file as a head and pages of text cells with their row numbers, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Page:
    """Some rows of a file.

    Args:
        rows: Row numbers as a spreadsheet shows them.
        cells: One array of text for each column of the file.
    """

    rows: pa.Array
    cells: list[pa.Array]


@dataclass(frozen=True)
class Ragged:
    """Rows with more or fewer cells than the head: their numbers and their text."""

    rows: list[int]
    texts: list[str]


@dataclass(frozen=True)
class Sheet:
    """A file that is being read: its head and its pages."""

    head: list[str]
    pages: Iterator[Page | Ragged]


def without_blank_rows(page: Page) -> Page:
    """Return the page without the rows in which every cell is empty: they are no data rows."""
    filled = pa.array(np.zeros(len(page.rows), dtype=bool))
    for cells in page.cells:
        filled = pc.or_(filled, pc.fill_null(pc.greater(pc.binary_length(cells), 0), fill_value=False))
        if pc.all(filled).as_py():
            return page
    return Page(page.rows.filter(filled), [cells.filter(filled) for cells in page.cells])
