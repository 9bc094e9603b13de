"""Value-added rates: the ratio of value added to revenue of reporting units, its variance, its cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

# Sums of squares of amounts have up to 38 digits; their differences must stay exact.
_DIGITS = 80
_FEWEST_FOR_VARIANCE = 2


@dataclass(frozen=True)
class RateCell:
    """Sums over the reporting units of one cell, in yuan.

    Args:
        units: Reporting units.
        revenue: Sum of revenue.
        value_added: Sum of value added.
        value_added_squares: Sum of squared value added.
        products: Sum of value added times revenue.
        revenue_squares: Sum of squared revenue.
    """

    units: int
    revenue: Decimal
    value_added: Decimal
    value_added_squares: Decimal
    products: Decimal
    revenue_squares: Decimal


@dataclass(frozen=True)
class Rate:
    """A value-added rate with the variances of its model.

    Args:
        rate: Value added over revenue.
        rate_variance: Variance of the rate itself.
        residual_variance: Variance of one unit's residual over its squared revenue.
    """

    rate: float
    rate_variance: float
    residual_variance: float


def estimated_amount(base: Any, rate: Any) -> Any:
    """Value added (or one item) of a unit that does not report it: revenue base times the rate of its cell."""
    return base * rate


def squared_residuals(cell: RateCell, rate: Decimal) -> Decimal:
    """Sum of squared residuals of the units of a cell around its rate.

    Method: sum (VA - rR)^2 = sum VA^2 - 2 r sum VA R + r^2 sum R^2, so one pass over the units is enough.
    """
    with localcontext(prec=_DIGITS):
        return cell.value_added_squares - 2 * rate * cell.products + rate * rate * cell.revenue_squares


def ratio_rate(cell: RateCell) -> Rate:
    """Value-added rate of a cell of at least two reporting units, with its variances.

    Method: r = sum VA / sum R; model VA_i = r R_i + e_i with sd(e_i) proportional to R_i;
    v(r) = n/(n-1) sum e^2 / (sum R)^2, residual variance = n/(n-1) sum e^2 / sum R^2
    (Cochran, Sampling Techniques, ch. 6).

    Args:
        cell: Sums over the reporting units, revenue above zero.

    Raises:
        ValueError: Fewer than two units, or no revenue.
    """
    if cell.units < _FEWEST_FOR_VARIANCE or cell.revenue <= 0:
        raise ValueError("a rate needs at least two reporting units with revenue")
    with localcontext(prec=_DIGITS):
        rate = cell.value_added / cell.revenue
        spread = max(squared_residuals(cell, rate), Decimal(0)) * cell.units / (cell.units - 1)
        return Rate(float(rate), float(spread / cell.revenue**2), float(spread / cell.revenue_squares))


def fallback_cell(cells: Sequence[str], units: Mapping[str, int], min_cell: int) -> str | None:
    """The first cell that has enough reporting units, from the class upwards.

    Args:
        cells: The class, its group, division and section, and the total, in this order.
        units: Cell -> reporting units.
        min_cell: Smallest number of reporting units that a rate may rest on.

    Returns:
        The cell, or None where not even the total has enough.
    """
    return next((cell for cell in cells if units.get(cell, 0) >= min_cell), None)
