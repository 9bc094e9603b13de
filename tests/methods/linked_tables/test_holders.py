"""Who is the same holder, where the table proves it."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from keli.methods.linked_tables.holders import holders_by_name, holders_without_names, sums_of

# Cell 0 is the sum of 1, 2, 3; cell 1 is the sum of 4 and 5; a difference and a weighted relation are no sums.
RELATIONS = sp.csr_matrix(np.array([
    [1, -1, -1, -1, 0, 0],
    [0, 1, 0, 0, -1, -1],
    [1, -1, 1, -1, 0, 0],
    [2, -1, -1, 0, 0, 0],
], float))  # fmt: skip


def test_sums_are_told_from_other_relations() -> None:
    sums = sums_of(RELATIONS)
    assert sums.total.tolist() == [0, 1]
    assert list(zip(sums.of.tolist(), sums.part.tolist(), strict=True)) == [(0, 1), (0, 2), (0, 3), (1, 4), (1, 5)]


def test_a_sum_may_be_written_with_either_sign() -> None:
    assert sums_of(-RELATIONS[:2]).total.tolist() == [0, 1]


def test_the_lone_contributor_of_a_total_is_that_of_its_parts() -> None:
    # Cell 1 has one contributor, who gave 30: all of cell 4; cell 5 is empty.
    largest = np.array([30.0, 30, 20, 25, 30, 0])
    contributors = np.array([5, 1, 2, 2, 1, 0])
    holders = holders_without_names(largest, contributors, RELATIONS)
    first = holders[0]
    assert first.cells.tolist() == [0, 1, 4]
    assert first.own.tolist() == [30, 30, 30]


def test_of_two_equal_largest_contributions_the_first_is_that_to_the_total() -> None:
    # Cells 2 and 3 both have one contributor of 50: two holders; the largest of the total is the first of them.
    largest = np.array([50.0, 0, 50, 50, 0, 0])
    contributors = np.array([2, 0, 1, 1, 0, 0])
    holders = holders_without_names(largest, contributors, RELATIONS)
    assert [holder.cells.tolist() for holder in holders] == [[0, 2], [0, 3]]


def test_a_total_holds_what_a_holder_gave_to_all_its_parts() -> None:
    # Holder 0 gave 7 to cell 4 and 5 to cell 5, 3 to cell 2: at least 12 to cell 1, 15 to cell 0.
    names, cells, own = np.array([0, 0, 0, 1]), np.array([4, 5, 2, 3]), np.array([7.0, 5.0, 3.0, 0.0])
    one, other = holders_by_name(names, cells, own, RELATIONS)
    assert one.cells.tolist() == [0, 1, 2, 4, 5]
    np.testing.assert_allclose(one.own, [15, 12, 3, 7, 5], rtol=1e-9)
    assert other.cells.tolist() == [0, 3]
    assert other.own.tolist() == [0, 0]


def test_nobody_is_nobody() -> None:
    empty = np.zeros(0, np.int64)
    assert holders_by_name(empty, empty, np.zeros(0), RELATIONS) == []
