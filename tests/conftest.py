"""Fixtures shared by all tests: a stage's room over an empty vault, and the public data beside the checkout."""

from __future__ import annotations

import datetime as dt
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
from keli.line.publish import stage as publish
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

    def make(stage: Any, tables: dict[str, list[dict[str, Any]]] | None = None, **changes: Any) -> StageContext:
        for name, rows in (tables or {}).items():
            columns = {column.name: None for column in catalogue.tables[name].columns}
            vault.write_rows(name, [columns | row for row in rows])
        report = Reporter(Console(file=io.StringIO()))
        given: dict[str, Any] = {"workspace": workspace, "catalogue": catalogue, **changes}
        return StageContext(
            stage.NAME, given["workspace"], given["catalogue"], vault, stage.READS, stage.WRITES, report
        )

    return make


def _figure(measure: str, value: float | None, **changes: Any) -> dict[str, Any]:
    """One row of an open table: Futian, 2021, core total, current prices, 亿元 with 2 decimals, free."""
    row = {
        "freq": "A", "time_period": "2021", "ref_area": "440304", "activity": "DE", "size_class": "_T",
        "ownership": "_T", "accumulation": "D", "price_base": "V", "base_period": None, "measure": measure,
        "unit_measure": "CNY", "unit_mult": 8, "decimals": 2, "obs_value": value, "obs_status": "A",
        "conf_status": "C" if value is None else "F",
    }  # fmt: skip
    return row | changes


def _rows_counts(source: str, counts: dict[str, float]) -> list[dict[str, Any]]:
    """Row counts of a source, all years together."""
    shape = {"time_period": "_T", "activity": "_T", "price_base": "_Z", "unit_measure": "ROW", "unit_mult": 0}
    return [_figure(measure, value, source=source, decimals=0, **shape) for measure, value in counts.items()]


def open_tables() -> dict[str, list[dict[str, Any]]]:
    """Hand-made open tables: a headline, one confidential class, components of which two are confidential."""
    percent = {"unit_measure": "PCT", "unit_mult": 0, "decimals": 1}
    constant = {"price_base": "Q", "base_period": "2020"}
    books = {"ROWS_IN": 12.0, "ROWS_ACCEPTED": 11.0, "ROWS_REPAIRED": 2.0, "ROWS_QUARANTINED": 1.0}
    tier = {"basis": "reported", "split_evidence": "_T"}
    return {
        "open_value_added": [
            _figure("VA", 624.915),
            _figure("VA", 530.494, time_period="2020"),
            _figure("VA", 610.25, **constant),
            _figure("VA_UNBENCHMARKED", 620.1234, decimals=4, obs_status="E"),
            _figure("VA_LOWER", 610.5, decimals=4, obs_status="E"),
            _figure("VA_UPPER", 629.7468, decimals=4, obs_status="E"),
            _figure("BENCHMARK_FACTOR", 1.00772, unit_measure="FACTOR", unit_mult=0, decimals=4),
            _figure("GROWTH", 17.84, **percent, **constant),
            _figure("SHARE_GDP", 11.7, **percent),
            _figure("VA", None, activity="0101", decimals=4),
        ],
        "open_components": [
            _figure("CE", 300.0),
            _figure("NTP", 24.915),
            _figure("CFC", None),
            _figure("OS", None),
        ],
        "open_evidence": [_figure("SHARE_VA", 88.25, **tier, **percent)],
        "open_enterprises": [_figure("UNITS", 7.0, status="active", unit_measure="UNIT", unit_mult=0, decimals=0)],
        "open_coverage": _rows_counts("register", books),
        "open_reconciliation": [_figure("CONTROL", 624.915, control="VA 2021")],
    }


INTAKE = {
    "source": "register", "file": "inputs/register.csv", "kind": "register", "sha256": "ab" * 32,
    "received": dt.date(2022, 8, 31), "rows_in": 12, "rows_accepted": 11, "rows_repaired": 2, "rows_quarantined": 1,
}  # fmt: skip

CODER = {"kind": "shipped", "sha256": "cd" * 32, "units": 0, "edition": 2017, "automatic": True}


@pytest.fixture
def open_rows() -> dict[str, list[dict[str, Any]]]:
    """The hand-made open tables."""
    return open_tables()


@pytest.fixture
def intake_row() -> dict[str, Any]:
    """The ledger's row of the one hand-made file."""
    return dict(INTAKE)


@pytest.fixture
def coder_row() -> dict[str, Any]:
    """The row of the hand-made coder."""
    return dict(CODER)


@pytest.fixture
def publish_rows(workspace: Workspace, make_context: MakeContext) -> Callable[..., Path]:
    """Return a function that publishes open tables, the hand-made ones by default; it returns the release's folder."""

    def publish_tables(tables: dict[str, list[dict[str, Any]]] | None = None, **changes: Any) -> Path:
        (workspace.folder / "keli.yaml").write_text("title: test district\n", encoding="utf-8")
        given = {**open_tables(), **(tables or {}), "intake": [INTAKE], "coder": [CODER]}
        context = make_context(publish, given, **changes)
        publish.run(context)
        release_id = context.vault.read("publication").to_pyarrow().to_pylist()[0]["release_id"]
        return workspace.folder / "releases" / str(release_id)

    return publish_tables


@pytest.fixture
def released(publish_rows: Callable[..., Path]) -> Path:
    """A workspace folder with one release of the hand-made open tables."""
    return publish_rows().parent.parent
