"""The stage as a whole: an empty district, sums that do not close, the order of the inputs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.line.analyse.conftest import COMPUTERS, SOFTWARE, WHOLESALE, Tables, held, leaf

from keli.base.errors import NotClosedError

Analysed = Callable[..., Tables]


def test_an_empty_district_has_no_figures(analysed: Analysed) -> None:
    tables = analysed()
    for name in ("value_added", "components", "evidence", "coverage", "enterprises", "reconciliation"):
        assert len(tables.rows(name)) == 0
    assert len(tables.frame("base_cells")) == 0


def test_a_leaf_outside_the_core_does_not_close(analysed: Analysed) -> None:
    with pytest.raises(NotClosedError, match="do not add up to the core total of 440304"):
        analysed(leaves=[leaf(2021, COMPUTERS, 5.0), leaf(2021, "050101", 7.0)])


def test_units_of_an_unknown_code_do_not_close(analysed: Analysed) -> None:
    row = {"period": 2021, "area": "440304", "gbt_code": "9999", "measure": "UNITS", "units": 1, "lone_units": 1}
    with pytest.raises(NotClosedError, match="units of the district"):
        analysed(count_leaves=[row])


def test_the_order_of_the_inputs_does_not_matter(analysed: Analysed) -> None:
    activities = (COMPUTERS, WHOLESALE, SOFTWARE)
    places = [(year, activity, size) for year in (2020, 2021) for activity in activities for size in "LMS"]
    leaves = [
        leaf(year, activity, 10.1 * number, size_class=size) for number, (year, activity, size) in enumerate(places, 1)
    ]
    shared = [held(2021, COMPUTERS, 1, 9, 10.1 * 10, size_class="L"), held(2021, SOFTWARE, 2, 9, 3.3, size_class="M")]
    one = analysed(leaves=leaves, contributors=shared)
    before = {name: one.frame(name).to_csv() for name in ("base_cells", "cells_value_added")}
    other = analysed(leaves=leaves[::-1], contributors=shared[::-1])
    assert {name: other.frame(name).to_csv() for name in before} == before
