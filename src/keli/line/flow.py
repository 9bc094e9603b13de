"""The line: the stages in order, from delivered files to a release."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from keli.base.errors import ConfigurationError, ContractError
from keli.engine.connect import connect_duckdb
from keli.engine.context import StageContext
from keli.engine.failures import WHOLE, explained
from keli.engine.lock import locked
from keli.engine.progress import Reporter
from keli.engine.shelf import Shelf, StoredRelease, check_id
from keli.engine.vault import Vault
from keli.engine.workplace import open_workplace, run_id, sweep
from keli.line.account import stage as account
from keli.line.analyse import stage as analyse
from keli.line.classify import stage as classify
from keli.line.cover import stage as cover
from keli.line.link import stage as link
from keli.line.protect import stage as protect
from keli.line.publish import stage as publish
from keli.line.register import stage as register
from keli.line.sources import stage as sources
from keli.model.catalogue import Catalogue
from keli.model.workspace import Workspace

ENGINES = ("duckdb",)


@dataclass(frozen=True)
class Stage:
    """One stage: its name, the tables that it reads and writes, its door."""

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    run: Callable[[StageContext], None]


STAGES = tuple(
    Stage(door.NAME, door.READS, door.WRITES, door.run)
    for door in (sources, link, register, classify, account, cover, analyse, protect, publish)
)


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Args:
        run_id: Name of the run.
        vault: Folder of the run in the vault.
        release: The release.
        stored: The run put the release on the shelf; false where it was there already.
        seconds: Seconds of each stage, in order.
        alerts: What a person must look at before the release is used; no unit and no withheld figure is in it.
        open_cases: Number of open cases of the work lists of coverage.
        open_links: Number of pairs of records that are left to people.
    """

    run_id: str
    vault: Path
    release: StoredRelease
    stored: bool
    seconds: dict[str, float]
    alerts: tuple[str, ...] = ()
    open_cases: int = 0
    open_links: int = 0


def run_line(
    workspace: Workspace,
    catalogue: Catalogue,
    report: Reporter,
    *,
    engine: str = "duckdb",
    stages: Sequence[Stage] = STAGES,
    expected: str | None = None,
) -> Outcome:
    """Run every stage on a workspace and return the release.

    Args:
        workspace: The settings.
        catalogue: Facts, with the workspace's own.
        report: Progress.
        engine: duckdb.
        stages: The stages in order.
        expected: Id of the release that the run must come to; any where None.

    Raises:
        KeliError: A stage cannot go on, or the run came to another release than expected; nothing is released, and
            earlier releases are whole.
    """
    check_engine(engine)
    check_id(expected)
    check_order(stages)
    place = open_workplace(workspace)
    with locked(place.vault), explained("the run", workspace.folder), _interruptible(report):
        sweep(place)
        identity = run_id(workspace, engine)
        vault = _open_vault(workspace, catalogue, identity)
        with report.running():
            for stage in stages:
                _run_stage(
                    stage,
                    StageContext(stage.name, workspace, catalogue, vault, stage.reads, stage.writes, report, expected),
                )
        publication = vault.read("publication").to_pyarrow().to_pylist()[0]
        covered = cover.NAME in {stage.name for stage in stages}
        alerts, cases = (_alerts(vault), _open_cases(vault)) if covered else ((), 0)
        links = _open_links(vault) if link.NAME in {stage.name for stage in stages} else 0
        shutil.rmtree(place.spill, ignore_errors=True)
    release = Shelf(place.releases).open(publication["release_id"])
    seconds = dict(report.stopwatch.seconds)
    return Outcome(identity, vault.folder, release, publication["stored"], seconds, alerts, cases, links)


def check_coder(workspace: Workspace, catalogue: Catalogue) -> str:
    """Say which industry coder a run would use.

    Raises:
        SourceError: The bureau's own coder cannot be read.
    """
    with explained("reading the industry coder", workspace.folder):
        return classify.check(workspace, catalogue)


def check_inputs(workspace: Workspace) -> None:
    """Open every delivered file and find its mapped columns, without running.

    Raises:
        SourceError: A file cannot be read.
        ConfigurationError: A mapped column is not in its file.
    """
    with explained("reading the heads of the inputs", workspace.folder):
        sources.check(workspace)


def with_stage(workspace: Workspace, stage: str | None) -> Workspace:
    """The workspace with another vintage stage, where one is given."""
    return workspace if stage is None else dataclasses.replace(workspace, stage=stage)


def check_engine(engine: str) -> None:
    """Refuse an engine that the line does not run on.

    Raises:
        ConfigurationError: The engine is not there.
    """
    if engine not in ENGINES:
        raise ConfigurationError(
            f'The line does not run on the engine "{engine}" yet.', example=f"--engine {ENGINES[0]}"
        )


def check_order(stages: Sequence[Stage]) -> None:
    """Check that every table is written by one stage, and read only after it was written.

    Raises:
        ContractError: A table is read too early, or has two writers.
    """
    written: set[str] = set()
    for stage in stages:
        early, again = set(stage.reads) - written, set(stage.writes) & written
        if early or again:
            raise ContractError(
                f"The stage {stage.name} reads {sorted(early)} before they are written, writes {sorted(again)} again."
            )
        written |= set(stage.writes)


def _open_vault(workspace: Workspace, catalogue: Catalogue, identity: str) -> Vault:
    """An empty vault for the run; what an earlier run on the same inputs left is written anew."""
    folder = workspace.folder / "vault" / identity
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # Microdata: the vault is its owner's alone.
    folder.parent.chmod(0o700)
    spill = workspace.folder / "vault" / ".spill"
    return Vault(folder, connect_duckdb(spill), catalogue.tables)


def _alerts(vault: Vault) -> tuple[str, ...]:
    """Years to whose headline changes of industry codes add more than the limit, as sentences."""
    told = vault.read("coverage_alerts").to_pyarrow().to_pylist()
    return tuple(
        f"ALERT: changes of industry codes add more than {row['limit_percent']:g} % to the headline of "
        f"{row['period']}; see that each has its evidence (coverage_alerts in the vault)."
        for row in sorted(told, key=lambda row: row["period"])
        if row["raised"]
    )


def _open_links(vault: Vault) -> int:
    """Number of pairs on the work list of the linkage."""
    return int(vault.read("link_queue").count().execute())


def _open_cases(vault: Vault) -> int:
    """Number of cases of the work lists that nobody settled yet."""
    cases = vault.read("coverage_cases")
    return int(cases.filter(cases.decision == "open").count().execute())


def _run_stage(stage: Stage, context: StageContext) -> None:
    """One stage in its own room; failures of the engine name it."""
    with explained(f"the stage {stage.name}", context.workspace.folder), context.report.stage(stage.name):
        stage.run(context)


@contextmanager
def _interruptible(report: Reporter) -> Iterator[None]:
    """Say that nothing is lost when the user stops the run."""
    try:
        yield
    except KeyboardInterrupt:
        report.console.print(f"Interrupted. {WHOLE} Run again to start afresh.", highlight=False)
        raise
