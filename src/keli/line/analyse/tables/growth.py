"""Growth in its three meanings, contributions and pulls, at current and at constant prices."""

from __future__ import annotations

import numpy as np
import pandas as pd

from keli.base.errors import NotClosedError
from keli.line.analyse.account import PLACE, Account, addresses
from keli.line.analyse.ancestors import CORE
from keli.line.analyse.base_cells import EVERY, MATCHED_NEXT, MATCHED_PREVIOUS
from keli.line.analyse.levels import CONSTANT as CONSTANT_PRICES
from keli.line.analyse.levels import CURRENT, NEXT_BASE, PREVIOUS_PRICES
from keli.line.analyse.tables import rows
from keli.methods.contribution import contribution_rate, growth_pull
from keli.methods.growth import growth_rate

PRICE_PAIRS = {rows.CURRENT: (CURRENT, CURRENT), rows.CONSTANT: (CONSTANT_PRICES, NEXT_BASE)}
"""Price base -> prices of the year and of the year before: Q has both in the base year of the later one."""


def growth(account: Account) -> list[pd.DataFrame]:
    """Figures on growth: all units, matched units, over the figure as published; contributions and pulls.

    Raises:
        NotClosedError: The pulls of the majors do not add up to the growth of the core.
    """
    every = account.levels_of(EVERY)
    matched = account.levels_of(MATCHED_PREVIOUS), account.levels_of(MATCHED_NEXT)
    return [
        *_growth(account, "GROWTH", (every, every), (EVERY, EVERY)),
        *_growth(account, "GROWTH_MATCHED", matched, (MATCHED_PREVIOUS, MATCHED_NEXT)),
        *_over_published(account, every),
        *_contributions(account, every),
    ]


def _pairs(now: pd.DataFrame, before: pd.DataFrame, price_base: str) -> pd.DataFrame:
    """Return every place with its value in a year and in the year before, and whether it has one."""
    price, price_before = PRICE_PAIRS[price_base]
    this = now[[*PLACE, price]].rename(columns={price: "now"}).assign(has_now=True)
    last = before[[*PLACE, price_before]].rename(columns={price_before: "before"})
    last = last.assign(period=last["period"] + 1, has_before=True)
    pairs = this.merge(last, on=PLACE, how="outer").sort_values(PLACE, ignore_index=True)
    for year in ("now", "before"):
        pairs[f"has_{year}"] = pairs[f"has_{year}"].notna()
        pairs[year] = pairs[year].where(pairs[f"has_{year}"], 0.0)
    return pairs


def _growth(
    account: Account, measure: str, levels: tuple[pd.DataFrame, pd.DataFrame], sets: tuple[str, str]
) -> list[pd.DataFrame]:
    found = []
    for price_base in PRICE_PAIRS:
        pairs = _pairs(*levels, price_base)
        pairs = pairs[pairs["has_now"] & pairs["has_before"]].reset_index(drop=True)
        cells = zip(addresses(pairs, sets[0]), addresses(pairs, sets[1], shift=-1), strict=True)
        values = growth_rate(pairs["now"], pairs["before"].where(pairs["before"] > 0))
        status = _status(account, pairs, sets).mask((pairs["before"] <= 0) & pairs["now"].notna(), rows.MISSING)
        found.append(_compared(pairs, measure, price_base, values, [list(both) for both in cells], status))
    return found


def _status(account: Account, pairs: pd.DataFrame, sets: tuple[str, str]) -> pd.Series:
    """Return the status of growth rates: matched units are benchmarked in no year, so both years are alike."""
    if sets == (EVERY, EVERY):
        return account.growth_status(pairs["period"])
    return pd.Series(rows.NORMAL, index=pairs.index, dtype=object)


def _over_published(account: Account, levels: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the growth over the figure of the year before as it was published at the time."""
    controls = account.controls
    published = controls[(controls["measure"] == "VA_PUBLISHED") & (controls["area"] == account.district)]
    published = published[published["value"] > 0][[*PLACE, "value"]]
    pairs = levels.merge(published.assign(period=published["period"] + 1), on=PLACE)
    own = [[address] for address in addresses(pairs)]
    return [
        rows.figures(
            pairs,
            "GROWTH_PUBLISHED",
            growth_rate(pairs[price], pairs["value"]),
            own,
            price_base=price_base,
            base_period=(pairs["period"] - 1).astype(str),
        )
        for price_base, price in ((rows.CURRENT, CURRENT), (rows.CONSTANT, PREVIOUS_PRICES))
    ]


def _contributions(account: Account, levels: pd.DataFrame) -> list[pd.DataFrame]:
    """Return what each activity adds to the growth of the core total of its area."""
    found = []
    for price_base in PRICE_PAIRS:
        pairs = _pairs(levels, levels, price_base)
        core = pairs[(pairs["activity"] == CORE) & pairs["has_now"] & pairs["has_before"]]
        core = core[["period", "area", "now", "before"]]
        parts = pairs[pairs["activity"] != CORE].merge(core, on=["period", "area"], suffixes=("", "_core"))
        change, core_change = parts["now"] - parts["before"], parts["now_core"] - parts["before_core"]
        base = parts["before_core"].where(parts["before_core"] > 0)
        pulls = growth_pull(change, base)
        _check_additive(parts.assign(pull=pulls, growth=growth_rate(parts["now_core"], base)))
        rates = contribution_rate(change, core_change.where(base.notna() & (core_change != 0)))
        cells, status = _contribution_cells(parts), account.growth_status(parts["period"])
        known = change.notna() & core_change.notna()
        for measure, values in (("PULL", pulls), ("CONTRIBUTION", rates)):
            undefined = known & values.isna()
            found.append(_compared(parts, measure, price_base, values, cells, status.mask(undefined, rows.MISSING)))
    return found


def _contribution_cells(parts: pd.DataFrame) -> list[list[str]]:
    """Return the cells of part and total in both years, where there are such."""
    core = parts.assign(activity=CORE)
    columns = (
        addresses(parts).where(parts["has_now"], ""),
        addresses(parts, shift=-1).where(parts["has_before"], ""),
        addresses(core),
        addresses(core, shift=-1),
    )
    return [[address for address in line if address] for line in zip(*columns, strict=True)]


def _compared(
    places: pd.DataFrame, measure: str, price_base: str, values: pd.Series, cells: list[list[str]], status: pd.Series
) -> pd.DataFrame:
    """Return rates over the year before; one that has no meaning stands as missing.

    Where both years are there and the row were absent, it would tell that a figure withheld is not positive.
    """
    return rows.figures(
        places,
        measure,
        values,
        cells,
        price_base=price_base,
        base_period=(places["period"] - 1).astype(str),
        obs_status=status,
    )


def _check_additive(parts: pd.DataFrame) -> None:
    majors = parts[parts["activity"].isin({activity[:2] for activity in parts["activity"] if activity[:2].isdigit()})]
    sums = majors.groupby(["period", "area"])[["pull"]].sum(skipna=False)
    sums["growth"] = majors.groupby(["period", "area"])["growth"].first()
    known = sums.astype("float64").dropna()
    if not np.allclose(known["pull"], known["growth"], rtol=1e-9, atol=1e-6):
        raise NotClosedError("The percentage points of the majors do not add up to the growth of the core.")
