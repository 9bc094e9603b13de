"""Columns of text: numbers, amounts and dates as delivered files write them, many rows at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Array = npt.NDArray[Any]

FULL_WIDTH = {str(digit): chr(0xFF10 + digit) for digit in range(10)}


def joined(*parts: Any) -> pa.Array:
    """Join columns and words of text, row by row."""
    return pc.binary_join_element_wise(*(_text(part) for part in parts), "")


def numbers(values: Array, width: int = 0) -> pa.Array:
    """Whole numbers as text, filled with zeros to a width."""
    text = pa.array(values).cast(pa.string())
    return pc.utf8_lpad(text, width, "0") if width else text


def amounts(values: Array, decimals: int = 2) -> pa.Array:
    """Whole numbers of the last decimal place as text with a decimal point: 12345 with 2 decimals is 123.45."""
    whole, rest = np.divmod(np.abs(values), 10**decimals)
    sign = pa.array(np.where(values < 0, "-", ""))
    return joined(sign, numbers(whole), ".", numbers(rest, decimals)) if decimals else joined(sign, numbers(whole))


def dates(days: Array, known: Array) -> pa.Array:
    """Dates as text 2015-03-02, empty where not known."""
    return pa.array(days.astype("datetime64[D]"), mask=~known).cast(pa.string())


def chosen(words: list[str] | tuple[str, ...] | pa.Array, positions: Array, known: Array | None = None) -> pa.Array:
    """Words by position, empty where not known."""
    index = pa.array(positions.astype(np.int64), mask=None if known is None else ~known)
    return pa.array(words, pa.string()).take(index)


def kept(values: pa.Array, known: Array) -> pa.Array:
    """Values where known, empty elsewhere."""
    return pc.if_else(pa.array(known), values, pa.scalar(None, pa.string()))


def full_width(values: pa.Array) -> pa.Array:
    """Text with full-width digits, as some forms are filled."""
    for narrow, wide in FULL_WIDTH.items():
        values = pc.replace_substring(values, narrow, wide)
    return values


def with_thousands(values: pa.Array) -> pa.Array:
    """Amounts with a comma before the last three digits of the whole part, as spreadsheets print them."""
    return pc.replace_substring_regex(values, r"^(-?\d+)(\d{3})(\.\d+)?$", r"\1,\2\3")


def _text(part: Any) -> Any:
    return pa.scalar(part, pa.string()) if isinstance(part, str) else part
