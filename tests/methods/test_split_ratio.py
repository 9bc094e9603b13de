"""Splitting starred classes by hand: combined ratio, its variance, parts that add up."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import ibis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keli.methods.split_ratio import combined_ratio, digital_part, digital_parts, digital_quotas, scale_of_shares


def parts_of(total: Any, shares: Any) -> list[Any]:
    return digital_parts(digital_quotas(total, shares))


def test_combined_ratio_is_not_the_mean_of_ratios() -> None:
    # Revenue 100 and 300, digital 50 and 30: ratio 80/400 = 0.2, the mean of ratios would be 0.3.
    assert combined_ratio([100, 300], [50, 30], [1, 1], 10).share == 0.2


def test_variance_by_hand() -> None:
    # e = 50 - 20 = 30 and 30 - 60 = -30; f = 2/10; mean revenue 200.
    # v = (1 - 0.2) / (2 * 200^2) * (900 + 900) / 1 = 0.018.
    assert combined_ratio([100, 300], [50, 30], [1, 1], 10).variance == pytest.approx(0.018, rel=1e-12)
    assert combined_ratio([100, 300], [50, 30], [7, 7], 10).variance == pytest.approx(0.018, rel=1e-12)


def test_unequal_weights_by_hand() -> None:
    # Weights 1 and 3: ratio (50 + 90) / (100 + 900) = 0.14; w e = 36 and 3 (30 - 42) = -36; f = 2/4.
    ratio = combined_ratio([100, 300], [50, 30], [1, 3], 4)
    assert ratio.share == pytest.approx(0.14, rel=1e-15)
    assert ratio.variance == pytest.approx(0.5 * 2 * (36**2 + 36**2) / 1000**2, rel=1e-12)


def test_whole_population_has_no_sampling_variance_and_one_unit_no_known_one() -> None:
    assert combined_ratio([100, 300], [50, 30], [1, 1], 2).variance == 0.0
    assert combined_ratio([100], [50], [2], 2).variance is None


def test_sample_without_revenue_is_refused() -> None:
    with pytest.raises(ValueError, match="revenue"):
        combined_ratio([0, 0], [0, 0], [1, 1], 5)


def test_shares_above_the_whole_are_scaled_to_it() -> None:
    assert scale_of_shares(0.6 + 0.9) * 0.6 == pytest.approx(0.4)
    assert scale_of_shares(0.7) == 1.0


def test_largest_remainder_by_hand() -> None:
    # 10.00 in three thirds: 3.33 each, the cent that is left goes to the first.
    assert parts_of(10.0, [1 / 3, 1 / 3, 1 / 3]) == [3.34, 3.33, 3.33]
    # 0.05 by 0.5, 0.3 and rest 0.2: quotas 2.5, 1.5, 1.0 cents; 4 whole cents, the fifth to the first of the ties.
    assert parts_of(0.05, [0.5, 0.3]) == [0.03, 0.01]


def test_negative_amounts_add_up() -> None:
    # -10.00: quotas -333 1/3 cents, floors -334; two cents come back, to the first two.
    assert parts_of(-10.0, [1 / 3, 1 / 3, 1 / 3]) == [-3.33, -3.33, -3.34]


def test_arrays_and_columns_agree_with_numbers() -> None:
    totals, shares = [10.0, -10.0, 0.05], [(1 / 3, 1 / 3, 1 / 3)] * 2 + [(0.5, 0.3, 0.0)]
    expected = [parts_of(total, share) for total, share in zip(totals, shares, strict=True)]
    arrays = parts_of(np.array(totals), [np.array(column) for column in zip(*shares, strict=True)])
    assert np.array(arrays).T.tolist() == expected
    rows = [
        {"k": k, "t": t, "a": s[0], "b": s[1], "c": s[2]} for k, (t, s) in enumerate(zip(totals, shares, strict=True))
    ]
    table = ibis.memtable(rows)
    parts = parts_of(table.t, [table.a, table.b, table.c])
    columns = table.select("k", x=parts[0], y=parts[1], z=parts[2]).order_by("k").execute()
    assert columns[["x", "y", "z"]].to_numpy().tolist() == expected
    assert table.select("k", x=digital_part(table.t, table.a)).order_by("k").execute()["x"].tolist() == [
        3.33,
        -3.33,
        0.03,
    ]


@given(
    st.integers(-(10**13), 10**13),
    st.lists(st.integers(0, 1000), min_size=1, max_size=3),
    st.booleans(),
)
def test_fully_digital_units_add_up_exactly(cents: int, weights: list[int], whole: bool) -> None:
    total = sum(weights) + (0 if whole and sum(weights) > 0 else 500)
    shares = [weight / total for weight in weights]
    parts = [round(part * 100) for part in parts_of(cents / 100, shares)]
    quotas = [Fraction(cents) * Fraction(share) for share in shares]
    assert all(abs(part - quota) < 1.01 for part, quota in zip(parts, quotas, strict=True))
    if whole and sum(weights) > 0:
        assert sum(parts) == cents
