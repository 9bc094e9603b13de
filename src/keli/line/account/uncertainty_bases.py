"""What the variance of a year's total is rebuilt from, by area and class."""

from __future__ import annotations

import ibis.expr.types as ir

_CELL = ("period", "area", "activity", "gbt_code")


def uncertainty_rows(parts: ir.Table, rates: ir.Table, coefficients: ir.Table) -> ir.Table:
    """Sums that prediction and sampling variances rest on, by year, area, core class and GB/T class.

    Method: sums of s R over estimated units; sums of (s R)^2 over estimated and imputed units, exact in decimals; whole
    value added of the units that the coefficient of the class stands for.

    Args:
        parts: Sums by leaf (`all_parts`).
        rates: One GB/T code in one year.
        coefficients: One starred class and core class in one year (`split_coefficients`).

    Returns:
        The columns of `uncertainty_bases`.
    """
    cells = parts.group_by(*_CELL).agg(
        estimated_revenue=parts.digital_revenue.sum(where=parts.basis == "estimated").fill_null(0),
        estimated_revenue_squares=parts.digital_revenue_squares.sum().fill_null(0),
        split_value_added=parts.standing_value_added.sum().fill_null(0),
    )
    rates = rates.select("rate_variance", "residual_variance", q_period="period", q_code="gbt_code", rate_cell="cell")
    cells = cells.left_join(rates, [cells.period == rates.q_period, cells.gbt_code == rates.q_code])
    shares = coefficients.select(
        f_period="period", f_code="gbt_code", f_activity="activity",
        split_share="share", split_variance="variance", split_tier="tier",
    )  # fmt: skip
    joined = cells.left_join(
        shares,
        [cells.period == shares.f_period, cells.gbt_code == shares.f_code, cells.activity == shares.f_activity],
    )
    return joined.drop("q_period", "q_code", "f_period", "f_code", "f_activity").order_by(*_CELL)
