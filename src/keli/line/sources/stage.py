"""Stage sources: every delivered row is accepted, repaired by a named rule, or quarantined with a reason."""

from __future__ import annotations

from keli.engine.context import StageContext
from keli.line.sources.cleaning.reading_of import Facts
from keli.line.sources.intake import Intake
from keli.line.sources.raw import check_head
from keli.line.sources.reading.delivery import deliveries
from keli.model.rules import rule_book
from keli.model.workspace import Workspace

NAME = "sources"
KINDS = (
    "register",
    "frame",
    "tax",
    "annual_return",
    "quarterly_return",
    "split_evidence",
    "prices",
    "controls",
    "decision",
)
READS: tuple[str, ...] = ()
WRITES = ("intake", "quarantine", "repairs", *(f"accepted_{kind}" for kind in KINDS))


def check(workspace: Workspace) -> None:
    """Open every delivered file and find its mapped columns, without running.

    Raises:
        SourceError: A file cannot be read.
        ConfigurationError: A mapped column is not in its file.
    """
    for source in workspace.sources:
        for delivery in deliveries(source, workspace.folder):
            check_head(delivery)


def run(context: StageContext) -> None:
    """Take in all delivered files: accepted rows by kind, quarantine, repairs, and the books of every file."""
    intake = Intake(context, Facts(rule_book(), context.catalogue))
    with intake.working_folder():
        intake.store_raw_rows()
        intake.read_doubtful_cells()
        intake.judge_rows()
        intake.write_accepted()
        intake.write_ledgers()
        intake.write_books()
