"""Recipes: which open figures the formula of a measure of value added names, and the arithmetic between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keli.base.quantities import round_printed
from keli.formats.explained.layout import INDENT, aligned, wrapped
from keli.formats.explained.sums import WITHHELD, shown
from keli.formats.explained.words import WHOLE
from keli.formats.open_table import CONFIDENTIAL, OpenTable
from keli.formats.printed import printed_figure, unit_name

Row = dict[str, Any]

CORE = "DE"
CURRENT, CONSTANT = "V", "Q"
_MAJOR_DIGITS = 2
_PLATE = "P"


@dataclass(frozen=True)
class Operand:
    """A figure that a formula names: measure, how many years before, of which activity (own, core, major, whole)."""

    measure: str
    years_before: int = 0
    of: str = "own"


@dataclass(frozen=True)
class Recipe:
    """Figures of a formula, how they are written in it, what it comes to; the head that they stand under."""

    operands: tuple[Operand, ...]
    written: str = ""
    compute: Callable[..., float] | None = None
    head: str = "figures in it 计算所用数据:"


_NOW, _BEFORE = Operand("VA"), Operand("VA", 1)
_CORE_NOW, _CORE_BEFORE = Operand("VA", 0, "core"), Operand("VA", 1, "core")
_ESTIMATE, _ESTIMATE_BEFORE = Operand("VA_UNBENCHMARKED"), Operand("VA_UNBENCHMARKED", 1)

RECIPES = {
    "VA": Recipe((_ESTIMATE, Operand("BENCHMARK_FACTOR", 0, "major")), "{} × {}", lambda a, b: a * b),
    "VA_UNBENCHMARKED": Recipe(
        (Operand("VA_LOWER"), Operand("VA_UPPER"), Operand("VA_SPLIT_LOW"), Operand("VA_SPLIT_HIGH")),
        head="interval, and range if judged shares move 区间与切分敏感性:",
    ),
    "VA_LOWER": Recipe((_ESTIMATE,)),
    "VA_UPPER": Recipe((_ESTIMATE,)),
    "VA_SPLIT_LOW": Recipe((_ESTIMATE,)),
    "VA_SPLIT_HIGH": Recipe((_ESTIMATE,)),
    "BENCHMARK_FACTOR": Recipe((_NOW, _ESTIMATE), "{} / {}", lambda a, b: a / b),
    "GROWTH": Recipe((_NOW, _BEFORE), "({} / {} − 1) × 100", lambda a, b: (a / b - 1) * 100),
    "GROWTH_UNBENCHMARKED": Recipe(
        (_ESTIMATE, _ESTIMATE_BEFORE), "({} / {} − 1) × 100", lambda a, b: (a / b - 1) * 100
    ),
    "GROWTH_LOWER": Recipe((Operand("GROWTH_UNBENCHMARKED"),)),
    "GROWTH_UPPER": Recipe((Operand("GROWTH_UNBENCHMARKED"),)),
    "GROWTH_PUBLISHED": Recipe((_NOW,)),
    "SHARE_GDP": Recipe((_NOW, Operand("VA", 0, "whole")), "{} / {} × 100", lambda a, b: a / b * 100),
    "SHARE_GDP_CHANGE": Recipe((Operand("SHARE_GDP"), Operand("SHARE_GDP", 1)), "{} − {}", lambda a, b: a - b),
    "CONTRIBUTION": Recipe(
        (_NOW, _BEFORE, _CORE_NOW, _CORE_BEFORE),
        "({} − {}) / ({} − {}) × 100",
        lambda a, b, c, d: (a - b) / (c - d) * 100,
    ),
    "PULL": Recipe((_NOW, _BEFORE, _CORE_BEFORE), "({} − {}) / {} × 100", lambda a, b, c: (a - b) / c * 100),
}
"""Measure -> recipe."""


class Neighbours:
    """Rows of value_added of the place of a figure and of its district, found by what they are."""

    def __init__(self, rows: pa.Table, areas: Sequence[str]) -> None:
        """Keep the rows of some areas.

        Args:
            rows: Rows of value_added.
            areas: Codes of the areas.
        """
        kept = rows.filter(pc.is_in(rows["ref_area"], pa.array(sorted(set(areas)), type=pa.string())))
        self._rows = {
            (row["time_period"], row["ref_area"], row["activity"], row["measure"], row["price_base"]): row
            for row in kept.to_pylist()
            if row["size_class"] == row["ownership"] == WHOLE
        }

    def find(self, year: int, area: str, activity: str, measure: str, price_base: str = CURRENT) -> Row | None:
        """The row, or nothing."""
        return self._rows.get((str(year), area, activity, measure, price_base))


def related_lines(row: Row, table: OpenTable, width: int) -> list[str]:
    """The figures that the formula names, and the formula with them in it.

    Where a single one of them is withheld, the others and the figure would tell it: none is shown.

    Args:
        row: A row of value_added.
        table: The table.
        width: Columns of the page.
    """
    district, rounding = table.manifest.area, table.manifest.rounding
    recipe = _recipe(row)
    if recipe is None:
        return []
    neighbours = Neighbours(table.rows, (row["ref_area"], district))
    found = [operand_row(operand, row, neighbours, district) for operand in recipe.operands]
    rows = [other for other in found if other is not None]
    if not rows:
        return []
    alone = sum(other["conf_status"] == CONFIDENTIAL for other in rows) == 1
    lines = [[_called(other), WITHHELD if alone else shown(other, rounding), _prices(other)] for other in rows]
    worked = _worked(row, recipe, found, rounding)
    arithmetic = wrapped(worked, width, INDENT, INDENT * 2) if worked else []
    return [recipe.head, *aligned(lines, width, right=(1,)), *arithmetic]


def _called(row: Row) -> str:
    return f"{row['time_period']} {row['activity']} {row['measure']} {row['price_base']}:"


def _prices(row: Row) -> str:
    return f"{row['base_period']} 年价格" if (row["measure"], row["price_base"]) == ("VA", CONSTANT) else ""


def _recipe(row: Row) -> Recipe | None:
    """The recipe of a figure; GDP is supplied, value added at constant prices has its own neighbour."""
    if row["activity"] == WHOLE or not str(row["time_period"]).isdigit():
        return None
    if (row["measure"], row["price_base"]) == ("VA", CONSTANT):
        return Recipe((Operand("VA", 0, "current"),))
    return RECIPES.get(row["measure"])


def operand_row(operand: Operand, row: Row, neighbours: Neighbours, district: str) -> Row | None:
    """The row of an operand of a figure; nothing where it is no open figure.

    A plate, and the core total of a subdistrict, hold several majors in shares of their own: no one factor is theirs.

    Args:
        operand: What the formula names.
        row: The figure.
        neighbours: Rows of its place and district.
        district: Code of the district, of which factors and GDP are.
    """
    year = int(row["time_period"]) - operand.years_before
    own, area = str(row["activity"]), str(row["ref_area"])
    if operand.of == "major":
        mixed = own.startswith(_PLATE) or (own == CORE and area != district)
        return None if mixed else neighbours.find(year, district, own[:_MAJOR_DIGITS], operand.measure)
    if operand.of == "whole":
        return neighbours.find(year, district, WHOLE, operand.measure)
    activity = CORE if operand.of == "core" else own
    if operand.measure == "VA" and row["price_base"] == CONSTANT and operand.of != "current":
        return _at_constant_prices(int(row["time_period"]), year, area, activity, neighbours)
    return neighbours.find(year, area, activity, operand.measure)


def _at_constant_prices(later: int, year: int, area: str, activity: str, neighbours: Neighbours) -> Row | None:
    """Value added of a year in prices of the base year of a later one; nothing where it is no open figure.

    Method: where the base changes with the later year and the new base is the year itself, its value at current prices
    is the one in prices of the base.
    """
    given = neighbours.find(later, area, activity, "VA", CONSTANT)
    own = neighbours.find(year, area, activity, "VA", CONSTANT)
    base = given["base_period"] if given is not None else None
    if own is not None and own["base_period"] == base:
        return own
    return neighbours.find(year, area, activity, "VA") if base == str(year) else None


def _worked(row: Row, recipe: Recipe, found: Sequence[Row | None], rounding: str) -> str:
    """The formula with its figures, where all may be shown and it comes to the figure."""
    rows = [other for other in found if other is not None and other["obs_value"] is not None]
    if recipe.compute is None or len(rows) != len(recipe.operands) or row["obs_value"] is None:
        return ""
    computed = recipe.compute(*(other["obs_value"] for other in rows))
    figure = printed_figure(row, rounding)
    if figure != round_printed(computed, row["decimals"], rounding):
        return ""
    text = recipe.written.format(*(printed_figure(other, rounding) for other in rows))
    unit = unit_name(row["unit_measure"], row["unit_mult"])
    return f"{text} = {figure} {unit}, computed on unrounded figures 按未修约数计算"
