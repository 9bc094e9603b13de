"""Calibration of the truth: level, growth and share of the district's core value added."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from keli.model.catalogue import Catalogue
from keli.sample.truth.classes import ClassList
from keli.sample.truth.conventions import FIRST_YEAR, LAST_YEAR, YEARS, Stream
from keli.sample.truth.population import Population

Array = npt.NDArray[Any]

PRICE_YEARS = np.arange(FIRST_YEAR - 1, LAST_YEAR + 1)
DECIMALS_OF_INDEX = 1
SPREAD_OF_SERIES = 1.2


@dataclass(frozen=True)
class Calibration:
    """What the truth is scaled to.

    Args:
        series: Names of the price series.
        indices: Price indices, previous year = 100, shape (series, price years).
        factors: Factor of each year on revenue and value added, yuan.
        core: Core value added by year, fen, exact.
        gdp: Gross domestic product of the district by year, fen.
    """

    series: tuple[str, ...]
    indices: Array
    factors: Array
    core: Array
    gdp: Array


def activity_sums(classes: ClassList, units: Population, rates: Array, shares: Array) -> Array:
    """Digital value added before calibration by year and activity, shape (years, activities)."""
    value = (units.revenue[:, : len(YEARS)] * rates)[:, :, None] * shares
    position = classes.activity[units.klass]
    sums = np.zeros((len(YEARS), len(classes.activities)))
    for year in range(len(YEARS)):
        here = position[:, year] >= 0
        sums[year] = np.bincount(
            position[:, year][here], weights=value[:, year][here], minlength=len(classes.activities)
        )
    return sums


def calibrated(catalogue: Catalogue, classes: ClassList, sums: Array, seed: int) -> Calibration:
    """Scale the truth to the headline.

    Args:
        catalogue: Deflators and the headline's parameters.
        classes: Industry classes.
        sums: Digital value added before calibration by year and activity.
        seed: Seed of the sample.

    Method: the last year has the headline's level; each year before has the level whose growth at its own prices is
    the headline's, year by year backwards; GDP is core value added divided by its share.
    """
    series, indices = _prices(catalogue, classes, sums, seed)
    of_activity = np.array([series.index(catalogue.deflator(activity).series) for activity in classes.activities])
    core, factors = np.zeros(len(YEARS)), np.zeros(len(YEARS))
    core[-1] = float(catalogue.parameter("sample/core_value_added").at(LAST_YEAR))
    for year in range(len(YEARS) - 1, -1, -1):
        factors[year] = core[year] / sums[year].sum()
        if year:
            growth = catalogue.parameter("sample/core_growth").at(int(YEARS[year])) / 100
            constant = (sums[year] * factors[year] / indices[of_activity, year + 1] * 100).sum()
            core[year - 1] = np.rint(constant / (1 + growth) * 100) / 100
    exact = np.array([int(Decimal(f"{level:.2f}") * 100) for level in core.tolist()], dtype=np.int64)
    share = np.array([catalogue.parameter("sample/core_share_gdp").at(year) for year in YEARS.tolist()])
    return Calibration(series, indices, factors, exact, np.rint(exact / share * 100).astype(np.int64))


def constant_price_growth(classes: ClassList, catalogue: Catalogue, truth: Calibration, sums: Array) -> Array:
    """Growth of core value added at prices of the year before, percent, the first year empty.

    Args:
        classes: Industry classes.
        catalogue: Deflators.
        truth: Calibration with the price indices.
        sums: True core value added by year and activity, any unit.
    """
    of_activity = np.array([truth.series.index(catalogue.deflator(activity).series) for activity in classes.activities])
    volume = (sums / truth.indices[of_activity, 1:].T * 100).sum(axis=1)
    growth = np.full(len(YEARS), np.nan)
    growth[1:] = (volume[1:] / sums.sum(axis=1)[:-1] - 1) * 100
    return growth


def _prices(catalogue: Catalogue, classes: ClassList, sums: Array, seed: int) -> tuple[tuple[str, ...], Array]:
    """Price indices by series and year around the mean of the year, the mean weighted by core value added."""
    series = tuple(sorted({deflator.series for deflator in catalogue.deflators}))
    weight = np.zeros(len(series))
    for position, activity in enumerate(classes.activities):
        weight[series.index(catalogue.deflator(activity).series)] += sums[-1, position]
    spread = (
        Stream(seed, 0).draw("prices").uniform(-SPREAD_OF_SERIES, SPREAD_OF_SERIES, (len(series), len(PRICE_YEARS)))
    )
    spread -= (spread * weight[:, None]).sum(axis=0) / weight.sum()
    mean = np.array([catalogue.parameter("sample/price_index").at(year) for year in PRICE_YEARS.tolist()])
    return series, np.round(mean + spread, DECIMALS_OF_INDEX)
