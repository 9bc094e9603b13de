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
CELL = RateCell(2, D(300), D(140), D(40**2 + 100**2), D(40 * 100 + 100 * 200), D(100**2 + 200**2), D(100**3 + 200**3))


def test_rate_and_variances_by_hand() -> None:
    rate = ratio_rate(CELL)
    assert rate.rate == pytest.approx(140 / 300, rel=1e-15)
    # Q = 50 000, T = 9 000 000, S = 300: expected 50 000 - 60 000 + 27 777.78; c2 = 88.89 / 17 777.78 = 0.005.
    assert rate.residual_variance == pytest.approx(0.005, rel=1e-12)
    assert rate.rate_variance == pytest.approx(0.005 * 50_000 / 300**2, rel=1e-12)


def test_units_of_equal_size_give_the_textbook_variance() -> None:
    # Three units of revenue 10 with value added 2, 4, 6: r = 0.4, sum e^2 = 8; n/(n-1) 8 / 30^2 and 1.5 x 8 / 300.
    cell = RateCell(3, D(30), D(12), D(4 + 16 + 36), D(120), D(300), D(3000))
    assert ratio_rate(cell).rate_variance == pytest.approx(1.5 * 8 / 900, rel=1e-12)
    assert ratio_rate(cell).residual_variance == pytest.approx(1.5 * 8 / 300, rel=1e-12)


def test_variance_is_right_on_average_when_one_unit_dominates() -> None:
    # 100 000 cells of one unit of 90 and five of 2 with residual sd 0.2 R: c2 is 0.04; n/(n-1) would give 0.0008.
    random = np.random.default_rng(3)
    revenue = np.array([90.0, 2, 2, 2, 2, 2])
    added = revenue * (0.4 + 0.2 * random.standard_normal((100_000, 6)))
    residuals = added - added.sum(axis=1, keepdims=True) / 100 * revenue
    expected = (revenue**2).sum() - 2 * (revenue**3).sum() / 100 + (revenue**2).sum() ** 2 / 100**2
    assert (residuals**2).sum(axis=1).mean() / expected == pytest.approx(0.04, rel=0.02)


def test_residuals_from_sums_equal_residuals_from_units() -> None:
    rate = D(140) / D(300)
    direct = (D(40) - rate * 100) ** 2 + (D(100) - rate * 200) ** 2
    assert float(squared_residuals(CELL, rate)) == pytest.approx(float(direct), rel=1e-20)


def test_equal_rates_have_no_variance_even_at_large_amounts() -> None:
    # 0.3 of 1e12 and of 2e12 yuan: squares of 25 digits must cancel exactly.
    big = D(10) ** 12
    cell = RateCell(2, 3 * big, D("0.9") * big, D("0.45") * big**2, D("1.5") * big**2, 5 * big**2, 9 * big**3)
    assert ratio_rate(cell).residual_variance == 0.0


@pytest.mark.parametrize(
    "cell", [RateCell(1, D(1), D(1), D(1), D(1), D(1), D(1)), RateCell(3, D(0), D(1), D(1), D(0), D(0), D(0))]
)
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
