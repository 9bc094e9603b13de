"""Value-added rates by hand: two units, revenue 100 and 200, value added 40 and 100."""

from __future__ import annotations

from decimal import Decimal

import ibis
import numpy as np
import pytest

from keli.methods.value_added_rate import (
    RateCell,
    estimated_amount,
    fallback_cell,
    ratio_rate,
    squared_residuals,
)

D = Decimal
# r = 140/300; residuals 40 - 100 r = -6 2/3 and 100 - 200 r = 6 2/3; sum of squares 88 8/9.
CELL = RateCell(2, D(300), D(140), D(40**2 + 100**2), D(40 * 100 + 100 * 200), D(100**2 + 200**2))


def test_rate_and_variances_by_hand() -> None:
    rate = ratio_rate(CELL)
    assert rate.rate == pytest.approx(140 / 300, rel=1e-15)
    assert rate.rate_variance == pytest.approx(2 * (800 / 9) / 300**2, rel=1e-12)
    assert rate.residual_variance == pytest.approx(2 * (800 / 9) / 50_000, rel=1e-12)


def test_residuals_from_sums_equal_residuals_from_units() -> None:
    rate = D(140) / D(300)
    direct = (D(40) - rate * 100) ** 2 + (D(100) - rate * 200) ** 2
    assert float(squared_residuals(CELL, rate)) == pytest.approx(float(direct), rel=1e-20)


def test_equal_rates_have_no_variance_even_at_large_amounts() -> None:
    # 0.3 of 1e12 and of 2e12 yuan: squares of 25 digits must cancel exactly.
    big = D(10) ** 12
    cell = RateCell(2, 3 * big, D("0.9") * big, D("0.45") * big**2, D("1.5") * big**2, 5 * big**2)
    assert ratio_rate(cell).residual_variance == 0.0


@pytest.mark.parametrize("cell", [RateCell(1, D(1), D(1), D(1), D(1), D(1)), RateCell(3, D(0), D(1), D(1), D(0), D(0))])
def test_too_little_is_refused(cell: RateCell) -> None:
    with pytest.raises(ValueError, match="at least two"):
        ratio_rate(cell)


def test_four_units_fall_back_five_do_not() -> None:
    chain = ("6513", "651", "65", "I", "_T")
    assert fallback_cell(chain, {"6513": 4, "651": 4, "65": 7, "_T": 9}, 5) == "65"
    assert fallback_cell(chain, {"6513": 5, "65": 7}, 5) == "6513"
    assert fallback_cell(chain, {"6513": 4, "_T": 4}, 5) is None


def test_estimate_of_numbers_arrays_and_columns() -> None:
    assert estimated_amount(50.0, 0.4) == 20.0
    assert estimated_amount(np.array([50.0, 10.0]), 0.4).tolist() == [20.0, 4.0]
    table = ibis.memtable([{"base": 50.0, "rate": 0.4}])
    assert estimated_amount(table.base, table["rate"]).execute().tolist() == [20.0]
