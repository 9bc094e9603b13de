"""The command line: verbs only. Data go to stdout, everything else to stderr.

Exit codes: 0 done; 1 refused or asked for what is not there; 2 keli.yaml or the command is wrong; 3 a delivered file
cannot be read; 4 a fact of the catalogue is wrong; 5 a fault of Keli; 6 books that do not close; 7 a release is
missing or damaged; 8 the engine or the machine stopped the run; 9 another run holds the workspace; 130 interrupted.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
import traceback
from types import TracebackType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

import keli
from keli.base.errors import EngineError, KeliError, Place
from keli.engine.fingerprint import engine_versions

VERBS = {
    "new": ("keli.verbs.new", "Make a workspace with a synthetic sample district."),
    "check": ("keli.verbs.check", "Check settings, inputs, facts and releases without running."),
    "run": ("keli.verbs.run", "Run the line: from delivered files to a release."),
    "table": ("keli.verbs.table", "Print an open table of a release."),
    "explain": ("keli.verbs.explain", "Print the passport of one number."),
    "serve": ("keli.verbs.serve", "Show releases to people outside the wall."),
    "desk": ("keli.verbs.desk", "Open the workbenches inside the wall."),
    "code": (
        "keli.plain.verbs.code",
        "Find the industry of every row from its business scope and name.",
    ),
    "link": ("keli.plain.verbs.link", "Find rows of the same firm or person."),
    "cover": ("keli.plain.verbs.cover", "Find who is missing from the above-scale list."),
    "audit": ("keli.plain.verbs.audit", "Audit printed figures: do they agree, and under which assumption?"),
    "protect": (
        "keli.plain.verbs.protect",
        "Withhold further cells so that no contributor can be inferred; audit protected tables.",
    ),
    "index": ("keli.plain.verbs.index", "Make a composite index, and say what it depends on."),
    "place": ("keli.plain.verbs.place", "Find the subdistrict of every address."),
    "disaggregate": ("keli.plain.verbs.disaggregate", "Divide years into quarters or months."),
}
"""Name of a verb -> the module that holds it under this name, and what it does in one line."""


class Verbs(TyperGroup):
    """The verbs, each loaded when it is called: some need libraries that take seconds to load."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the name of the verb, the verb itself, and its arguments."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, loaded(str(name)), rest


def loaded(name: str) -> Any:
    """Return a verb as a command."""
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name)(getattr(importlib.import_module(VERBS[name][0]), name))
    return get_command(alone)


app = typer.Typer(
    name="keli",
    cls=Verbs,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _listed() -> None:
    """Stand for a verb in the list of verbs."""


for verb, (_, told) in VERBS.items():
    app.command(verb, help=told)(_listed)


def _tell_versions(asked: bool) -> None:  # noqa: FBT001 - typer calls it with the value of the option
    """Print what computes and writes figures, with versions, and leave."""
    if asked:
        lines = {"keli": keli.__version__, "python": platform.python_version(), **engine_versions()}
        typer.echo("\n".join(f"{name} {version}" for name, version in lines.items()))
        raise typer.Exit


@app.callback()
def options(
    *,
    debug: Annotated[bool, typer.Option("--debug", envvar="KELI_DEBUG", help="Show tracebacks.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback has answered
        bool, typer.Option("--version", callback=_tell_versions, is_eager=True, help="Show versions and leave.")
    ] = False,
) -> None:
    """Statistics of a district's digital economy, from registers and returns to a release.

    \b
    keli new my-district
    keli run my-district
    keli table my-district value_added --where activity=DE --where measure=VA
    keli run --help
    """  # noqa: D301 - \b keeps the lines of the examples apart
    os.environ["KELI_DEBUG"] = "1" if debug else ""


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
