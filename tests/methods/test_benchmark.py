"""Nested pro rata: what each part is multiplied with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keli.base.errors import ConfigurationError
from keli.methods.benchmark import nested_factors

ESTIMATES = {"01": 100.0, "02": 50.0, "03": 200.0, "04": 50.0}


def test_without_controls_nothing_moves() -> None:
    assert nested_factors(ESTIMATES, {}, None) == {"01": 1.0, "02": 1.0, "03": 1.0, "04": 1.0}


def test_a_control_of_the_total_moves_all_parts_alike() -> None:
    assert nested_factors(ESTIMATES, {}, 440.0) == pytest.approx({"01": 1.1, "02": 1.1, "03": 1.1, "04": 1.1})


def test_parts_without_a_control_share_the_rest() -> None:
    """440 - 120 for 01 leaves 320 for estimates of 300: 16/15 each."""
    factors = nested_factors(ESTIMATES, {"01": 120.0}, 440.0)
    assert factors == pytest.approx({"01": 1.2, "02": 16 / 15, "03": 16 / 15, "04": 16 / 15})


def test_controls_of_all_parts_are_scaled_to_the_total() -> None:
    """The parts' controls add up to 400, the total's is 440: each control is raised by a tenth."""
    factors = nested_factors(ESTIMATES, {"01": 80.0, "02": 60.0, "03": 210.0, "04": 50.0}, 440.0)
    assert factors == pytest.approx({"01": 0.88, "02": 1.32, "03": 1.155, "04": 1.1})


def test_a_control_of_a_part_alone_moves_that_part_alone() -> None:
    assert nested_factors(ESTIMATES, {"02": 60.0}, None) == pytest.approx({"01": 1, "02": 1.2, "03": 1, "04": 1})


@pytest.mark.parametrize(("controls", "total"), [({"01": 500.0}, 440.0), ({"05": 10.0}, None), ({"01": 1.0}, 0.0)])
def test_a_control_that_cannot_be_spread_is_refused(controls: dict[str, float], total: float | None) -> None:
    with pytest.raises(ConfigurationError, match="cannot be spread"):
        nested_factors(ESTIMATES, controls, total)


AMOUNT = st.floats(1, 1e6)


@given(st.lists(AMOUNT, min_size=4, max_size=4), st.lists(AMOUNT, min_size=0, max_size=4), st.floats(4.1e6, 1e8))
def test_benchmarked_parts_add_up_to_the_control(values: list[float], controlled: list[float], total: float) -> None:
    estimates = dict(zip(ESTIMATES, values, strict=True))
    controls = dict(zip(ESTIMATES, controlled, strict=False))
    factors = nested_factors(estimates, controls, total)
    assert sum(factors[part] * estimates[part] for part in estimates) == pytest.approx(total)
