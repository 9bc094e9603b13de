"""p-tables: published ones, and the conditions that every one satisfies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from keli.base.errors import ConfigurationError, EngineError
from keli.methods.rounding import noise
from keli.methods.rounding.noise import Noise, noise_table


def test_the_example_of_ptable() -> None:
    """create_cnt_ptable(D = 2, V = 1) of the R package ptable 1.0.0, as printed in its introduction."""
    table = noise_table(Noise(2, 1, 0))
    assert table.changes.tolist() == [-2, -1, 0, 1, 2]
    assert table.probabilities[0].tolist() == [0, 0, 1, 0, 0]
    assert table.probabilities[1] == pytest.approx([0, 0.3665, 0.3665, 0.1676, 0.0995], abs=6e-5)
    assert table.probabilities[2, [0, 4]] == pytest.approx([0.0638, 0.0638], abs=6e-5)
    assert table.probabilities[2, 2] == pytest.approx(0.383, abs=6e-4)
    assert table.variances == pytest.approx([0, 0.932, 1], abs=5e-4)


def test_far_from_zero_the_noise_is_a_discrete_normal_distribution() -> None:
    """Largest entropy at a given variance: log p falls with the square of the change."""
    row = noise_table(Noise(5, 3, 2)).probabilities[-1]
    fall = np.log(row[5] / row[6:]) / np.arange(1, 6) ** 2
    assert fall == pytest.approx(np.full(5, fall[0]), abs=1e-4)


def test_one_and_two_become_zero_or_three_and_more() -> None:
    """With js = 2 a count of 1 goes to 0 with p and to 3 and more with the rest; the mean of the change is zero."""
    table = noise_table(Noise(5, 3, 2))
    assert table.probabilities[1, [5, 6]].tolist() == [0, 0]
    assert table.probabilities[2, [4, 5]].tolist() == [0, 0]
    assert len(table.probabilities) == 9
    assert table.row_of(np.array([0, 7, 8, 900])).tolist() == [0, 7, 8, 8]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 8), st.floats(0.2, 20), st.integers(0, 4))
def test_every_table_is_unbiased_with_at_most_the_variance(maximum: int, variance: float, smallest: int) -> None:
    assume(smallest <= maximum)
    least, most = (smallest + 1) ** 2 // 4, maximum * (maximum + 1) / 3
    assume(least + 0.1 < variance < most - 0.1)
    table = noise_table(Noise(maximum, variance, smallest))
    assert table.probabilities.sum(axis=1) == pytest.approx(np.ones(len(table.probabilities)))
    assert (table.probabilities >= 0).all()
    assert table.probabilities @ table.changes == pytest.approx(np.zeros(len(table.probabilities)), abs=1e-6)
    assert (table.variances <= variance + 1e-5).all()
    assert table.variances[-1] == pytest.approx(variance, abs=1e-5)
    for count, row in enumerate(table.probabilities):
        targets = count + table.changes[row > 0]
        assert ((targets == 0) | (targets > smallest)).all()


@pytest.mark.parametrize(
    "asked", [Noise(0, 1, 0), Noise(2, 1, 3), Noise(2, 1, -1), Noise(5, 2, 2), Noise(2, 2.1, 0), Noise(2, 0, 0)]
)
def test_what_is_not_possible_is_said(asked: Noise) -> None:
    with pytest.raises(ConfigurationError):
        noise_table(asked)


def test_a_row_that_cannot_be_unbiased_is_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noise, "_check", lambda _: None)
    with pytest.raises(EngineError, match="No p-table"):
        noise_table(Noise(1, 0.5, 3))
