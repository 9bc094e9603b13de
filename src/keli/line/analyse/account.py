"""What the open tables are made from: base cells, benchmarks, price levels, controls of one run."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from keli.line.analyse.ancestors import CORE, major_of
from keli.line.analyse.base_cells import EVERY, UNDIVIDED
from keli.line.analyse.factors import Benchmark
from keli.model.catalogue import Catalogue

PLACE = ["period", "area", "activity"]


@dataclass(frozen=True)
class Account:
    """The district's account on small tables.

    Args:
        catalogue: Facts.
        district: Area code of the district.
        years: Years of the account.
        census: The register is complete: shares of GDP may be told.
        cells: Base cells of value added and its components.
        benchmarks: Benchmark by year.
        levels: Benchmarked value added in four prices.
        errors: Standard errors.
        covariances: Covariances of the errors of a year and of the year before.
        controls: Control totals at current prices.
    """

    catalogue: Catalogue
    district: str
    years: tuple[int, ...]
    census: bool
    cells: pd.DataFrame
    benchmarks: dict[int, Benchmark]
    levels: pd.DataFrame
    errors: pd.DataFrame
    covariances: pd.DataFrame
    controls: pd.DataFrame

    def cells_of(self, measure: str, unit_set: str = EVERY, dimension: str = UNDIVIDED) -> pd.DataFrame:
        """Return the base cells of one measure and set of units."""
        cells = self.cells
        return cells[
            (cells["measure"] == measure) & (cells["unit_set"] == unit_set) & (cells["dimension"] == dimension)
        ]

    def levels_of(self, unit_set: str) -> pd.DataFrame:
        """Return the levels of one set of units: period, area, activity and the four prices."""
        of_set = self.levels[self.levels["unit_set"] == unit_set]
        return of_set.drop(columns="unit_set").reset_index(drop=True)

    def estimates(self) -> pd.DataFrame:
        """Return the estimate of each place before benchmarking with the cells that it rests on.

        Beside the benchmarked figure it tells the factor of the major, and with the control the estimate of the cell
        that the factor was formed on: it rests on that cell too.

        Returns:
            The base cells of value added with `own`, a set of addresses: the cell's own and those of its factor.
        """
        cells = self.cells_of("VA").merge(self.levels_of(EVERY)[[*PLACE, "major"]], on=PLACE)
        own = [
            {address, *self.benchmarks[year].rests_on.get(major, ())}
            for address, year, major in zip(cells["cell_id"], cells["period"], cells["major"], strict=True)
        ]
        return cells.assign(own=pd.Series(own, index=cells.index, dtype=object))

    def standard_error(self, places: pd.DataFrame, shift: int = 0) -> pd.Series:
        """Return the standard error of the estimate of places in yuan, `shift` years earlier; 0 if all is reported."""
        wanted = places[PLACE].assign(period=places["period"] - shift)
        found = wanted.merge(self.errors, on=PLACE, how="left", indicator="known")
        return found["standard_error"].where(found["known"] == "both", 0.0).set_axis(places.index)

    @property
    def quantile(self) -> float:
        """Standard errors on either side of an estimate that its interval reaches."""
        quantile: float = self.catalogue.parameter("uncertainty/normal_quantile").at(self.years[-1])
        return quantile

    def control(self, measure: str, activity: str) -> dict[int, float]:
        """Return a control of the district by year."""
        controls = self.controls
        chosen = controls[
            (controls["measure"] == measure) & (controls["activity"] == activity) & (controls["area"] == self.district)
        ]
        return dict(zip(chosen["period"].astype(int), chosen["value"], strict=True))

    def base_year(self, year: int) -> int:
        """Return the base year of the constant prices of a year."""
        base: int = self.catalogue.parameter("prices/base_year").at(year)
        return base

    def growth_status(self, periods: pd.Series) -> pd.Series:
        """Return E for years of which only one of the year and the year before is benchmarked, else A."""
        applied = {year: benchmark.applied for year, benchmark in self.benchmarks.items()}
        status = {year: "A" if applied.get(year) == applied.get(year - 1) else "E" for year in self.years}
        return periods.map(status).fillna("A")


def addresses(places: pd.DataFrame, unit_set: str = EVERY, shift: int = 0) -> pd.Series:
    """Addresses of the value-added cells of places, `shift` years later."""
    period = (places["period"] + shift).astype(str)
    return "VA|" + unit_set + "|" + period + "|" + places["area"] + "|" + places["activity"] + "|" + UNDIVIDED


def benchmarked(account: Account, cells: pd.DataFrame) -> pd.Series:
    """Benchmarked value of core cells in yuan, in the order of `cells`.

    Args:
        account: The factors.
        cells: Base cells of DE, majors and below, each DE cell with its majors among them.

    Method: value times the factor of the major; the core total is the sum of its benchmarked majors.
    """
    factors = [
        account.benchmarks[year].factors.get(major_of(activity), math.nan)
        for year, activity in zip(cells["period"], cells["activity"], strict=True)
    ]
    valued = cells.assign(benchmarked=cells["value"] * factors)
    group = ["measure", "unit_set", "dimension", "period", "area"]
    majors = valued[valued["activity"].str.len() == len("01")]
    majors = majors[majors["activity"] != CORE].sort_values([*group, "activity"])
    totals = majors.groupby(group, sort=True)["benchmarked"].sum().rename("total").reset_index()
    total = valued[group].merge(totals, on=group, how="left")["total"].to_numpy()
    return valued["benchmarked"].where(valued["activity"] != CORE, total)
