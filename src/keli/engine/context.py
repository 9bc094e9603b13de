"""What a stage is given: the workspace, the catalogue, the vault tables that it declared, progress."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
from ibis.backends import BaseBackend

from keli.base.errors import ContractError
from keli.engine.progress import Reporter
from keli.engine.vault import Vault
from keli.model.catalogue import Catalogue
from keli.model.workspace import Workspace


@dataclass(frozen=True)
class StageContext:
    """The room that a stage works in. Reading or writing what the stage did not declare is refused.

    Args:
        name: Name of the stage.
        workspace: The settings of keli.yaml.
        catalogue: Facts, with the workspace's own.
        vault: Tables of this run.
        reads: Tables that the stage declared to read.
        writes: Tables that the stage declared to write.
        report: Progress.
        expected: Id of the release that the run must come to, where one was given.
    """

    name: str
    workspace: Workspace
    catalogue: Catalogue
    vault: Vault
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    report: Reporter
    expected: str | None = None

    @property
    def connection(self) -> BaseBackend:
        """The engine."""
        return self.vault.connection

    def read(self, table: str) -> ir.Table:
        """Return a declared table."""
        if table not in (*self.reads, *self.writes):
            raise ContractError(f'The stage {self.name} reads "{table}" without declaring it.')
        return self.vault.read(table)

    def write(self, table: str, expression: ir.Table) -> ir.Table:
        """Write a declared table and return it as read back."""
        self._check_writer(table)
        return self.vault.write(table, expression)

    def write_rows(self, table: str, rows: list[dict[str, Any]]) -> ir.Table:
        """Write a declared small table from rows."""
        self._check_writer(table)
        return self.vault.write_rows(table, rows)

    def define(self, table: str, expression: ir.Table, reads: tuple[str, ...]) -> ir.Table:
        """Keep a declared table as a view on other tables of the run, and return it."""
        self._check_writer(table)
        return self.vault.define(table, expression, reads)

    def _check_writer(self, table: str) -> None:
        if table not in self.writes or self.vault.specs[table].writer != self.name:
            raise ContractError(f'The stage {self.name} is not the writer of "{table}".')
