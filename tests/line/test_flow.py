"""The flow: stages in order, one run at a time, failures that teach, earlier releases whole."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console
from tests.conftest import CODER

from keli.base.errors import BusyError, ConfigurationError, ContractError, EngineError, ReleaseError, SourceError
from keli.engine.context import StageContext
from keli.engine.lock import locked
from keli.engine.progress import Reporter
from keli.engine.workplace import run_id
from keli.line.flow import (
    STAGES,
    Outcome,
    Stage,
    check_order,
    run_line,
    with_stage,
)
from keli.line.publish import stage as publish
from keli.model.catalogue import Catalogue
from keli.model.workspace import Workspace

Rows = dict[str, list[dict[str, Any]]]
RunFakes = Callable[..., Outcome]


def _writing(rows: Rows) -> Callable[[StageContext], None]:
    def run(context: StageContext) -> None:
        for table in context.writes:
            context.write_rows(table, rows[table])

    return run


def _failing(problem: BaseException) -> Callable[[StageContext], None]:
    def run(context: StageContext) -> None:
        raise problem

    return run


@pytest.fixture
def fakes(open_rows: Rows, intake_row: dict[str, Any]) -> list[Stage]:
    """A line of four stages: intake, coder and open tables from hand-made rows, then the real publish."""
    return [
        Stage("sources", (), ("intake",), _writing({"intake": [intake_row]})),
        Stage("classify", (), ("coder",), _writing({"coder": [CODER]})),
        Stage("protect", ("intake",), publish.OPEN_TABLES, _writing(open_rows)),
        Stage(publish.NAME, publish.READS, publish.WRITES, publish.run),
    ]


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=100)


@pytest.fixture
def run_fakes(workspace: Workspace, catalogue: Catalogue, fakes: list[Stage], console: Console) -> RunFakes:
    (workspace.folder / "keli.yaml").write_text("title: test district\n", encoding="utf-8")

    def run(*, workspace: Workspace = workspace, **options: Any) -> Outcome:
        return run_line(workspace, catalogue, Reporter(console), **{"stages": fakes, **options})

    return run


def test_stages_are_the_methods_order() -> None:
    names = [stage.name for stage in STAGES]
    assert names == ["sources", "link", "register", "classify", "account", "cover", "analyse", "protect", "publish"]


def test_every_table_is_written_before_it_is_read_and_by_its_writer(catalogue: Catalogue) -> None:
    check_order(STAGES)
    for stage in STAGES:
        assert {catalogue.tables[table].writer for table in stage.writes} == {stage.name}


def test_publish_reads_open_tables_the_intake_ledger_and_the_coder_only() -> None:
    last = STAGES[-1]
    assert {name for name in last.reads if not name.startswith("open_")} == {"intake", "coder"}
    written = {table: stage.name for stage in STAGES for table in stage.writes}
    assert {writer for table, writer in written.items() if table.startswith("open_")} == {"protect"}


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ([Stage("link", ("units",), (), print)], r"link reads \['units'\] before they are written"),
        ([Stage("link", (), ("units",), print), Stage("register", (), ("units",), print)], r"writes \['units'\] again"),
    ],
)
def test_wrong_order_is_refused(stages: list[Stage], message: str) -> None:
    with pytest.raises(ContractError, match=message):
        check_order(stages)


def test_run_ends_with_a_release_and_times(run_fakes: RunFakes, workspace: Workspace) -> None:
    outcome = run_fakes()
    assert outcome.stored
    assert list(outcome.seconds) == ["sources", "classify", "protect", "publish"]
    assert outcome.release.folder.parent == workspace.folder / "releases"
    assert (workspace.folder / "vault" / outcome.run_id / "open_value_added.parquet").is_file()
    assert not (workspace.folder / "vault" / ".spill").exists()
    assert (workspace.folder / "vault").stat().st_mode & 0o077 == 0


def test_run_again_finds_its_release(run_fakes: RunFakes) -> None:
    first, again = run_fakes(), run_fakes()
    assert (first.stored, again.stored) == (True, False)
    assert again.run_id == first.run_id
    assert again.release.manifest.release_id == first.release.manifest.release_id


def test_other_vintage_is_another_run_and_release(run_fakes: RunFakes, workspace: Workspace) -> None:
    first = run_fakes()
    final = run_fakes(workspace=with_stage(workspace, "最终核实"))
    assert with_stage(workspace, None) == workspace
    assert final.run_id != first.run_id
    assert final.release.manifest.stage == "最终核实"
    assert first.release.folder.is_dir()


def test_settings_are_part_of_the_run_id(run_fakes: RunFakes, workspace: Workspace) -> None:
    before = run_id(workspace, "duckdb")
    (workspace.folder / "keli.yaml").write_text("title: another\n", encoding="utf-8")
    assert run_id(workspace, "duckdb") != before
    assert run_id(workspace, "spark") != run_id(workspace, "duckdb")


def test_run_to_an_expected_release_is_stored_or_found(run_fakes: RunFakes) -> None:
    release_id = run_fakes().release.manifest.release_id
    assert not run_fakes(expected=release_id).stored


def test_run_that_comes_to_another_release_than_expected_stores_nothing(
    run_fakes: RunFakes, workspace: Workspace
) -> None:
    first = run_fakes().release
    final = with_stage(workspace, "最终核实")
    with pytest.raises(ReleaseError, match=r'not to ".*"\. It was not stored') as caught:
        run_fakes(workspace=final, expected=first.manifest.release_id)
    assert "differ in: classifications, footnotes, stage." in str(caught.value)
    with pytest.raises(ReleaseError, match='"0123456789abcdef" is not on this shelf'):
        run_fakes(expected="0123456789abcdef")
    assert [path.name for path in first.folder.parent.iterdir()] == [first.folder.name]


def test_file_that_makes_the_difference_is_named(run_fakes: RunFakes, workspace: Workspace) -> None:
    expected = run_fakes().release.manifest.release_id
    (workspace.folder / "keli.yaml").write_text("title: another\n", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"differ in: inputs \(keli\.yaml\)\."):
        run_fakes(expected=expected)


@pytest.mark.parametrize("release_id", ["latest", "0123", "0123456789ABCDEF"])
def test_what_is_no_release_id_is_refused_before_the_run(run_fakes: RunFakes, release_id: str) -> None:
    with pytest.raises(ConfigurationError, match="an id has 16 digits"):
        run_fakes(expected=release_id, stages=[])


def test_engine_that_is_not_there_is_refused(run_fakes: RunFakes) -> None:
    with pytest.raises(ConfigurationError, match='engine "spark" yet'):
        run_fakes(engine="spark")


@pytest.mark.parametrize(
    ("problem", "expected", "message"),
    [
        (SourceError("The file is empty."), SourceError, "The file is empty."),
        (duckdb.IOException("disk"), EngineError, "in the stage protect: disk."),
        (OSError(28, "No space left on device"), EngineError, r"The disk is full \(in the stage protect\)"),
    ],
)
def test_failing_stage_releases_nothing_and_leaves_the_earlier_release(
    run_fakes: RunFakes, fakes: list[Stage], problem: Exception, expected: type[Exception], message: str
) -> None:
    earlier = run_fakes().release
    broken = [*fakes[:2], Stage("protect", ("intake",), publish.OPEN_TABLES, _failing(problem)), fakes[3]]
    with pytest.raises(expected, match=message):
        run_fakes(stages=broken)
    earlier.check_contents()
    assert [path.name for path in earlier.folder.parent.iterdir()] == [earlier.folder.name]


def test_interrupted_run_says_that_nothing_is_lost(run_fakes: RunFakes, fakes: list[Stage], console: Console) -> None:
    stopped = [fakes[0], Stage("protect", ("intake",), publish.OPEN_TABLES, _failing(KeyboardInterrupt()))]
    with pytest.raises(KeyboardInterrupt):
        run_fakes(stages=stopped)
    assert isinstance(console.file, io.StringIO)
    assert "Nothing was released; earlier releases are whole." in " ".join(console.file.getvalue().split())
    assert run_fakes().stored


def test_second_run_in_the_workspace_is_refused(run_fakes: RunFakes, workspace: Workspace) -> None:
    (workspace.folder / "vault").mkdir()
    with locked(workspace.folder / "vault"), pytest.raises(BusyError):
        run_fakes()


def test_leftovers_of_killed_runs_are_removed(run_fakes: RunFakes, workspace: Workspace) -> None:
    half = workspace.folder / "releases" / ".partial-0123456789abcdef"
    temporary = workspace.folder / "vault" / "fedcba9876543210" / "units.tmp"
    for folder in (half, temporary.parent, workspace.folder / "vault" / ".spill"):
        folder.mkdir(parents=True)
    temporary.touch()
    run_fakes()
    assert not half.exists()
    assert not temporary.exists()


def test_stage_cannot_read_what_it_did_not_declare(run_fakes: RunFakes, fakes: list[Stage]) -> None:
    def peek(context: StageContext) -> None:
        context.read("units")

    with pytest.raises(ContractError, match='protect reads "units" without declaring it'):
        run_fakes(stages=[*fakes[:2], Stage("protect", ("intake",), publish.OPEN_TABLES, peek), fakes[3]])


def test_folder_that_cannot_be_written_is_named(run_fakes: RunFakes, workspace: Workspace) -> None:
    (workspace.folder / "vault").touch()
    with pytest.raises(ConfigurationError, match="cannot be written") as caught:
        run_fakes()
    assert str(caught.value.where) == str(workspace.folder / "vault")


def test_too_little_room_is_said_before_the_run(run_fakes: RunFakes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keli.engine.workplace.DISK_AT_LEAST", 2**62)
    with pytest.raises(EngineError, match=r"The disk has .* MiB free; a run on these inputs needs about"):
        run_fakes()


def test_published_files_have_no_machine_paths(run_fakes: RunFakes, workspace: Workspace) -> None:
    folder = run_fakes().release.folder
    for path in folder.rglob("*"):
        if path.is_file():
            assert str(Path(workspace.folder)).encode() not in path.read_bytes()


def test_run_tells_alerts_and_open_cases_without_a_unit_or_a_figure(run_fakes: RunFakes, fakes: list[Stage]) -> None:
    """2020 adds 4 %, 2021 adds 0.5 %; of three cases one is settled."""
    year = {"units": 1, "added": 40, "removed": 0, "headline": 1000, "limit_percent": 1.0}
    case = {
        "list": "coverage", "proposed": "enter", "kind": "missing", "label_zh": "漏统", "area": "440304001",
        "subdistrict": "南园街道", "period": 2021, "evidence": "", "effect": "", "unit_id": 1, "name": "some firm",
    }  # fmt: skip
    tables: Rows = {
        "coverage_alerts": [
            year | {"period": 2020, "net_percent": 4.0, "raised": True},
            year | {"period": 2021, "net_percent": 0.5, "raised": False},
        ],
        "coverage_cases": [
            case | {"case_id": str(number), "decision": decision}
            for number, decision in enumerate(("open", "no", "open"))
        ],
    }
    outcome = run_fakes(stages=[Stage("cover", (), tuple(tables), _writing(tables)), *fakes])
    [alert] = outcome.alerts
    assert alert.startswith("ALERT: changes of industry codes add more than 1 % to the headline of 2020;")
    assert outcome.open_cases == 2


def test_a_line_without_work_lists_has_no_alerts(run_fakes: RunFakes) -> None:
    outcome = run_fakes()
    assert (outcome.alerts, outcome.open_cases) == ((), 0)
