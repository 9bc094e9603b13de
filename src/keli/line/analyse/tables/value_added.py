"""Value added: level, interval, factor and share of GDP. Growth stands in growth.py."""

from __future__ import annotations

import pandas as pd

from keli.line.analyse.account import PLACE, Account, addresses
from keli.line.analyse.ancestors import ALL, CORE
from keli.line.analyse.base_cells import EVERY
from keli.line.analyse.tables.rows import CONSTANT, ESTIMATED, HUNDRED_MILLION, MISSING, NORMAL, figures
from keli.methods.growth import percentage_points, share


def value_added(account: Account) -> list[pd.DataFrame]:
    """Figures on the level of value added, at current and at constant prices."""
    levels = account.levels_of(EVERY)
    own = [[address] for address in addresses(levels)]
    bases = pd.Series([str(account.base_year(year)) for year in levels["period"]], dtype=object)
    return [
        figures(levels, "VA", levels["current"] / HUNDRED_MILLION, own),
        figures(levels, "VA", levels["constant"] / HUNDRED_MILLION, own, price_base=CONSTANT, base_period=bases),
        _not_applicable(account, levels),
        *_unbenchmarked(account),
        _factors(account, levels),
        *_gdp(account, levels),
    ]


def _not_applicable(account: Account, levels: pd.DataFrame) -> pd.DataFrame:
    """Return an empty figure for each class without an industry code: no unit can ever be in it."""
    years = sorted({int(year) for year in levels["period"]})
    codes = account.catalogue.not_applicable()
    places = pd.DataFrame([{"period": year, "activity": code} for year in years for code in codes])
    places = places.reindex(columns=PLACE).assign(area=account.district)
    return figures(places, "VA", [None] * len(places), [[] for _ in range(len(places))], obs_status=MISSING)


def _unbenchmarked(account: Account) -> list[pd.DataFrame]:
    """Return the estimate before benchmarking, and its interval for the district.

    Below the district there is none: what a subdistrict lacks because units have no known place, and how far its units
    of a sampled class lie from the district's ratio, is in no variance.
    """
    cells = account.estimates()
    whole = cells[cells["area"] == account.district].reset_index(drop=True)
    margin = account.quantile * account.standard_error(whole)
    return [
        _estimated(cells, "VA_UNBENCHMARKED", cells["value"]),
        _estimated(whole, "VA_LOWER", whole["value"] - margin),
        _estimated(whole, "VA_UPPER", whole["value"] + margin),
    ]


def _estimated(cells: pd.DataFrame, measure: str, value: pd.Series) -> pd.DataFrame:
    rests_on = [sorted(own) for own in cells["own"]]
    return figures(cells, measure, value / HUNDRED_MILLION, rests_on, obs_status=ESTIMATED)


def _factors(account: Account, levels: pd.DataFrame) -> pd.DataFrame:
    """Return the factor of each major of the district, and of the core total; missing where an estimate is zero."""
    cells = account.cells_of("VA").merge(levels[[*PLACE, "current"]], on=PLACE)
    majors = [*(major for benchmark in account.benchmarks.values() for major in benchmark.factors), CORE]
    cells = cells[(cells["area"] == account.district) & cells["activity"].isin(majors)]
    rests_on = [
        sorted({address, *account.benchmarks[year].rests_on.get(activity, ())})
        if account.benchmarks[year].applied
        else []
        for address, year, activity in zip(cells["cell_id"], cells["period"], cells["activity"], strict=True)
    ]
    undefined = cells["value"] == 0
    status = undefined.map({True: MISSING, False: NORMAL})
    return figures(
        cells, "BENCHMARK_FACTOR", cells["current"] / cells["value"].mask(undefined), rests_on, obs_status=status
    )


def _gdp(account: Account, levels: pd.DataFrame) -> list[pd.DataFrame]:
    """Return GDP as supplied, and the shares of value added in it where the register is a census."""
    gdp = account.control("GDP", ALL)
    years = [year for year in account.years if year in gdp]
    whole = pd.DataFrame({"period": years, "area": account.district, "activity": ALL})
    supplied = figures(whole, "VA", [gdp[year] / HUNDRED_MILLION for year in years], [[] for _ in years])
    if not account.census:
        return [supplied]
    part = levels[(levels["area"] == account.district) & levels["period"].isin(gdp)].reset_index(drop=True)
    part["share"] = share(part["current"], part["period"].map(gdp))
    shares = figures(part, "SHARE_GDP", part["share"], [[address] for address in addresses(part)])
    before = part[[*PLACE, "share"]].assign(period=part["period"] + 1)
    pairs = part.merge(before, on=PLACE, suffixes=("", "_before"))
    change = figures(
        pairs,
        "SHARE_GDP_CHANGE",
        percentage_points(pairs["share"], pairs["share_before"]),
        [list(both) for both in zip(addresses(pairs), addresses(pairs, shift=-1), strict=True)],
        base_period=(pairs["period"] - 1).astype(str),
        obs_status=account.growth_status(pairs["period"]),
    )
    return [supplied, shares, change]
