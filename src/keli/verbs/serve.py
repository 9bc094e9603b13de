"""keli serve: releases for people outside the wall."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keli.base.errors import KeliError, Place
from keli.engine.shelf import Shelf
from keli.formats.open_table import DRAFT_MARK
from keli.verbs.terminal import say


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
    """  # noqa: D301 - \b keeps the lines of the examples apart
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
    say(f"The release {found.manifest.release_id} is in {found.folder}.")
    kept = f", keep its state in {state}" if state else ""
    shown = "what anyone may see" if public else "all of it"
    say(f"The platform is not part of this version; it would show {shown} on {host}:{port}{kept}.")
