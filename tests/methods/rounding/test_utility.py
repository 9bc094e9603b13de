"""What protection costs: published examples, and a table by hand."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from keli.methods.rounding.utility import utility

NONE = sp.csr_matrix((0, 10))


def test_the_example_of_cellkey() -> None:
    """ck_cnt_measures of the R package cellKey: 1 to 10 with 0, 6 and 9 in the places of 1, 5 and 7."""
    values = np.arange(1.0, 11)
    published = values.copy()
    published[[0, 4, 6]] = [0, 6, 9]
    found = utility(values, published, NONE)
    assert found.changed_cells == 3
    assert found.mean_deviation == pytest.approx(0.4)
    assert found.largest_deviation == 2
    assert found.mean_relative_deviation == pytest.approx((1 + 1 / 5 + 2 / 7) / 10)
    assert found.new_zeros == 1


def test_the_example_of_small_count_rounding() -> None:
    """HD and HDutility of the R package SmallCountRounding: 1 to 6 with 0, 3, 3, 3, 6, 6.

    Squares of the differences of the roots: 1, 0.101021, 0, 0.071797, 0.045549, 0; half their sum 0.609183, its root
    0.780502.
    """
    found = utility(np.arange(1.0, 7), np.array([0.0, 3, 3, 3, 6, 6]), sp.csr_matrix((0, 6)))
    assert found.hellinger == pytest.approx(0.780502, abs=1e-6)
    assert found.hellinger_utility == pytest.approx(1 - 0.780502 / 21**0.5, abs=1e-6)


def test_withheld_cells_and_broken_sums() -> None:
    """60 = 10 + 50 and 100 = 60 + 40; 10 is withheld, 100 published as 105: one sum is broken, the other not seen."""
    values = np.array([100.0, 60, 40, 10, 50])
    relations = sp.csr_matrix([[1.0, -1, -1, 0, 0], [0, 1, 0, -1, -1]])
    found = utility(values, np.array([105, 60, 40, np.nan, 50]), relations)
    assert (found.cells, found.suppressed_cells, found.suppressed_value) == (5, 1, 10)
    assert found.suppressed_share == pytest.approx(10 / 260)
    assert found.mean_deviation == pytest.approx(5 / 4)
    assert found.broken_sums == 1


def test_nothing_published_nothing_there() -> None:
    found = utility(np.zeros(2), np.full(2, np.nan), sp.csr_matrix((0, 2)))
    assert (found.mean_deviation, found.largest_deviation, found.hellinger_utility) == (0, 0, 1)
