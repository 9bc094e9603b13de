"""Indicators: what each measure of an open table is, in words, with unit and reference."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from keli.base.errors import CatalogueError, Place
from keli.model.documents import CATALOGUE, read_checked


@dataclass(frozen=True)
class Indicator:
    """One measure of one open table.

    Args:
        table: Open table without `open_`, such as value_added.
        code: Code in the column `measure`.
        label_zh: Official term.
        label_en: English term.
        formula: How it is computed, in words.
        unit_measure: CNY, PCT, PP, UNIT, ROW or FACTOR.
        unit_mult: Power of ten of the unit; 8 is 亿元.
        reference: Standard or method page.
    """

    table: str
    code: str
    label_zh: str
    label_en: str
    formula: str
    unit_measure: str
    unit_mult: int
    reference: str


@cache
def indicators() -> dict[tuple[str, str], Indicator]:
    """Return every indicator by table and code, in the order of the files.

    Raises:
        CatalogueError: A file does not follow its schema or has another name than its table.
    """
    found: dict[tuple[str, str], Indicator] = {}
    for path in sorted((CATALOGUE / "indicators").glob("*.yaml")):
        for indicator in read_indicators(path):
            found[indicator.table, indicator.code] = indicator
    return found


def read_indicators(path: Path) -> tuple[Indicator, ...]:
    """Return the indicators of one open table from its YAML file.

    Raises:
        CatalogueError: The file does not follow its schema or has another name than its table.
    """
    contents = read_checked(path, "indicators")
    table: str = contents["table"]
    if table != path.stem:
        raise CatalogueError(f'The table is called "{table}".', where=Place(str(path)), example=f"table: {path.stem}")
    return tuple(Indicator(table, code, **entry) for code, entry in contents["indicators"].items())
