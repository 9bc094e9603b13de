"""Growth rates and shares. Which units and which prices stand behind them is the caller's to name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keli.base.errors import ConfigurationError
from keli.base.periods import MONTHS_IN_YEAR

PERCENT = 100


def growth_rate(value: Any, base: Any) -> Any:
    """Growth of a figure over its base, in per cent.

    Args:
        value: Figure of the period.
        base: Figure that it is compared with, above zero.

    Method: (value / base - 1) * 100. A rate over a base that is zero or negative has no meaning; the caller
    leaves it out.

    >>> round(growth_rate(624.92, 530.49), 1)
    17.8
    """
    return (value / base - 1) * PERCENT


def share(part: Any, whole: Any) -> Any:
    """Share of a part in its whole, in per cent; both in current prices and of the same vintage.

    Method: 100 * part / whole.

    >>> round(share(624.92, 5341.2), 1)
    11.7
    """
    return part / whole * PERCENT


def percentage_points(rate: Any, previous_rate: Any) -> Any:
    """Change of a rate or share over the previous period, in percentage points.

    Method: share(t) - share(t-1), the previous period as last revised, both unrounded.
    """
    return rate - previous_rate


@dataclass(frozen=True)
class SameScope:
    """Growth over units of one scope (同口径), and who stands outside it.

    Args:
        rate: Growth in per cent, or None where the base is not above zero.
        units: Units that are compared.
        entrants: Units of the period that are not compared: no figure of the base is known.
        leavers: Units of the base that are not in the period.
    """

    rate: float | None
    units: int
    entrants: int
    leavers: int


def same_scope_growth(
    now: Mapping[str, float], base: Mapping[str, float], reported_base: Mapping[str, float] | None = None
) -> SameScope:
    """Year-on-year growth of the same scope of units, in per cent.

    Args:
        now: Unit -> figure of the period.
        base: Unit -> figure of the same period a year before, as the units stood in the frame then.
        reported_base: Unit -> figure of a year before that an entrant reports itself. Given, the scope is that of
            the period, as in the published growth of above-scale units (规上); without it, the scope is the units in
            both periods.

    Method: 100 * (sum now / sum base - 1) over units with both figures. The rate is not that of the two published
    totals, between which the scope changes. NBS, 规模以上工业 growth at comparable scope, notes on the indicators.
    """
    known = {unit: value for unit, value in base.items() if unit in now}
    known |= {unit: value for unit, value in (reported_base or {}).items() if unit in now and unit not in base}
    before, after = sum(known.values()), sum(now[unit] for unit in known)
    rate = growth_rate(after, before) if before > 0 else None
    return SameScope(rate, len(known), len(now) - len(known), len(set(base) - set(now)))


def shifted_months(month: int, lag: int = 1) -> int:
    """Months from January that stand for a span which is published with a lag (错月).

    Args:
        month: Last month of the span from January: 6 for the first half year.
        lag: Months by which the return is late.

    Method: revenue of services comes a month late, so that January to May stands for the first half year, January to
    August for three quarters; its growth is then that of the same months of the year before.

    Raises:
        ConfigurationError: No month is left, or there is no such month.

    >>> [shifted_months(month) for month in (3, 6, 9, 12)]
    [2, 5, 8, 11]
    """
    if not 1 <= month - lag <= month <= MONTHS_IN_YEAR:
        raise ConfigurationError(
            f"January to month {month}, {lag} months late, holds no month.", example="month 6 with a lag of 1"
        )
    return month - lag


def shifted_growth(now: Mapping[int, float], base: Mapping[int, float], month: int, lag: int = 1) -> float | None:
    """Growth that stands for a span from January, of months that are published with a lag (错月), in per cent.

    Args:
        now: Month -> figure of that month.
        base: Month -> figure of that month a year before, of the same scope of units.
        month: Last month of the span from January.
        lag: Months by which the return is late.

    Returns:
        The rate, or None where a month of either year is missing or the base is not above zero. Both years have the
        same months; a later month that one of them has is left out.

    Raises:
        ConfigurationError: As `shifted_months`.
    """
    months = range(1, shifted_months(month, lag) + 1)
    if any(one not in now or one not in base for one in months):
        return None
    before = sum(base[one] for one in months)
    return float(growth_rate(sum(now[one] for one in months), before)) if before > 0 else None


def carried_forward(base: Any, rate: Any) -> Any:
    """Figure of a quarter from that of the quarter a year before and the growth of an indicator.

    Args:
        base: Value added of the quarter a year before.
        rate: Growth of the indicator in per cent, in the same prices.

    Method: VA(q) = VA(q-4) * (1 + rate / 100), class by class; then benchmarked to the year (`disaggregation.denton`).

    >>> round(carried_forward(530.49, 17.8), 2)
    624.92
    """
    return base * (1 + rate / PERCENT)


def discrete_from_year_to_date(cumulative: Mapping[int, float]) -> dict[int, float]:
    """Figures of single periods from figures that count from the beginning of the year.

    Args:
        cumulative: Number of the period in the year -> figure from the beginning of the year to its end.

    Returns:
        Number -> figure of the period alone. A first one after the first is left out, as is one whose neighbour
        before is missing: a difference over two periods is not a figure of one.

    >>> discrete_from_year_to_date({1: 100.0, 2: 230.0, 4: 500.0})
    {1: 100.0, 2: 130.0}
    """
    found = {}
    for number in sorted(cumulative):
        if number == 1:
            found[number] = cumulative[number]
        elif number - 1 in cumulative:
            found[number] = cumulative[number] - cumulative[number - 1]
    return found
