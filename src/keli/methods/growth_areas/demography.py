"""Business demography: births, deaths, moves, survival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from keli.base.errors import KeliError
from keli.methods.structure.concentration import Floats

PERCENT = 100


@dataclass(frozen=True)
class Turnover:
    """Rates in per cent of the active units at the beginning.

    Args:
        births: New units.
        deaths: Units that ended.
        churn: Both together.
        net: Births less deaths.
        moves: Units that came from other areas less those that left.
    """

    births: float
    deaths: float
    churn: float
    net: float
    moves: float


def turnover(active: float, births: float, deaths: float, moved_in: float = 0, moved_out: float = 0) -> Turnover:
    """Rates of births, deaths and moves.

    Args:
        active: Units active at the beginning of the period.
        births: Units born in it.
        deaths: Units that ended in it.
        moved_in: Units that came from other areas.
        moved_out: Units that left for other areas.

    Raises:
        KeliError: No unit was active.

    Method: Eurostat-OECD Manual on Business Demography Statistics (2007), chapters 5 and 7.

    >>> turnover(200, 30, 20, 5, 15)
    Turnover(births=15.0, deaths=10.0, churn=25.0, net=5.0, moves=-5.0)
    """
    if active <= 0:
        raise KeliError("Rates of births and deaths need units that were active at the beginning.")
    born, ended = PERCENT * births / active, PERCENT * deaths / active
    return Turnover(born, ended, born + ended, born - ended, PERCENT * (moved_in - moved_out) / active)


@dataclass(frozen=True)
class Survival:
    """Survival of units by age (Kaplan and Meier 1958).

    Args:
        ages: (k,) ages at which units ended, ascending.
        at_risk: (k,) units that had reached the age.
        ended: (k,) units that ended at it.
        share: (k,) share that survives beyond it.
        error: (k,) its standard error (Greenwood 1926).
    """

    ages: Floats
    at_risk: Floats
    ended: Floats
    share: Floats
    error: Floats


def survival(ages: Any, ended: Any) -> Survival:
    """Survival of units of which some still live.

    Args:
        ages: (n,) age in years at the end, or today for units that live.
        ended: (n,) whether the unit ended.

    Method: product of (1 - d / r) over the ages up to now; variance S^2 sum d / (r (r - d)).
    """
    lived, over = np.asarray(ages, np.float64), np.asarray(ended, bool)
    if lived.size == 0 or (lived < 0).any() or not np.isfinite(lived).all():
        raise KeliError("Survival needs ages that are not negative and not missing.")
    at = np.unique(lived[over])
    risk = np.array([(lived >= age).sum() for age in at], np.float64)
    died = np.array([(over & (lived == age)).sum() for age in at], np.float64)
    share = np.cumprod(1 - died / risk)
    left = risk * (risk - died)
    spread = np.cumsum(np.divide(died, left, out=np.zeros_like(died), where=left > 0))
    error = np.asarray(share * np.sqrt(spread), np.float64)
    return Survival(at, risk, died, np.asarray(share, np.float64), error)


def diffusion(changes: Any, weights: Any = None) -> float:
    """Diffusion index: share that grows plus half the share that stays, in per cent; above 50 more grow than shrink.

    Args:
        changes: (n,) change or growth of each class or area; missing ones are left out.
        weights: (n,) weight of each; equal by default.

    >>> diffusion([1.0, 2.0, 0.0, -1.0])
    62.5
    """
    moved = np.asarray(changes, np.float64)
    heavy = np.ones_like(moved) if weights is None else np.asarray(weights, np.float64)
    known = ~np.isnan(moved)
    if not heavy[known].sum() > 0:
        raise KeliError("A diffusion index needs at least one change with a weight above zero.")
    scores = np.where(moved > 0, 1.0, np.where(moved == 0, 0.5, 0.0))
    return float(PERCENT * (scores * heavy)[known].sum() / heavy[known].sum())
