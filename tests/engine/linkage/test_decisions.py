"""Decisions on pairs: better partners, one partner each, units of limited size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest

from keli.engine.connect import connect_duckdb
from keli.engine.linkage.decisions import clusters, one_to_one, shared_out
from keli.engine.linkage.steps import Steps


@pytest.fixture
def steps(tmp_path: Path) -> Steps:
    """Room for intermediate tables."""
    return Steps(connect_duckdb(tmp_path))


def pairs_of(steps: Steps, rows: list[tuple[int, int, float]]) -> ir.Table:
    """Pairs with their weight and probability."""
    named = [
        {"left_key": one, "right_key": two, "weight": weight, "probability": 2**weight / (1 + 2**weight)}
        for one, two, weight in rows
    ]
    return steps.store(ibis.memtable(named))


def found(table: ir.Table, *columns: str) -> list[tuple[Any, ...]]:
    """Rows in order."""
    return sorted(tuple(row[column] for column in columns) for row in table.to_pyarrow().to_pylist())


def test_doubtful_partners_share_one_certainty(steps: Steps) -> None:
    pairs = pairs_of(steps, [(1, 11, 10.0), (1, 12, 2.0), (2, 13, 2.0), (2, 14, 3.0)])
    chances = {row[:2]: row[2] for row in found(shared_out(pairs, 0.99), "left_key", "right_key", "probability")}
    # Odds 1,024 are sure and stay; odds 4 beside them leave 4 / (1 + 1,028).
    assert chances[1, 11] == pytest.approx(1024 / 1025)
    assert chances[1, 12] == pytest.approx(4 / 1029)
    # Odds 4 and 8 share: 4 / 13 and 8 / 13.
    assert chances[2, 13] == pytest.approx(4 / 13)
    assert chances[2, 14] == pytest.approx(8 / 13)


def test_one_partner_each_the_best_first(steps: Steps) -> None:
    # 1-11 is the best; 2-11 goes, so that 2 takes 12; 3 has only 12 and stays alone.
    pairs = pairs_of(steps, [(1, 11, 9.0), (2, 11, 8.0), (2, 12, 5.0), (3, 12, 4.0)])
    assert found(one_to_one(steps, pairs), "left_key", "right_key") == [(1, 11), (2, 12)]


def test_equal_pairs_go_by_the_order_of_the_files(steps: Steps) -> None:
    pairs = pairs_of(steps, [(1, 12, 5.0), (1, 11, 5.0), (2, 11, 5.0)])
    assert found(one_to_one(steps, pairs), "left_key", "right_key") == [(1, 11)]


def test_links_make_units(steps: Steps) -> None:
    pairs = pairs_of(steps, [(0, 1, 5.0), (1, 2, 6.0), (5, 6, 7.0)])
    assert found(clusters(steps, pairs, 50), "unique_id", "cluster") == [(0, 0), (1, 0), (2, 0), (5, 5), (6, 5)]


def test_a_unit_that_is_too_large_falls_apart_at_its_weakest_links(steps: Steps) -> None:
    # 0-1-2-3 in a row; with two records at most, the weaker links go first.
    pairs = pairs_of(steps, [(0, 1, 9.0), (1, 2, 3.0), (2, 3, 8.0)])
    units = dict(found(clusters(steps, pairs, 2), "unique_id", "cluster"))
    assert units[0] == units[1] == 0
    assert units.get(3, 3) != 0
