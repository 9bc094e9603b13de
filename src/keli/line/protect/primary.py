"""Primary confidentiality of base cells: which are sensitive, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from keli.methods.sensitivity import dominated, largest_sum, p_percent, too_few
from keli.model.catalogue import Catalogue

PERCENT = 100
FEN = 100
"""Contributions are compared in fen, as whole numbers, so that a tie is a tie."""

COUNTS = "UNITS"
REASON = ["cell_id", "rule", "measured", "threshold"]


@dataclass(frozen=True)
class Rules:
    """Thresholds of the three rules.

    Args:
        min_count: Least number of holders.
        dominance_n: Number of largest holders that the dominance rule looks at, 1 or 2.
        dominance_k: Share in per cent at which they dominate.
        p_percent: Closeness in per cent to which nobody may estimate the largest.
    """

    min_count: int
    dominance_n: int
    dominance_k: float
    p_percent: float


def rules_of(catalogue: Catalogue, year: int) -> Rules:
    """Return the rules that hold in a year; a release is protected by those of its last year throughout."""
    names = ("min_count", "dominance_n", "dominance_k", "p_percent")
    return Rules(*(catalogue.parameter(f"protection/{name}").at(year) for name in names))


def primary_reasons(cells: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Sensitive base cells with every rule that they break.

    Args:
        cells: Base cells: holders, x1, x2 and absolute by holder.
        rules: Thresholds.

    Returns:
        One row a sensitive cell and rule: what was measured and the threshold.

    Method: minimum count on all cells; dominance and p per cent on amounts only, since a count of units shows no
    contributor's amount. A cell without contributors is not sensitive.
    """
    amounts = cells[~cells["measure"].str.startswith(COUNTS) & (cells["holders"] > 0)]
    x1, x2, total = ((amounts[name] * FEN).round() for name in ("x1", "x2", "absolute"))
    largest = largest_sum(x1, x2, rules.dominance_n)
    share = np.divide(largest * PERCENT, total.where(total > 0)).fillna(PERCENT)
    closeness = np.divide((total - x1 - x2) * PERCENT, x1.where(x1 > 0)).fillna(PERCENT)
    found = [
        _reasons(cells, too_few(cells["holders"], rules.min_count), "min_count", cells["holders"], rules.min_count),
        _reasons(amounts, dominated(largest, total, rules.dominance_k), "dominance", share, rules.dominance_k),
        _reasons(amounts, p_percent(x1, x2, total, rules.p_percent), "p_percent", closeness, rules.p_percent),
    ]
    return pd.concat(found).sort_values(["cell_id", "rule"], ignore_index=True)


def _reasons(
    cells: pd.DataFrame, sensitive: pd.Series, rule: str, measured: pd.Series, threshold: float
) -> pd.DataFrame:
    chosen = cells.loc[sensitive, ["cell_id"]]
    return chosen.assign(rule=rule, measured=measured[sensitive].astype("float64"), threshold=float(threshold))[REASON]
