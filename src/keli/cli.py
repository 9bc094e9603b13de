"""The command line: verbs only. Data go to stdout, everything else to stderr.

Exit codes: 0 done; 1 refused or asked for what is not there; 2 keli.yaml or the command is wrong; 3 a delivered file
cannot be read; 4 a fact of the catalogue is wrong; 5 a fault of Keli; 6 books that do not close; 7 a release is
missing or damaged; 8 the engine or the machine stopped the run; 9 another run holds the workspace; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from typer.main import get_command

import keli
from keli.base.errors import EngineError, KeliError, Place
from keli.engine.progress import Reporter
from keli.engine.shelf import Shelf, StoredRelease
from keli.formats.books import books, warnings
from keli.formats.headline import headline
from keli.formats.open_table import DRAFT_MARK, OpenTable, marks
from keli.formats.passport import Origins, one_row, passport
from keli.formats.selection import conditions_of, selected
from keli.formats.writers import BINARY, WRITERS
from keli.line.checkup import Checkup, check_workspace, open_workspace
from keli.line.flow import Outcome, check_engine, check_expected, run_line, with_stage
from keli.plain.verbs.code import code
from keli.plain.verbs.link import link
from keli.plain.verbs.place import place
from keli.sample.district import write_sample

app = typer.Typer(
    name="keli",
    help="Statistics of a district's digital economy, from registers and returns to a release.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for verb in (code, link, place):
    app.command()(verb)
stderr = Console(stderr=True)


class Format(StrEnum):
    """Formats of rows."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    XLSX = "xlsx"


class Engine(StrEnum):
    """Engines for the unit-level work."""

    DUCKDB = "duckdb"
    SPARK = "spark"


class VintageStage(StrEnum):
    """Stages of a vintage, from the first figures to the revision after a census."""

    FLASH = "快报"
    PRELIMINARY = "初步核算"
    FINAL = "最终核实"
    CENSUS = "普查修订"


Dir = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the workspace, with keli.yaml.")]
ReleaseId = Annotated[str | None, typer.Option("--release", metavar="ID", help="A release; the latest by default.")]


@app.callback()
def options(
    *, debug: Annotated[bool, typer.Option("--debug", envvar="KELI_DEBUG", help="Show tracebacks.")] = False
) -> None:
    """Statistics of a district's digital economy, from registers and returns to a release.

    \b
    keli new my-district
    keli run my-district
    keli table my-district value_added --where activity=DE --where measure=VA
    """  # noqa: D301 - \b keeps the lines of the examples apart
    os.environ["KELI_DEBUG"] = "1" if debug else ""


@app.command()
def new(
    folder: Dir,
    units: Annotated[int, typer.Option(help="Number of units in the register.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same district.")] = 7,
) -> None:
    """Make a workspace with a synthetic sample district.

    \b
    keli new my-district
    keli new small --units 3000 --seed 11
    """  # noqa: D301
    write_sample(folder, units=units, seed=seed, report=_say)
    _say(f"SYNTHETIC district of {units} units in {folder}. Next: keli run {folder}")


@app.command()
def check(folder: Dir) -> None:
    """Check settings, inputs, facts and releases without running.

    \b
    keli check my-district
    """  # noqa: D301
    found = check_workspace(folder)
    _tell_checkup(found)
    if found.damaged:
        raise next(iter(found.damaged.values()))


@app.command()
def run(
    folder: Dir,
    engine: Annotated[Engine, typer.Option(help="Engine for the unit-level work.")] = Engine.DUCKDB,
    stage: Annotated[VintageStage | None, typer.Option(help="Vintage stage, in place of keli.yaml's.")] = None,
    release: Annotated[str | None, typer.Option(metavar="ID", help="Fail unless the run comes to this.")] = None,
) -> None:
    """Run the line: from delivered files to a release.

    \b
    keli run my-district
    keli run my-district --stage 最终核实
    keli run my-district --release 0123456789abcdef     (does it still come to the same?)
    """  # noqa: D301
    check_engine(engine.value)
    workspace, catalogue = open_workspace(folder)
    with _report() as report:
        outcome = run_line(with_stage(workspace, stage and stage.value), catalogue, report, engine=engine.value)
    _tell_outcome(outcome)
    check_expected(outcome, release)


