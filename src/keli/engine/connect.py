"""The one place that opens an engine: DuckDB through Ibis, bounded in memory, spilling beside the vault."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import ibis
from ibis.backends import BaseBackend

MEMORY_SHARE = 0.5
# Building a query makes and drops very many small objects without circles: collecting as seldom as this saves a third.
OBJECTS_BEFORE_COLLECTION = 200_000


def connect_duckdb(spill: Path, *, memory_bytes: int | None = None, threads: int | None = None) -> BaseBackend:
    """Open an embedded engine.

    Args:
        spill: Folder for temporary files when memory runs out.
        memory_bytes: Upper bound of the engine's memory; half of the machine's where not given.
        threads: Number of threads; the machine's where not given.
    """
    if memory_bytes is None:
        memory_bytes = int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * MEMORY_SHARE)
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    # Merging selects before they reach the engine takes a fifth of building a query; the engine merges them itself.
    ibis.options.sql.fuse_selects = False
    connection = ibis.duckdb.connect()
    connection.raw_sql(f"SET memory_limit = '{memory_bytes // 2**20}MiB'")
    connection.raw_sql(f"SET temp_directory = '{str(spill).replace(chr(39), chr(39) * 2)}'")
    connection.raw_sql("SET autoinstall_known_extensions = false")
    connection.raw_sql("SET preserve_insertion_order = false")
    if threads is not None:
        connection.raw_sql(f"SET threads = {threads}")
    return connection
