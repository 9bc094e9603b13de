"""Intermediate tables: stored one after the other, so that no expression carries all before it."""

from __future__ import annotations

from itertools import count

import ibis.expr.types as ir
from ibis.backends import BaseBackend

NUMBERS = count(1)


class Steps:
    """Stores tables under names of its own and drops them at the end.

    Args:
        connection: The engine.
    """

    def __init__(self, connection: BaseBackend) -> None:
        self.connection = connection
        self.names: list[str] = []

    def store(self, table: ir.Table) -> ir.Table:
        """Store a table."""
        name = f"linkage_{next(NUMBERS)}"
        self.names.append(name)
        return self.connection.create_table(name, table)

    def next(self, table: ir.Table) -> ir.Table:
        """Store a table that takes the place of all stored before it."""
        stored = self.store(table)
        self.keep_only(stored)
        return stored

    def keep_only(self, *tables: ir.Table) -> None:
        """Drop all stored tables but some."""
        kept = {table.op().name for table in tables}
        for name in [name for name in self.names if name not in kept]:
            self.connection.drop_table(name, force=True)
            self.names.remove(name)

    def close(self) -> None:
        """Drop what is stored."""
        self.keep_only()