@app.command()
def table(
    folder: Dir,
    name: Annotated[str, typer.Argument(metavar="TABLE", help="Open table, such as value_added.")],
    release: ReleaseId = None,
    file_format: Annotated[Format, typer.Option("--format", help="Format of the rows.")] = Format.CSV,
    where: Annotated[list[str] | None, typer.Option(metavar="COLUMN=VALUE", help="Select rows; repeatable.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to a file, not to stdout.")] = None,
) -> None:
    """Print an open table of a release.

    \b
    keli table my-district value_added --where activity=DE --where measure=VA
    keli table my-district coverage --format xlsx --out coverage.xlsx
    """  # noqa: D301
    found = _release(folder, release)
    rows = selected(found.table(name), conditions_of(where or []))
    with _target(out, file_format.value) as target:
        WRITERS[file_format.value](OpenTable(name, rows, found.manifest), target)
    _say(f"{rows.num_rows} rows of {name}, release {found.manifest.release_id}; {'; '.join(marks(found.manifest))}")


@app.command()
def explain(
    folder: Dir,
    name: Annotated[str, typer.Argument(metavar="TABLE", help="Open table, such as value_added.")],
    where: Annotated[list[str], typer.Argument(metavar="COLUMN=VALUE...", help="Conditions that name one row.")],
    release: ReleaseId = None,
) -> None:
    """Print the passport of one number: formula, parameters, evidence, inputs.

    \b
    keli explain my-district value_added time_period=2021 ref_area=440304 activity=DE measure=VA price_base=V
    """  # noqa: D301
    found = _release(folder, release)
    shown = OpenTable(name, found.table(name), found.manifest)
    row = one_row(shown, conditions_of(where))
    typer.echo("\n".join(passport(row, shown, _origins(found, name))))


@app.command()
def serve(
    releases: Annotated[Path, typer.Argument(metavar="RELEASES", help="Folder of releases, or a copy of it.")],
    state: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the platform's own state.")] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8600,
    *,
    public: Annotated[bool, typer.Option("--public", help="Show what anyone may see, nothing else.")] = False,
    unsafe_draft: Annotated[
        bool, typer.Option("--unsafe-draft", help="Show releases without secondary suppression.")
    ] = False,
) -> None:
    """Show releases to people outside the wall. The platform is not here yet: says what it would show.

    \b
    keli serve my-district/releases --unsafe-draft
    """  # noqa: D301
    if (releases / "keli.yaml").exists():
        raise KeliError(
            "This is a workspace, not a folder of releases.",
            where=Place(str(releases)),
            example=f"keli serve {releases / 'releases'}",
        )
    found = Shelf(releases).open()
    if found.manifest.is_draft and not unsafe_draft:
        raise KeliError(
            f"The release {found.manifest.release_id} says {DRAFT_MARK}: withheld figures could be inferred.",
            where=Place(str(found.folder)),
            next_step="Inside the bureau only, show it with --unsafe-draft.",
        )
    _say(f"The release {found.manifest.release_id} is in {found.folder}.")
    kept = f", keep its state in {state}" if state else ""
    shown = "what anyone may see" if public else "all of it"
    _say(f"The platform is not part of this version; it would show {shown} on {host}:{port}{kept}.")


@app.command()
def desk(folder: Dir) -> None:
    """Open the workbenches inside the wall. They are not here yet: says so.

    \b
    keli desk my-district
    """  # noqa: D301
    workspace, _ = open_workspace(folder)
    _say(f"The workbenches are not part of this version; the workspace {workspace.title} is in {folder}.")


