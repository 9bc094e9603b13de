"""Queries kept in steps, so that nothing is worked out twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ibis


@contextmanager
def separate_steps() -> Iterator[None]:
    """Keep consecutive projections apart: fused, a text that a rule names twice doubles the query at every rule."""
    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before
