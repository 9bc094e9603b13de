"""Work on pieces in order, a few of them under way at the same time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

WORKERS = 2
Piece = TypeVar("Piece")
Done = TypeVar("Done")


def ahead(work: Callable[[Piece], Done], pieces: Iterable[Piece]) -> Iterator[Done]:
    """Results in the order of the pieces; a few pieces are held at a time, never all.

    Args:
        work: What is done with a piece, apart from all others.
        pieces: The pieces.
    """
    with ThreadPoolExecutor(WORKERS) as workers:
        waiting: deque[Future[Done]] = deque()
        for piece in pieces:
            waiting.append(workers.submit(work, piece))
            if len(waiting) > 2 * WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
