"""A room of its own for the place coder, where no line is running."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ibis.backends import BaseBackend

from keli.engine.connect import connect_duckdb


@contextmanager
def place_room() -> Iterator[BaseBackend]:
    """Open an embedded engine for the block.

    It is not closed by hand: tables that the coder kept are dropped when nothing refers to them any more.
    """
    with tempfile.TemporaryDirectory() as spill:
        yield connect_duckdb(Path(spill))
