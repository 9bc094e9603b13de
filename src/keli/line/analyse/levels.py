"""Value added at current and at constant prices, benchmarked, at every level of the activities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from keli.base.errors import NotClosedError
from keli.line.analyse.ancestors import CORE, major_of
from keli.line.analyse.base_cells import EVERY, UNDIVIDED
from keli.line.analyse.factors import Benchmark
from keli.methods.price_index import chained_index, constant_price_value
from keli.model.catalogue import Catalogue
from keli.model.parameters import Parameter

CURRENT, CONSTANT, NEXT_BASE, PREVIOUS_PRICES = "current", "constant", "next_base", "previous_prices"
PRICES = (CURRENT, CONSTANT, NEXT_BASE, PREVIOUS_PRICES)
PLACE = ["unit_set", "period", "area", "activity"]
MINOR_DIGITS = 6


@dataclass(frozen=True)
class Prices:
    """Price indices of the core's classes.

    Args:
        series: Series -> year -> index with the previous year = 100.
        base_year: The parameter prices/base_year.
        catalogue: The deflator of each class.
    """

    series: dict[str, dict[int, float]]
    base_year: Parameter
    catalogue: Catalogue

    def index(self, activity: str, base_year: int, year: int) -> float:
        """Return the chained index of a class; not a number where its series lacks a year."""
        series = self.series.get(self.catalogue.deflator(activity).series, {})
        index = chained_index(series, base_year, year)
        return np.nan if index is None else index

    def base_of(self, year: int) -> int:
        """Return the base year of the constant prices of a year."""
        base: int = self.base_year.at(year)
        return base


def prices_from(indices: pd.DataFrame, catalogue: Catalogue) -> Prices:
    """Return the price indices of the table price_indices."""
    series: dict[str, dict[int, float]] = {}
    for name, year, index in zip(indices["series"], indices["period"], indices["index_previous_year"], strict=True):
        series.setdefault(name, {})[int(year)] = float(index)
    return Prices(series, catalogue.parameter("prices/base_year"), catalogue)


def value_levels(
    cells: pd.DataFrame, weights: pd.DataFrame, benchmarks: dict[int, Benchmark], prices: Prices
) -> pd.DataFrame:
    """Value added of each set of units, year, area and activity, in four prices; benchmarked for all units.

    Args:
        cells: Base cells.
        weights: leaf, activity, weight: the parents of each class.
        benchmarks: Factors by year.
        prices: Price indices.

    Returns:
        One row a unit set, year, area and activity; in yuan: `current`, `constant` (base year of the year),
        `next_base` (base year of the year after: the base of its growth), `previous_prices` (prices of the year
        before). Not a number where a class in the sum has no index: never guessed. `major` is the major that all
        classes of the row lie in, empty where they lie in several.

    Method: each class is multiplied by the factor of its major and divided by its own chained index; only then
    are classes added up. Single deflation by class. Matched sets keep the factor 1: a factor covers the whole of a
    major, also the units that are not matched, and would move the comparison of the same units.
    """
    classes = cells[
        (cells["measure"] == "VA")
        & (cells["dimension"] == UNDIVIDED)
        & (cells["activity"].str.len() == MINOR_DIGITS)
        & cells["activity"].str.isdigit()
    ][[*PLACE, "value"]]
    valued = classes.merge(_class_prices(classes, benchmarks, prices), on=["period", "activity"])
    valued[CURRENT] = valued["value"] * valued["factor"].where(valued["unit_set"] == EVERY, 1.0)
    for price in PRICES[1:]:
        valued[price] = constant_price_value(valued[CURRENT], valued[f"index_{price}"])
    spread = valued.rename(columns={"activity": "leaf"}).merge(weights, on="leaf").sort_values([*PLACE, "leaf"])
    for price in PRICES:
        spread[price] *= spread["weight"]
    spread["major"] = spread["leaf"].map(major_of)
    parents = spread.groupby(PLACE, sort=True)
    levels = parents[list(PRICES)].sum(skipna=False)
    levels["major"] = parents["major"].first().where(parents["major"].nunique() == 1, "")
    return levels.reset_index()


def at_control(levels: pd.DataFrame, benchmarks: dict[int, Benchmark], district: str) -> pd.DataFrame:
    """Return the levels with the core total of the district at exactly its control total.

    Raises:
        NotClosedError: The benchmarked classes do not add up to the control.
    """
    fixed = levels.copy()
    core = (fixed["unit_set"] == EVERY) & (fixed["area"] == district) & (fixed["activity"] == CORE)
    for year, benchmark in benchmarks.items():
        row = core & (fixed["period"] == year)
        if benchmark.total is None:
            continue
        if not np.allclose(fixed.loc[row, CURRENT], benchmark.total, rtol=1e-9, atol=0):
            raise NotClosedError(f"The benchmarked classes of {year} do not add up to the control total of {district}.")
        fixed.loc[row, CURRENT] = benchmark.total
    return fixed


def _class_prices(classes: pd.DataFrame, benchmarks: dict[int, Benchmark], prices: Prices) -> pd.DataFrame:
    """Return the factor and the three indices of each class and year."""
    pairs = classes[["period", "activity"]].drop_duplicates().sort_values(["period", "activity"])
    rows = [
        {
            "period": year,
            "activity": activity,
            "factor": benchmarks[year].factors[major_of(activity)],
            "index_constant": prices.index(activity, prices.base_of(year), year),
            "index_next_base": prices.index(activity, prices.base_of(year + 1), year),
            "index_previous_prices": prices.index(activity, year - 1, year),
        }
        for year, activity in zip(pairs["period"], pairs["activity"], strict=True)
    ]
    columns = ["period", "activity", "factor", *(f"index_{price}" for price in PRICES[1:])]
    return pd.DataFrame(rows, columns=columns)


def missing_indices(cells: pd.DataFrame, prices: Prices) -> list[tuple[str, int, int]]:
    """Price series that lack a year which constant prices need.

    Args:
        cells: Base cells.
        prices: Price indices.

    Returns:
        Series, year of the account and its base year, sorted.
    """
    classes = cells[(cells["measure"] == "VA") & (cells["activity"].str.len() == MINOR_DIGITS)]
    pairs = classes[["period", "activity"]].drop_duplicates()
    return sorted(
        {
            (prices.catalogue.deflator(activity).series, int(year), prices.base_of(year))
            for year, activity in zip(pairs["period"], pairs["activity"], strict=True)
            if np.isnan(prices.index(activity, prices.base_of(year), year))
        }
    )
