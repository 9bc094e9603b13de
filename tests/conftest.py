"""Fixtures shared by all tests: a stage's room over an empty vault, and the public data beside the checkout."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from keli.engine.connect import connect_duckdb
from keli.engine.context import StageContext
from keli.engine.progress import Reporter
from keli.engine.vault import Vault
from keli.model.catalogue import Catalogue, load_catalogue
from keli.model.workspace import Workspace

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return load_catalogue()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The public data beside the checkout; tests that need it skip where it is absent."""
    if not (SHARED / "data").exists():
        pytest.skip("the public data (../shared) is not beside this checkout")
    return SHARED


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace for Futian, 2020-2021, without sources."""
    return Workspace(tmp_path, "test district", "440304", 2020, 2021, ())


@pytest.fixture
def vault(tmp_path: Path, catalogue: Catalogue) -> Vault:
    """An empty vault."""
    folder = tmp_path / "vault"
    folder.mkdir()
    return Vault(folder, connect_duckdb(tmp_path / "spill", threads=2), catalogue.tables)


MakeContext = Callable[..., StageContext]


@pytest.fixture
def make_context(workspace: Workspace, catalogue: Catalogue, vault: Vault) -> MakeContext:
    """Return a function that opens the room of a stage module, with upstream tables given as rows."""

    def make(
        stage: Any, tables: dict[str, list[dict[str, Any]]] | None = None, **changes: Any
    ) -> StageContext:
        for name, rows in (tables or {}).items():
            columns = {column.name: None for column in catalogue.tables[name].columns}
            vault.write_rows(name, [columns | row for row in rows])
        report = Reporter(Console(file=io.StringIO()))
        given: dict[str, Any] = {"workspace": workspace, "catalogue": catalogue, **changes}
        return StageContext(
            stage.NAME, given["workspace"], given["catalogue"], vault, stage.READS, stage.WRITES, report
        )

    return make
