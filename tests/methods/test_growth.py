"""Growth and shares, with the figures of a published letter and of the worked vector."""

from __future__ import annotations

import numpy as np
import pytest

from keli.methods.growth import growth_rate, percentage_points, share


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
