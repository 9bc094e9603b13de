"""Work ahead: results in the order of the pieces, a few pieces held at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from keli.engine.coding.ahead import WORKERS, ahead


def test_results_come_in_the_order_of_the_pieces() -> None:
    def slow_first(piece: int) -> int:
        time.sleep(0.05 if piece == 0 else 0)
        return piece * piece

    assert list(ahead(slow_first, range(9))) == [piece * piece for piece in range(9)]


def test_pieces_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[int]:
        for piece in range(1000):
            taken.append(piece)
            yield piece

    results = ahead(lambda piece: piece, pieces())
    assert next(results) == 0
    assert len(taken) <= 2 * WORKERS + 1
    results.close()  # type: ignore[attr-defined]


def test_what_fails_is_told() -> None:
    with pytest.raises(ZeroDivisionError):
        list(ahead(lambda piece: 1 // piece, [1, 0, 1]))
