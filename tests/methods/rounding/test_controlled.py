"""Controlled rounding: tables done by hand, then random ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from keli.base.errors import ConfigurationError, EngineError
from keli.methods.linked_tables.tables import LinkedTables
from keli.methods.rounding import controlled, regions
from keli.methods.rounding.controlled import rounded
from keli.methods.rounding.lattice import lattice_of
from keli.methods.rounding.programs import Programs

TREES = ([-1, 0, 0, 0, 0, 0], [-1, 0, 0, 1, 1, 1, 2, 2])


def linked(values: list[float], relations: Sequence[Sequence[float]]) -> LinkedTables:
    """Tables from values and relations as they stand."""
    count = len(values)
    nothing = np.zeros(count)
    return LinkedTables(
        np.array(values), sp.csr_matrix(np.array(relations)), nothing, nothing + np.inf, nothing > 0,
        nothing.astype(np.int64),
    )  # fmt: skip


def test_four_cells_of_one(make_table: Callable[..., LinkedTables]) -> None:
    """Base 3, four cells of 1, totals 2, 2, 2, 2 and 4: the deviations add up to 12 at least.

    One cell 3, the others 0: cells 2+1+1+1, totals 1+2+1+2, all 1. Two in a diagonal: cells 2+2+1+1, totals 1+1+1+1,
    all 2. All cells 0 would make 4 a 0.
    """
    table = make_table([[0, 0, 0], [0, 1, 1], [0, 1, 1]], [-1, 0, 0], [-1, 0, 0])
    found = rounded(table, 3)
    assert np.abs(found.values - table.values).sum() == 12
    assert not (table.relations @ found.values).any()
    assert not found.far.any()
    assert found.nearest
    assert found.values[0] in (3, 6)


def test_multiples_stay(make_table: Callable[..., LinkedTables]) -> None:
    table = make_table([[0, 0, 0], [0, 5, 10], [0, 15, 0]], [-1, 0, 0], [-1, 0, 0])
    assert rounded(table, 5).values.tolist() == table.values.tolist()


def test_values_below_zero_round_too() -> None:
    """-7 = -4 + -3 at base 5: -5 and -5 with sum -10 (deviations 1 + 2 + 3), or -5 and 0 with sum -5 (1 + 3 + 2)."""
    found = rounded(linked([-7, -4, -3], [[1, -1, -1]]), 5)
    assert np.abs(found.values - [-7, -4, -3]).sum() == 6
    assert found.values[0] == found.values[1] + found.values[2]


ODD = [[1, 0, 0, -1, -1, 0, 0, 0], [0, 1, 0, 0, -1, -1, 0, 0], [0, 0, 1, -1, 0, -1, 0, 0]]


def test_where_no_neighbouring_multiples_fit_the_nearest_is_found_and_said() -> None:
    """Three cells of 1 and their three sums of 2, base 2. The sums are multiples: of each two cells one must go up.

    Three cells cannot. One step past a neighbour is enough: 2, 0, 0 with sums 2, 0, 2.
    """
    found = rounded(linked([2, 2, 2, 1, 1, 1], [row[:6] for row in ODD]), 2)
    assert found.far.sum() == 1
    assert found.nearest
    assert np.abs(found.values - [2, 2, 2, 1, 1, 1]).sum() == 5


def test_what_cannot_be_mended_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same as a large table: programs of parts find nothing nearer and each cell is tried once."""
    monkeypatch.setattr(controlled, "SMALL", 0)
    found = rounded(linked([2, 2, 2, 1, 1, 1], [row[:6] for row in ODD]), 2)
    assert found.far.sum() == 1
    assert not found.nearest


def test_two_groupings_of_one_total() -> None:
    """The first sum of the three, 2, is also 1 + 1 of two other cells."""
    table = linked([2, 2, 2, 1, 1, 1, 1, 1], [*ODD, [1, 0, 0, 0, 0, 0, -1, -1]])
    found = rounded(table, 2)
    assert not (table.relations @ found.values).any()
    assert found.far.sum() == 1
    assert found.nearest
    assert found.values.min() >= 0


def test_floating_point_multiples_count_as_multiples() -> None:
    table = linked([30.000000001, 10.000000001, 20], [[1, -1, -1]])
    assert rounded(table, 10).values.tolist() == [30, 10, 20]


def test_relations_must_be_sums_and_bases_two_or_more() -> None:
    with pytest.raises(ConfigurationError, match="sum of its parts"):
        rounded(linked([1, 2], [[1, -0.5]]), 5)
    with pytest.raises(ConfigurationError, match="2 or more"):
        rounded(linked([2, 2], [[1, -1]]), 1)


def test_contradictions_are_said() -> None:
    lattice = lattice_of(linked([9, 4, 5], [[1, -1, -1]]), 2)
    impossible = replace(lattice, further=sp.csr_matrix([[1.0, 1.0]]), low=lattice.low + 5, high=lattice.high + 5)
    with pytest.raises(EngineError, match="No controlled rounding"):
        Programs(impossible).whole(None, 10)


counts = st.lists(st.integers(0, 12), min_size=48, max_size=48)


@settings(max_examples=40, deadline=None)
@given(counts, st.sampled_from([2, 3, 5, 10]))
def test_random_tables_of_two_dimensions(numbers: list[int], base: int) -> None:
    from tests.methods.conftest import table_of  # noqa: PLC0415

    table = table_of(np.array(numbers).reshape(6, 8), *TREES)
    found = rounded(table, base)
    assert not (table.relations @ found.values).any()
    assert not (found.values % base).any()
    assert (np.abs(found.values - table.values) < base).all()
    assert found.nearest
    again = rounded(table, base)
    assert found.values.tolist() == again.values.tolist()


def three_dimensions(make_table: Callable[..., LinkedTables], seed: int) -> LinkedTables:
    """6 x 8 x 6 cells with totals, most of them from 0 to 9."""
    drawn = np.random.default_rng(seed).geometric(0.25, size=(6, 8, 6)) - 1
    return make_table(drawn, *TREES, TREES[0])


@pytest.mark.parametrize("base", [3, 5])
def test_large_tables_are_additive_and_near(
    make_table: Callable[..., LinkedTables], monkeypatch: pytest.MonkeyPatch, base: int
) -> None:
    """As rounded as a large table and as a small one: the latter is nearer; both are additive."""
    table = three_dimensions(make_table, 1)
    best = rounded(table, base)
    monkeypatch.setattr(controlled, "SMALL", 100)
    monkeypatch.setattr(regions, "REGION", 60)
    found = rounded(table, base)
    for one in (best, found):
        assert not (table.relations @ one.values).any()
        assert not (one.values % base).any()
        assert ((np.abs(one.values - table.values) >= base) == one.far).all()
    assert not found.nearest
    assert best.far.sum() <= found.far.sum() <= 0.1 * table.size
    assert np.abs(found.values - table.values).max() <= 3 * base


def test_the_work_is_bounded_by_counts(
    make_table: Callable[..., LinkedTables], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one pass and one program only there are more cells far, and the table is additive all the same."""
    table = three_dimensions(make_table, 2)
    monkeypatch.setattr(controlled, "SMALL", 100)
    full = rounded(table, 5)
    monkeypatch.setattr(regions, "PASSES", 1)
    monkeypatch.setattr(regions, "ROWS", 1)
    monkeypatch.setattr(regions, "REGION", 10)
    found = rounded(table, 5)
    assert not (table.relations @ found.values).any()
    assert full.far.sum() < found.far.sum()
