"""Shift-share, momentum, quadrants, business demography: examples by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keli.base.errors import KeliError
from keli.methods.growth_areas.demography import diffusion, survival, turnover
from keli.methods.growth_areas.momentum import acceleration, growth_rates, momentum, quadrants
from keli.methods.growth_areas.shift_share import classic, esteban_marquillas, gerfin, net_shift, periods

# The whole grows by 10 % (200 to 220): class 1 by 20 %, class 2 not at all. The area: 30 to 39, 10 to 10.
GIVEN = periods([30, 10], [39, 10], [100, 100], [120, 100])
AMOUNTS = st.lists(st.tuples(*[st.floats(1, 1e4)] * 4), min_size=1, max_size=8)


def test_classic_effects_by_hand() -> None:
    shifts = classic(GIVEN)
    assert shifts.national.tolist() == pytest.approx([3, 1])
    assert shifts.structural.tolist() == pytest.approx([3, -1])
    assert shifts.regional.tolist() == pytest.approx([3, 0])
    assert shifts.change.tolist() == pytest.approx([9, 0])
    assert net_shift(GIVEN) == pytest.approx(49 - 40 * 1.1)


def test_allocation_by_hand() -> None:
    """Spread as in the whole the area had 20 and 20; class 1 grows 10 points faster in the area."""
    shifts = esteban_marquillas(GIVEN)
    assert shifts.regional.tolist() == pytest.approx([2, 0])
    assert shifts.allocation.tolist() == pytest.approx([1, 0])
    assert shifts.change.tolist() == pytest.approx([9, 0])


def test_factors_by_hand() -> None:
    """Its classes let expect 30 x 1.2 + 10 = 46 of 40, the whole grew by 10 %, the area to 49."""
    factors = gerfin(GIVEN)
    assert factors.structural == pytest.approx(46 / 40 / 1.1)
    assert factors.regional == pytest.approx(49 / 46)
    assert factors.net == pytest.approx(49 / 40 / 1.1)


@given(AMOUNTS)
def test_effects_add_up_to_the_change(rows: list[tuple[float, ...]]) -> None:
    given = periods(*(np.array(column) for column in zip(*rows, strict=True)))
    for shifts in (classic(given), esteban_marquillas(given)):
        assert shifts.change == pytest.approx(given.area_after - given.area_before, abs=1e-6)
    growth = given.area_after.sum() / given.area_before.sum()
    whole = given.whole_after.sum() / given.whole_before.sum()
    assert gerfin(given).net == pytest.approx(growth / whole)


def test_classes_that_are_nowhere_add_nothing() -> None:
    given = periods([30, 0], [39, 0], [100, 0], [120, 0])
    assert esteban_marquillas(given).change.tolist() == pytest.approx([9, 0])


def test_what_has_no_meaning_is_told() -> None:
    with pytest.raises(KeliError, match="same classes"):
        periods([1], [1, 2], [1], [1])
    with pytest.raises(KeliError, match="not negative"):
        periods([-1], [1], [1], [1])
    with pytest.raises(KeliError, match="not in the whole"):
        periods([1, 0], [1, 1], [2, 0], [2, 1])
    with pytest.raises(KeliError, match="above zero"):
        periods([0], [1], [1], [1])
    with pytest.raises(KeliError, match="not in the area"):
        esteban_marquillas(periods([1, 0], [1, 1], [2, 2], [2, 2]))
    with pytest.raises(KeliError, match="nothing is expected"):
        gerfin(periods([1, 0], [1, 0], [1, 1], [0, 1]))


def test_momentum_by_hand() -> None:
    rates = growth_rates([[100, 120, 108], [0, 5, 10]])
    assert rates[0].tolist() == pytest.approx([20, -10])
    assert np.isnan(rates[1, 0])
    assert rates[1, 1] == pytest.approx(100)
    assert momentum([[100, 50, 144], [0, 1, 2]], 2)[0] == pytest.approx(20)
    assert np.isnan(momentum([[100, 50, 144], [0, 1, 2]], 2)[1])
    assert acceleration([100, 120, 108]) == pytest.approx(-30)


def test_quadrants_by_hand() -> None:
    found = quadrants([10, 1, 10, 1, 5], [8, 9, 1, 2, float("nan")], 5, 5)
    assert found.tolist() == ["leading", "rising", "mature", "lagging", ""]


def test_survival_by_hand() -> None:
    """Five units: ended at 1, 2 and 3 years, alive at 2 and 4. 4/5, then 3/4 of it, then 1/2 of that."""
    found = survival([1, 2, 2, 3, 4], [True, True, False, True, False])
    assert found.at_risk.tolist() == [5, 4, 2]
    assert found.share.tolist() == pytest.approx([0.8, 0.6, 0.3])
    greenwood = np.cumsum([1 / 20, 1 / 12, 1 / 2])
    assert found.error.tolist() == pytest.approx((found.share * np.sqrt(greenwood)).tolist())
    assert survival([1.0], [True]).error.tolist() == [0]
    with pytest.raises(KeliError, match="ages"):
        survival([-1], [True])


def test_turnover_and_diffusion() -> None:
    with pytest.raises(KeliError, match="active at the beginning"):
        turnover(0, 1, 1)
    assert turnover(200, 30, 20, 5, 15).net == pytest.approx(5)
    assert diffusion([1, -1, float("nan")], weights=[3, 1, 9]) == pytest.approx(75)
    with pytest.raises(KeliError, match="at least one change"):
        diffusion([float("nan")])
