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
        revenue_cubes: Sum of cubed revenue.
    """

    units: int
    revenue: Decimal
    value_added: Decimal
    value_added_squares: Decimal
    products: Decimal
    revenue_squares: Decimal
    revenue_cubes: Decimal


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

    Method: r = sum VA / sum R; model VA_i = r R_i + u_i, independent, Var(u_i) = c2 R_i^2. With S, Q, T the sums of R,
    R^2 and R^3 the residuals e_i = VA_i - r R_i have E sum e^2 = c2 (Q - 2 T/S + Q^2/S^2), because a unit draws the
    rate towards itself by its size; so c2 = sum e^2 / (Q - 2 T/S + Q^2/S^2) and v(r) = c2 Q / S^2. With units of equal
    size this is the textbook n/(n-1) sum e^2 (Cochran, Sampling Techniques, ch. 6); with units as unequal as firms
    are, n/(n-1) is too small (Royall and Cumberland 1981).

    Args:
        cell: Sums over the reporting units, revenue above zero.

    Raises:
        ValueError: Fewer than two units with revenue.
    """
    if cell.units < _FEWEST_FOR_VARIANCE or cell.revenue <= 0:
        raise ValueError("a rate needs at least two reporting units with revenue")
    with localcontext(prec=_DIGITS):
        rate = cell.value_added / cell.revenue
        squares, total = cell.revenue_squares, cell.revenue
        expected = squares - 2 * cell.revenue_cubes / total + squares * squares / total**2
        residual = max(squared_residuals(cell, rate), Decimal(0)) / expected
        return Rate(float(rate), float(residual * squares / total**2), float(residual))


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
