"""Printed figures: rounded once on output to the row's own decimals; a withheld figure is empty."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from keli.base.quantities import round_printed
from keli.formats.open_table import CONFIDENTIAL, OpenTable

# Official names of the units, by SDMX unit of measure and power of ten.
_UNITS = {
    ("CNY", 0): "元", ("CNY", 3): "千元", ("CNY", 4): "万元", ("CNY", 8): "亿元", ("PCT", 0): "%",
    ("PP", 0): "百分点", ("UNIT", 0): "家", ("ROW", 0): "行", ("FACTOR", 0): "倍",
}  # fmt: skip


def unit_name(unit_measure: str, unit_mult: int) -> str:
    """Official name of a unit, such as 亿元 for (CNY, 8).

    >>> unit_name("CNY", 8), unit_name("PERSON", 4)
    ('亿元', 'PERSON x 10^4')
    """
    known = _UNITS.get((unit_measure, unit_mult))
    if known is not None:
        return known
    return unit_measure if unit_mult == 0 else f"{unit_measure} x 10^{unit_mult}"


def printed_figure(row: dict[str, Any], convention: str) -> Decimal | None:
    """The figure of a row as printed; nothing where it is confidential or missing.

    Args:
        row: One row of an open table.
        convention: Rounding convention of the release.
    """
    if row["conf_status"] == CONFIDENTIAL or row["obs_value"] is None:
        return None
    figure = round_printed(row["obs_value"], row["decimals"], convention)
    return abs(figure) if figure == 0 else figure


def printed_rows(table: OpenTable) -> list[dict[str, Any]]:
    """Rows of the table with `obs_value` as printed; columns and order unchanged."""
    convention = table.manifest.rounding
    return [row | {"obs_value": printed_figure(row, convention)} for row in table.rows.to_pylist()]
