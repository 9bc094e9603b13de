"""Inputs of a release: every delivered file and every file of the workspace's own facts, with its hash."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from keli.engine.context import StageContext
from keli.engine.fingerprint import file_sha256
from keli.engine.workplace import local_files

_OWN = "_workspace"


def release_inputs(context: StageContext) -> list[dict[str, Any]]:
    """Return source, kind, file, hash and date of receipt of every input; facts of the workspace have no date.

    Args:
        context: The room of the stage; reads the intake ledger (one row a delivered file).
    """
    ledger = context.read("intake").select("source", "kind", "file", "sha256", "received")
    delivered = [
        {**row, "file": portable(row["file"]), "received": row["received"].isoformat()}
        for row in ledger.order_by(["source", "file"]).to_pyarrow().to_pylist()
    ]
    own = [
        {"source": _OWN, "kind": kind, "file": portable(name), "sha256": file_sha256(path), "received": None}
        for (kind, name), path in sorted(local_files(context.workspace).items())
    ]
    return own + delivered


def portable(name: str) -> str:
    """A file's name without anything of this machine: a path inside the workspace, else the name alone.

    >>> portable("inputs/register.csv"), portable("/home/me/data/tax.csv"), portable("../data/tax.csv")
    ('inputs/register.csv', 'tax.csv', 'tax.csv')
    """
    path = PurePosixPath(name)
    return path.name if path.is_absolute() or ".." in path.parts else name
