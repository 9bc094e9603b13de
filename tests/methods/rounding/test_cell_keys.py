"""Cell keys by hand, and what they promise: the same units, the same noise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from keli.methods.linked_tables.tables import LinkedTables
from keli.methods.rounding.cell_keys import KEYS, keys_of_cells, perturbed, record_keys
from keli.methods.rounding.noise import Noise, noise_table


def test_keys_of_totals_are_sums_without_the_whole_part(make_table: Callable[..., LinkedTables]) -> None:
    """Keys 0.75, 0.5, 0.25, 0.125 of four cells: rows 0.25 and 0.375, columns 0 and 0.625, all 0.625."""
    table = make_table([[0, 0, 0], [0, 1, 1], [0, 1, 1]], [-1, 0, 0], [-1, 0, 0])
    inner = np.array([9, 9, 9, 9, 0.75, 0.5, 9, 0.25, 0.125])
    keys = keys_of_cells((inner * KEYS).astype(np.int64), table.relations) / KEYS
    assert keys.tolist() == [0.625, 0, 0.625, 0.25, 0.75, 0.5, 0.375, 0.25, 0.125]


def test_a_key_is_looked_up_in_the_cumulated_probabilities() -> None:
    """D = 2, V = 1: a count of 1 goes down below 0.3665, stays below 0.7330, goes to 2 below 0.9005, to 3 above."""
    table = noise_table(Noise(2, 1, 0))
    keys = (np.array([0.0, 0.36, 0.37, 0.73, 0.74, 0.90, 0.91, 0.999999]) * KEYS).astype(np.int64)
    assert perturbed(np.ones(8, np.int64), keys, table).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert perturbed(np.zeros(8, np.int64), keys, table).tolist() == [0] * 8
    assert perturbed(np.array([1000]), np.array([0]), table).tolist() == [998]


def test_keys_are_even_and_hang_on_the_secret() -> None:
    """10,000 keys: each tenth of the range holds 1,000, give or take four standard deviations (30)."""
    units = [f"unit {number}" for number in range(10_000)]
    keys = record_keys(units, "one secret")
    assert np.histogram(keys, bins=10, range=(0, KEYS))[0] == pytest.approx(np.full(10, 1000), abs=120)
    assert keys.tolist() == record_keys(units, "one secret").tolist()
    assert (keys != record_keys(units, "another secret")).mean() > 0.999


def test_noise_has_the_mean_and_the_variance_of_the_table() -> None:
    """40,000 counts of 10: mean 0 and variance 3, give or take four standard errors (0.0087, and 0.02 about)."""
    keys = record_keys([str(number) for number in range(40_000)], "any secret")
    change = perturbed(np.full(40_000, 10), keys, noise_table(Noise(5, 3, 2))) - 10
    assert change.mean() == pytest.approx(0, abs=0.035)
    assert change.var() == pytest.approx(3, abs=0.08)
