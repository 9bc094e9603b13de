"""What the covariance of the errors of two years is rebuilt from: units estimated, and units reporting, in both."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import money
from keli.line.account.unit.rates import SQUARE, WIDE

ESTIMATED, REPORTED, RETURN = "estimated", "reported", "return"
# Products of relative residuals: exact in sums, ten places.
_RELATIVE = "decimal(38,10)"
_CELL = ("period", "area", "activity", "gbt_code")


def change_rows(splits: ir.Table, rates: ir.Table) -> ir.Table:
    """Products of the revenues of units that are estimated in a year and in the year before, in the same place.

    Method: sum of s R of the year times s R of the year before, exact in decimals, with the residual variances of the
    rate cells of both years. A unit that changed its area or digital class stands in no product: its errors count as
    independent.

    Args:
        splits: One unit, year and core class (`unit_split`), in yuan.
        rates: One GB/T code in one year.

    Returns:
        The columns of `change_bases`.
    """
    rows = splits.filter(splits.basis == ESTIMATED)
    rows = rows.select("unit_id", *_CELL, digital=money(rows.share * rows.revenue.fill_null(0).cast("float64")))
    before = rows.select(
        b_unit="unit_id", b_area="area", b_activity="activity", gbt_code_previous="gbt_code",
        b_digital="digital", b_period=(rows.period + 1).cast("int32"),
    )  # fmt: skip
    pairs = rows.inner_join(
        before,
        [rows.unit_id == before.b_unit, rows.period == before.b_period, rows.area == before.b_area,
         rows.activity == before.b_activity],
    )  # fmt: skip
    key = (*_CELL, "gbt_code_previous")
    sums = pairs.group_by(*key).agg(revenue_products=(pairs.digital.cast(WIDE) * pairs.b_digital).cast(SQUARE).sum())
    now = rates.select("residual_variance", n_period="period", n_code="gbt_code")
    then = rates.select(
        residual_variance_previous="residual_variance", t_code="gbt_code", t_period=(rates.period + 1).cast("int32")
    )
    joined = sums.left_join(now, [sums.period == now.n_period, sums.gbt_code == now.n_code])
    joined = joined.left_join(then, [joined.period == then.t_period, joined.gbt_code_previous == then.t_code])
    return joined.drop("n_period", "n_code", "t_period", "t_code").order_by(*key)


def correlation_rows(accounts: ir.Table, rates: ir.Table) -> ir.Table:
    """Sums of products and squares of the relative residuals of units that report in a year and in the year before.

    Method: u = VA / R - r of the unit's rate cell in the year.

    Args:
        accounts: One unit in one year (`unit_account`), in yuan.
        rates: One GB/T code in one year.

    Returns:
        The columns of `residual_sums`, one row a year.
    """
    reporting = accounts.filter(
        accounts.in_district, ~accounts.consolidated, accounts.basis == REPORTED, accounts.base == RETURN,
        accounts.revenue > 0,
    )  # fmt: skip
    rates = rates.select("value_added_rate", q_period="period", q_code="gbt_code")
    rated = reporting.inner_join(rates, [reporting.period == rates.q_period, reporting.gbt_code == rates.q_code])
    residual = rated.value_added.cast("float64") / rated.revenue.cast("float64") - rated.value_added_rate
    rows = rated.select("unit_id", "period", residual=residual).filter(ibis._.residual.notnull())
    before = rows.select(b_unit="unit_id", b_residual="residual", b_period=(rows.period + 1).cast("int32"))
    pairs = rows.inner_join(before, [rows.unit_id == before.b_unit, rows.period == before.b_period])
    return pairs.group_by("period").agg(
        units=pairs.count(),
        products=(pairs.residual * pairs.b_residual).cast(_RELATIVE).sum(),
        squares=(pairs.residual * pairs.residual).cast(_RELATIVE).sum(),
        squares_previous=(pairs.b_residual * pairs.b_residual).cast(_RELATIVE).sum(),
    ).order_by("period")  # fmt: skip
