"""Coverage of the above-scale list: by count, by revenue, the units that no list names, what reclassification adds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from keli.line.analyse.account import addresses
from keli.line.analyse.ancestors import ALL, CORE
from keli.line.analyse.base_cells import EVERY, UNDIVIDED
from keli.line.analyse.tables.rows import ESTIMATED, HUNDRED_MILLION, NOT_APPLICABLE, figures
from keli.methods.capture_recapture import chapman
from keli.methods.growth import share

PLACE = ["period", "area", "activity"]
CURRENT = "V"


def frame_coverage(covered: pd.DataFrame, cells: pd.DataFrame, district: str) -> list[pd.DataFrame]:
    """How much of the units that reach the threshold the above-scale list holds, by year, area and activity.

    Args:
        covered: Cells of units that reach the threshold, of their revenue, of reclassification.
        cells: Cells of value added.
        district: Area code that the estimate of unseen units and the effect of reclassification stand under.

    Returns:
        Figures that rest on their cells. A rate shows what is on the list and what is missing, so it rests on both.
    """
    wide = covered.pivot(index=PLACE, columns="measure", values="value").reset_index()
    if wide.empty:
        return []
    return [*_rates(wide), *_unseen(wide, district), *_reclassified(wide, cells, district)]


def _rests_on(places: pd.DataFrame, *measures: str) -> list[list[str]]:
    """Addresses of the cells of some measures, place by place."""
    return [
        [f"{measure}|{EVERY}|{period}|{area}|{activity}|{UNDIVIDED}" for measure in measures]
        for period, area, activity in places[PLACE].itertuples(index=False)
    ]


def _rates(wide: pd.DataFrame) -> list[pd.DataFrame]:
    """Units and revenue that reach the threshold, the part of them that is on the list; codes that nobody doubts."""
    listed, missing = wide["UNITS_REACHING_LISTED"], wide["UNITS_REACHING_MISSING"]
    revenue, lacking = wide["REVENUE_LISTED"], wide["REVENUE_MISSING"]
    units, money = ("UNITS_REACHING_LISTED", "UNITS_REACHING_MISSING"), ("REVENUE_LISTED", "REVENUE_MISSING")
    told = [
        ("UNITS_REACHING", listed + missing, NOT_APPLICABLE, units),
        ("UNITS_REACHING_LISTED", listed, NOT_APPLICABLE, units[:1]),
        ("COVERAGE_COUNT", _share(listed, listed + missing), NOT_APPLICABLE, units),
        ("REVENUE_REACHING", (revenue + lacking) / HUNDRED_MILLION, CURRENT, money),
        ("COVERAGE_REVENUE", _share(revenue, revenue + lacking), CURRENT, money),
    ]
    codes = ("UNITS_CODES_CONFIRMED", "UNITS_CODES_DOUBTED")
    tested = wide[codes[0]] + wide[codes[1]]
    told.append(("CODES_CONFIRMED", _share(wide[codes[0]], tested), NOT_APPLICABLE, codes))
    return [figures(wide, name, value, _rests_on(wide, *on), price_base=base) for name, value, base, on in told]


def _unseen(wide: pd.DataFrame, district: str) -> list[pd.DataFrame]:
    """Units that reach the threshold, those on neither the above-scale list nor the tax list included (Chapman)."""
    chosen = wide[(wide["area"] == district) & wide["activity"].isin([ALL, CORE])]
    places = chosen.reset_index(drop=True)
    parts = ("UNITS_REACHING_BOTH", "UNITS_REACHING_FRAME", "UNITS_REACHING_TAX")
    found = [
        chapman(both + frame, both + tax, both)
        for both, frame, tax in places[list(parts)].astype(int).itertuples(index=False)
    ]
    attributes = {"price_base": NOT_APPLICABLE, "obs_status": ESTIMATED}
    rests_on = _rests_on(places, *parts)
    return [
        figures(places, "UNITS_ESTIMATED", [one.population for one in found], rests_on, **attributes),
        figures(places, "UNITS_ESTIMATED_SE", [one.standard_error for one in found], rests_on, **attributes),
    ]


def _reclassified(wide: pd.DataFrame, cells: pd.DataFrame, district: str) -> list[pd.DataFrame]:
    """What changes of industry codes add to the core, in per cent of it, before benchmarking."""
    core = cells[(cells["measure"] == "VA") & (cells["unit_set"] == EVERY) & (cells["dimension"] == UNDIVIDED)]
    core = core[(core["activity"] == CORE) & (core["area"] == district)]
    moved = wide[(wide["activity"] == ALL) & (wide["area"] == district)]
    moved = moved[["period", "RECLASSIFIED_IN", "RECLASSIFIED_OUT"]]
    both = core[[*PLACE, "value"]].merge(moved, on="period").sort_values("period", ignore_index=True)
    net = _share(both["RECLASSIFIED_IN"] - both["RECLASSIFIED_OUT"], both["value"])
    everywhere = both.assign(activity=ALL)
    rests_on = [
        [*parts, address]
        for parts, address in zip(
            _rests_on(everywhere, "RECLASSIFIED_IN", "RECLASSIFIED_OUT"), addresses(both), strict=True
        )
    ]
    return [figures(both, "RECLASSIFICATION", net, rests_on)]


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    """A part of its whole in per cent; nothing where the whole is not positive."""
    return share(part, whole.where(whole > 0, np.nan))
