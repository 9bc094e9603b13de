"""Contribution of a part to the growth of the whole: in per cent of the change, and in percentage points."""

from __future__ import annotations

from typing import Any

PERCENT = 100


def contribution_rate(change: Any, total_change: Any) -> Any:
    """Contribution of a part to the change of the total (贡献率), in per cent.

    Args:
        change: Change of the part between the two periods, both in the same prices.
        total_change: Change of the total, not zero.

    Method: 100 * dVA(k) / dVA(total); contributions of all parts add up to 100.
    """
    return change / total_change * PERCENT


def growth_pull(change: Any, total_base: Any) -> Any:
    """Percentage points by which a part pulls the growth of the total (拉动).

    Args:
        change: Change of the part between the two periods, both in the same prices.
        total_base: Total of the base period, above zero.

    Method: 100 * dVA(k) / VA(total, t-1) = contribution rate * growth of the total = weight(t-1) * growth of the
    part; pulls of all parts add up to the growth of the total, and a part that is new in t has one too.
    """
    return change / total_base * PERCENT
