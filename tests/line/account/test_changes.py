"""What the covariance of two years rests on: products of revenues, and residuals of units that report in both."""

from __future__ import annotations

from typing import Any

import pytest


def reporting(district: Any, unit: int, payrolls: dict[int, int], **status: Any) -> None:
    """Add a unit that reports revenue 100 and value added of 20 more than its payroll, by year."""
    for year, payroll in payrolls.items():
        district.unit(unit, has_return=True, period=year, **status)
        district.returns(unit, period=year, payroll=payroll)


def estimated(district: Any, unit: int, revenues: dict[int, int], areas: dict[int, str] | None = None) -> None:
    """Add a unit without a return, with taxable revenue by year."""
    for year, revenue in revenues.items():
        district.unit(unit, period=year, area=(areas or {}).get(year, "440304001"))
        district.base(unit, period=year, taxable_revenue=revenue)


def test_bases_of_a_covariance_by_hand(district: Any) -> None:
    """Rates 50 of 100 in both years; residuals 0.4 and -0.1: products -0.04 - 0.04 + 3 x 0.01, squares 0.16 + 0.04."""
    reporting(district, 1, {2020: 70, 2021: 20})
    reporting(district, 5, {2020: 20, 2021: 70})
    for unit in (2, 3, 4):
        reporting(district, unit, {2020: 20, 2021: 20})
    estimated(district, 6, {2020: 20, 2021: 30})
    estimated(district, 7, {2020: 50, 2021: 40})
    estimated(district, 8, {2021: 1000})
    estimated(district, 9, {2020: 60, 2021: 60}, areas={2020: "440304002"})
    result = district.run()
    sums = result.one("residual_sums")
    assert (sums["period"], sums["units"]) == (2021, 5)
    assert [sums[name] for name in ("products", "squares", "squares_previous")] == pytest.approx([-0.05, 0.2, 0.2])
    # Revenues 30, 40 now and 20, 50 before: 600 + 2000; what is new or has moved stands in no product.
    base = result.one("change_bases")
    assert (base["period"], base["area"], base["activity"], base["revenue_products"]) == (
        2021, "440304001", "030103", 2600.0)  # fmt: skip
    rates = {row["period"]: row["residual_variance"] for row in result.all("rates", gbt_code="6513")}
    assert (base["residual_variance"], base["residual_variance_previous"]) == (rates[2021], rates[2020])
    assert base["residual_variance"] == pytest.approx(0.05)


def test_nothing_estimated_or_reported_twice_leaves_no_base(district: Any) -> None:
    reporting(district, 1, {2020: 20})
    reporting(district, 2, {2021: 20})
    result = district.run()
    assert (result.all("change_bases"), result.all("residual_sums")) == ([], [])
