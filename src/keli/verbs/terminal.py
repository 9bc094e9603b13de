"""What the verbs share: their arguments, and the two streams of a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

Dir = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the workspace, with keli.yaml.")]
ReleaseId = Annotated[str | None, typer.Option("--release", metavar="ID", help="A release; the latest by default.")]

stderr = Console(stderr=True)


def say(text: str) -> None:
    """Tell people, beside the data."""
    typer.echo(text, err=True)
