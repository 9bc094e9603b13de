"""Growth rates and shares. Which units and which prices stand behind them is the caller's to name."""

from __future__ import annotations

from typing import Any

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
