"""keli run: from delivered files to a release."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from keli.engine.progress import Reporter
from keli.formats.books import books, warnings
from keli.formats.headline import headline
from keli.formats.open_table import OpenTable, marks
from keli.line.checkup import open_workspace
from keli.line.flow import Outcome, check_engine, run_line, with_stage
from keli.verbs.terminal import Dir, say, stderr


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


def run(
    folder: Dir,
    engine: Annotated[Engine, typer.Option(help="Engine for the unit-level work.")] = Engine.DUCKDB,
    stage: Annotated[VintageStage | None, typer.Option(help="Vintage stage, in place of keli.yaml's.")] = None,
    release: Annotated[
        str | None, typer.Option(metavar="ID", help="Store nothing unless the run comes to this.")
    ] = None,
) -> None:
    """Run the line: from delivered files to a release.

    \b
    keli run my-district
    keli run my-district --stage 最终核实
    keli run my-district --release 0123456789abcdef     (does it still come to the same?)
    """  # noqa: D301 - \b keeps the lines of the examples apart
    check_engine(engine.value)
    workspace, catalogue = open_workspace(folder)
    workspace = with_stage(workspace, stage and stage.value)
    outcome = run_line(workspace, catalogue, Reporter(stderr), engine=engine.value, expected=release)
    _tell_outcome(outcome)


def _tell_outcome(outcome: Outcome) -> None:
    """Say what a run came to: the headline, and where the release is."""
    release = outcome.release
    coverage = OpenTable("coverage", release.table("coverage"), release.manifest)
    value_added = OpenTable("value_added", release.table("value_added"), release.manifest)
    stderr.print(books(coverage))
    stderr.print(headline(value_added))
    for warning in (*warnings(coverage, value_added), *outcome.alerts):
        say(warning)
    state = "stored" if outcome.stored else "was there already, unchanged"
    say(f"total {sum(outcome.seconds.values()):.2f} s")
    for mark in marks(release.manifest):
        say(mark)
    if outcome.open_cases:
        say(f"open cases by subdistrict: {outcome.open_cases} in {outcome.vault / 'coverage_cases'}")
    if outcome.open_links:
        say(f"pairs of records that may be one unit: {outcome.open_links} in {outcome.vault / 'link_queue.csv'}")
    say(f"rows held back, each with its reason: quarantine.csv and superseded.csv in {outcome.vault}")
    say(f"release {release.manifest.release_id} {state}: {release.folder}")
