"""The headline of a release: the district's core value added by year, for people to read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from keli.formats.open_table import CONFIDENTIAL, OpenTable, marks
from keli.formats.printed import printed_figure

CORE = "DE"
ALL = "_T"
ABSENT = "–"
# Column head -> measure and price base in value_added.
_COLUMNS = {
    "value\nadded\n亿元": ("VA", "V"),
    "growth\n\n%": ("GROWTH", "Q"),
    "share\nof GDP\n%": ("SHARE_GDP", "V"),
    "change\n\npp": ("SHARE_GDP_CHANGE", "V"),
    "before\nbenchm.\n亿元": ("VA_UNBENCHMARKED", "V"),
    "lower\nbound\n亿元": ("VA_LOWER", "V"),
    "upper\nbound\n亿元": ("VA_UPPER", "V"),
    "factor": ("BENCHMARK_FACTOR", "V"),
}


def headline(table: OpenTable) -> Table:
    """Core value added of the district: a row a year, with growth, share of GDP, interval and factor.

    Args:
        table: The table value_added of a release.
    """
    manifest = table.manifest
    shown = Table(
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        title="\n".join(
            [
                "数字经济核心产业增加值 core value added of the digital economy",
                f"{manifest.title}，{manifest.stage}",
                *marks(manifest),
            ]
        ),
        caption="value added, shares and bounds at current prices 现价；growth at constant prices 不变价\n"
        "lower and upper bound: 95 % interval before benchmarking",
    )
    shown.add_column("year", no_wrap=True)
    for head in _COLUMNS:
        shown.add_column(head, justify="right", no_wrap=True)
    figures = _figures(table)
    for year in manifest.years:
        shown.add_row(str(year), *(_text(figures.get((str(year), *column))) for column in _COLUMNS.values()))
    return shown


def _figures(table: OpenTable) -> dict[tuple[str, str, str], Decimal | str]:
    """Printed figures of the district's core total by year, measure and price base."""
    manifest = table.manifest
    whole = table.where(ref_area=(manifest.area,), activity=(CORE,), size_class=(ALL,), ownership=(ALL,))
    return {(row["time_period"], row["measure"], row["price_base"]): _printed(row, manifest.rounding) for row in whole}


def _printed(row: dict[str, Any], convention: str) -> Decimal | str:
    figure = printed_figure(row, convention)
    if figure is not None:
        return figure
    return CONFIDENTIAL if row["conf_status"] == CONFIDENTIAL else ABSENT


def _text(figure: Decimal | str | None) -> str:
    return ABSENT if figure is None else str(figure)
