"""Contributions and pulls of the worked vector; they add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keli.methods.contribution import contribution_rate, growth_pull
from keli.methods.growth import growth_rate

BASE = np.array([100.0, 200.0, 50.0])
CONSTANT = np.array([118.0, 230.0, 54.0]) / np.array([0.985, 1.02, 1.012])
AMOUNTS = st.lists(st.tuples(st.floats(1, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=6)


def test_worked_vector() -> None:
    change = CONSTANT - BASE
    assert [f"{pull:.5f}" for pull in growth_pull(change, BASE.sum())] == ["5.65627", "7.28291", "0.95991"]
    assert [f"{rate:.4f}" for rate in contribution_rate(change, change.sum())] == ["40.6953", "52.3985", "6.9063"]


def test_a_pull_is_the_contribution_times_the_growth_of_the_total() -> None:
    assert growth_pull(20.0, 200.0) == pytest.approx(contribution_rate(20.0, 50.0) / 100 * growth_rate(250.0, 200.0))


@given(AMOUNTS)
def test_pulls_add_up_to_the_growth_of_the_total(parts: list[tuple[float, float]]) -> None:
    before = sum(base for base, _ in parts)
    now = sum(value for _, value in parts)
    pulls = sum(growth_pull(value - base, before) for base, value in parts)
    assert pulls == pytest.approx(growth_rate(now, before), abs=1e-6, rel=1e-9)
