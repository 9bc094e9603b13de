"""The folders of a workspace that the line writes to: checked before a run, swept after killed ones."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from keli.base.errors import ConfigurationError, EngineError, Place
from keli.engine.fingerprint import catalogue_sha256, code_sha256, file_sha256
from keli.engine.shelf import Shelf
from keli.model.workspace import Workspace

RUN_ID_DIGITS = 16
SETTINGS = "keli.yaml"
# Raw copy, accepted rows and unit tables of a run take about this many times the delivered bytes, gz unpacked.
DISK_PER_INPUT_BYTE = 4
DISK_AT_LEAST = 64 * 2**20


@dataclass(frozen=True)
class Workplace:
    """Folders of one workspace."""

    vault: Path
    releases: Path
    spill: Path


def open_workplace(workspace: Workspace) -> Workplace:
    """Make the folders that the line writes to and check that there is room.

    Raises:
        ConfigurationError: A folder cannot be written.
        EngineError: The disk has too little room for a run on these inputs.
    """
    place = Workplace(workspace.folder / "vault", workspace.folder / "releases", workspace.folder / "vault" / ".spill")
    for folder in (place.vault, place.releases):
        _check_writable(folder)
    _check_room(workspace)
    return place


def sweep(place: Workplace) -> None:
    """Remove temporary leftovers of killed runs; call it under the lock of the workspace only."""
    Shelf(place.releases).sweep()
    shutil.rmtree(place.spill, ignore_errors=True)
    for leftover in place.vault.glob("*/*.tmp"):
        leftover.unlink()


def local_files(workspace: Workspace) -> dict[tuple[str, str], Path]:
    """Files of the workspace's own facts by kind and name: settings, plates, parameters, gazetteer, coder, map."""
    found = {("configuration", SETTINGS): workspace.folder / SETTINGS}
    if workspace.plates is not None:
        found["plates", _name(workspace, workspace.plates)] = workspace.plates
    if workspace.parameters is not None:
        for path in sorted(workspace.parameters.rglob("*.yaml")):
            found["parameter", _name(workspace, path)] = path
    for part in workspace.gazetteer.values():
        found["gazetteer", _name(workspace, part.path)] = part.path
    if workspace.coding_model is not None:
        found["coder", _name(workspace, workspace.coding_model)] = workspace.coding_model
    for path in workspace.map_layers.values():
        found["map_layer", _name(workspace, path)] = path
    return found


def run_id(workspace: Workspace, engine: str) -> str:
    """First 16 hexadecimal digits of the hash of what a run is made from.

    Method: SHA-256 over code, catalogue, engine, vintage stage and every file of the workspace that the run reads.
    """
    delivered = {("delivered", _name(workspace, path)): path for source in workspace.sources for path in source.files}
    files = local_files(workspace) | delivered
    lines = [f"{file_sha256(files[key])}  {' '.join(key)}" for key in sorted(files)]
    made_from = [code_sha256(), catalogue_sha256(), engine, workspace.stage, *lines]
    return hashlib.sha256("\n".join(made_from).encode()).hexdigest()[:RUN_ID_DIGITS]


def _name(workspace: Workspace, path: Path) -> str:
    """Path of a file as keli.yaml sees it."""
    return Path(os.path.relpath(path, workspace.folder)).as_posix()


def _check_writable(folder: Path) -> None:
    """Make the folder, and a file in it."""
    probe = folder / ".probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise ConfigurationError(
            f"The folder cannot be written: {problem.strerror}.",
            where=Place(str(folder)),
            next_step="Give yourself the right to write there, or copy the workspace elsewhere.",
        ) from problem


def _check_room(workspace: Workspace) -> None:
    """Compare the room on the disk with a rough need."""
    delivered = sum(path.stat().st_size for source in workspace.sources for path in source.files)
    need = DISK_AT_LEAST + DISK_PER_INPUT_BYTE * delivered
    room = shutil.disk_usage(workspace.folder).free
    if room < need:
        raise EngineError(
            f"The disk has {room // 2**20} MiB free; a run on these inputs needs about {need // 2**20} MiB.",
            where=Place(str(workspace.folder)),
            next_step="Free space, remove old folders under vault/, or move the workspace.",
        )
