"""Growth and shares, with the figures of a published letter and of the worked vector."""

from __future__ import annotations

import numpy as np
import pytest

from keli.base.errors import ConfigurationError
from keli.methods.growth import (
    SameScope,
    carried_forward,
    discrete_from_year_to_date,
    growth_rate,
    percentage_points,
    same_scope_growth,
    share,
    shifted_growth,
    shifted_months,
)


def test_worked_vector_nominal_and_real() -> None:
    assert f"{growth_rate(402.0, 350.0):.4f}" == "14.8571"
    assert f"{growth_rate(398.6468334, 350.0):.4f}" == "13.8991"


def test_arrays_and_scalars_agree() -> None:
    rates = growth_rate(np.array([402.0, 90.0]), np.array([350.0, 100.0]))
    assert rates.tolist() == [growth_rate(402.0, 350.0), pytest.approx(-10.0)]


def test_share_of_gdp_is_the_published_one_of_another_district() -> None:
    """光明区 2021: 701.42 of 1285.33 is 54.6 %."""
    assert round(share(701.42, 1285.33), 1) == 54.6


def test_change_of_a_share_is_in_percentage_points() -> None:
    assert percentage_points(11.7, 10.9) == pytest.approx(0.8)


NOW = {"a": 110.0, "b": 60.0, "entrant": 30.0}
BASE = {"a": 100.0, "b": 50.0, "leaver": 40.0}


def test_new_entrants_do_not_move_the_growth_of_the_same_scope() -> None:
    """Units a and b: 170 on 150 is 13.33 %; the totals, 200 on 190, would say 5.26 %."""
    found = same_scope_growth(NOW, BASE)
    assert (found.units, found.entrants, found.leavers) == (2, 1, 1)
    assert found.rate == pytest.approx(100 * 20 / 150)
    assert same_scope_growth(NOW | {"another": 1000.0}, BASE).rate == found.rate


def test_the_scope_of_the_period_takes_what_entrants_report_of_the_year_before() -> None:
    """a, b and the entrant: 200 on 150 + 25 is 14.29 %. What a unit of the base reports anew is not taken."""
    found = same_scope_growth(NOW, BASE, {"entrant": 25.0, "a": 1.0, "gone": 9.0})
    assert (found.units, found.entrants, found.leavers) == (3, 0, 1)
    assert found.rate == pytest.approx(100 * 25 / 175)


def test_without_a_base_there_is_no_rate() -> None:
    assert same_scope_growth({"a": 1.0}, {}) == SameScope(None, units=0, entrants=1, leavers=0)


def test_services_come_a_month_late() -> None:
    """January to May stands for the first half year, January to August for three quarters."""
    assert (shifted_months(6), shifted_months(9), shifted_months(6, 0)) == (5, 8, 6)
    for month, lag in ((1, 1), (13, 1), (6, -1)):
        with pytest.raises(ConfigurationError, match="holds no month"):
            shifted_months(month, lag)


def test_growth_of_a_late_return_compares_the_same_months() -> None:
    """First half year: 5 x 12 on 5 x 10 is 20 %, though June of the year before is known."""
    now, base = dict.fromkeys(range(1, 6), 12.0), dict.fromkeys(range(1, 13), 10.0)
    assert shifted_growth(now, base, 6) == pytest.approx(20)
    assert shifted_growth(now, base, 9) is None
    assert shifted_growth(now, dict.fromkeys(range(1, 13), 0.0), 6) is None


def test_a_quarter_is_carried_forward() -> None:
    """The letter's figure: 530.49 and 17.8 % give 624.92."""
    assert carried_forward(530.49, 17.8) == pytest.approx(624.92, abs=0.005)
    assert carried_forward(np.array([100.0, 50.0]), np.array([10.0, -20.0])).tolist() == pytest.approx([110, 40])


def test_single_quarters_from_those_that_count_from_january() -> None:
    assert discrete_from_year_to_date({1: 100.0, 2: 230.0, 3: 330.0, 4: 500.0}) == {1: 100, 2: 130, 3: 100, 4: 170}
    assert discrete_from_year_to_date({2: 230.0, 4: 500.0}) == {}
