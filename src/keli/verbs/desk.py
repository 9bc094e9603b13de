"""keli desk: the workbenches inside the wall."""

from __future__ import annotations

from keli.line.checkup import open_workspace
from keli.verbs.terminal import Dir, say


def desk(folder: Dir) -> None:
    """Open the workbenches inside the wall. They are not here yet: says so.

    \b
    keli desk my-district
    """  # noqa: D301 - \b keeps the lines of the examples apart
    workspace, _ = open_workspace(folder)
    say(f"The workbenches are not part of this version; the workspace {workspace.title} is in {folder}.")