def main() -> None:
    """Run the command line; errors are shown as they teach, never as a traceback."""
    sys.excepthook = _unexpected
    try:
        get_command(app)(prog_name="keli")
    except KeliError as problem:
        _refuse(problem, str(problem), problem.exit_code)
    except OSError as problem:
        refused = EngineError(
            f"The system refused: {problem.strerror}.",
            where=Place(str(problem.filename)),
            next_step="See that the folder is there, may be written, and has room; or choose another.",
        )
        _refuse(problem, str(refused), refused.exit_code)


def _refuse(problem: Exception, message: str, exit_code: int) -> None:
    """Print an error and leave."""
    if os.environ.get("KELI_DEBUG"):
        traceback.print_exception(problem)
    typer.echo(f"error: {message}", err=True)
    sys.exit(exit_code)


def _unexpected(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    """Say that Keli is at fault, in one line; with the traceback where it was asked for."""
    if os.environ.get("KELI_DEBUG"):
        traceback.print_exception(kind, problem, trace)
    typer.echo(
        f"error: Keli {keli.__version__} failed ({kind.__name__}); please report it with the output of "
        f"`keli --debug {' '.join(sys.argv[1:])}`. Releases are whole.",
        err=True,
    )


def _say(text: str) -> None:
    """Tell people, beside the data."""
    typer.echo(text, err=True)


@contextmanager
def _report() -> Iterator[Reporter]:
    """Progress on the error stream."""
    yield Reporter(stderr)


def _release(folder: Path, release_id: str | None) -> StoredRelease:
    """A release of a workspace; the latest where no id is given."""
    return Shelf(folder / "releases").open(release_id)


def _origins(release: StoredRelease, table_name: str) -> Origins:
    """What a release explains its figures with."""
    entries = {entry["code"]: entry for entry in release.catalogue("indicators") if entry["table"] == table_name}
    return Origins(entries, release.catalogue("labels"), release.table("components"), release.table("evidence"))


@contextmanager
def _target(out: Path | None, file_format: str) -> Iterator[BinaryIO]:
    """Where rows go: a file, or stdout unless it is a terminal that cannot show the format."""
    if out is not None:
        with out.open("wb") as file:
            yield file
        return
    if file_format in BINARY and sys.stdout.isatty():
        raise KeliError(f"{file_format} is not for a terminal.", example=f"--out table.{file_format}")
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


def _tell_checkup(found: Checkup) -> None:
    """Say what a checkup found."""
    _say(f"{found.workspace.title}: keli.yaml, inputs and facts can be read.")
    for source in found.workspace.sources:
        _say(f"  source {source.name} ({source.kind}): {len(source.files)} files")
    for fact in found.unverified:
        _say(f"  not verified: {fact.kind} {fact.name} {fact.label_zh}, from {fact.valid_from}, {fact.reference}")
    if found.unassigned:
        _say(f"  not wholly in a plate: {len(found.unassigned)} core classes: {' '.join(found.unassigned)}")
    for release_id in found.whole:
        _say(f"  release {release_id}: whole")


def _tell_outcome(outcome: Outcome) -> None:
    """Say what a run came to: the headline, and where the release is."""
    release = outcome.release
    coverage = OpenTable("coverage", release.table("coverage"), release.manifest)
    value_added = OpenTable("value_added", release.table("value_added"), release.manifest)
    stderr.print(books(coverage))
    stderr.print(headline(value_added))
    for warning in warnings(coverage, value_added):
        _say(warning)
    state = "stored" if outcome.stored else "was there already, unchanged"
    _say(f"total {sum(outcome.seconds.values()):.2f} s")
    for mark in marks(release.manifest):
        _say(mark)
    _say(f"rows held back, each with its reason: quarantine.csv and superseded.csv in {outcome.vault}")
    _say(f"release {release.manifest.release_id} {state}: {release.folder}")
