"""How sure the estimate before benchmarking is: its range if judged shares move, its growth with an interval."""

from __future__ import annotations

import numpy as np
import pandas as pd

from keli.line.analyse.account import PLACE, Account
from keli.line.analyse.ancestors import tier_activities
from keli.line.analyse.tables.rows import ESTIMATED, HUNDRED_MILLION, MISSING, figures
from keli.methods.growth import PERCENT, growth_rate
from keli.methods.uncertainty import growth_variance, sensitivity_range

DOWN, UP = "SPLIT_DOWN", "SPLIT_UP"


def doubt(account: Account) -> list[pd.DataFrame]:
    """Figures on the doubt in the estimate, at current prices."""
    return [*_if_shares_move(account), *_growth(account)]


def _if_shares_move(account: Account) -> list[pd.DataFrame]:
    """Return the estimate if all judged digital shares were smaller, and if they were larger.

    For the district by core total, major and starred class. What the estimate loses or gains is a sum over the units
    on judged shares alone, so the range rests on that sum too.
    """
    cells = account.estimates()
    activities = tier_activities(account.catalogue)
    cells = cells[(cells["area"] == account.district) & cells["activity"].isin(activities)].reset_index(drop=True)
    for name, measure in (("down", DOWN), ("up", UP)):
        moves = account.cells_of(measure)[[*PLACE, "value", "cell_id"]]
        moves = moves.rename(columns={"value": name, "cell_id": f"{name}_cell"})
        cells = cells.merge(moves, on=PLACE, how="left")
    low, high = sensitivity_range(cells["value"], cells["down"].fillna(0.0), cells["up"].fillna(0.0))
    moved = [{*pair} - {""} for pair in cells[["down_cell", "up_cell"]].fillna("").itertuples(index=False)]
    rests_on = [sorted(own | others) for own, others in zip(cells["own"], moved, strict=True)]
    return [
        figures(cells, measure, value / HUNDRED_MILLION, rests_on, obs_status=ESTIMATED)
        for measure, value in (("VA_SPLIT_LOW", low), ("VA_SPLIT_HIGH", high))
    ]


def _growth(account: Account) -> list[pd.DataFrame]:
    """Return the growth of the estimate, and its interval for the district; missing where the base is not positive.

    Method: g -/+ z sqrt(v(g)) with the variances of both years and their covariance.
    """
    pairs = _pairs(account)
    now, before = pairs["now"], pairs["before"].where(pairs["before"] > 0)
    errors = account.standard_error(pairs) ** 2, account.standard_error(pairs, shift=1) ** 2
    variance = growth_variance(now, before, errors, pairs["covariance"].fillna(0.0))
    rate, margin = growth_rate(now, before), account.quantile * PERCENT * np.sqrt(variance.clip(lower=0.0))
    status = before.isna().map({True: MISSING, False: ESTIMATED})
    pairs["rests_on"] = [sorted(one | other) for one, other in zip(pairs["own"], pairs["own_before"], strict=True)]
    pairs = pairs.assign(rate=rate, lower=rate - margin, upper=rate + margin, status=status)
    whole = pairs[pairs["area"] == account.district]
    bounds = (
        ("GROWTH_UNBENCHMARKED", pairs, "rate"),
        ("GROWTH_LOWER", whole, "lower"),
        ("GROWTH_UPPER", whole, "upper"),
    )
    return [
        figures(
            rows, measure, rows[name], rows["rests_on"].tolist(),
            base_period=(rows["period"] - 1).astype(str), obs_status=rows["status"],
        )
        for measure, rows, name in bounds
    ]  # fmt: skip


def _pairs(account: Account) -> pd.DataFrame:
    """Return the estimate of each place that has one in a year and in the year before, and the covariance."""
    cells = account.estimates()
    earlier = cells.assign(period=cells["period"] + 1)[[*PLACE, "value", "own"]]
    pairs = cells[[*PLACE, "value", "own"]].merge(earlier, on=PLACE, suffixes=("", "_before"))
    pairs = pairs.rename(columns={"value": "now", "value_before": "before"})
    return pairs.merge(account.covariances, on=PLACE, how="left")
