"""A look over a workspace without running it: settings, inputs, facts, releases."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from keli.base.errors import ReleaseError
from keli.engine.shelf import Shelf
from keli.line.flow import check_inputs
from keli.model.catalogue import Catalogue, Unverified, load_catalogue
from keli.model.workspace import Workspace
from keli.model.workspace_file import load_workspace


@dataclass(frozen=True)
class Checkup:
    """What was found.

    Args:
        workspace: The settings.
        unverified: Facts in use that were not compared with their documents.
        unassigned: Core classes that no plate has fully, with the share that is left.
        whole: Ids of releases that are as they were published.
        damaged: What is wrong with each of the others.
    """

    workspace: Workspace
    unverified: tuple[Unverified, ...]
    unassigned: dict[str, Decimal]
    whole: tuple[str, ...]
    damaged: dict[str, ReleaseError]


def open_workspace(folder: Path) -> tuple[Workspace, Catalogue]:
    """Return the settings of a workspace and the catalogue with its own facts.

    Raises:
        ConfigurationError: keli.yaml or a local fact is wrong.
    """
    workspace = load_workspace(folder)
    return workspace, load_catalogue(parameters=workspace.parameters, plates=workspace.plates)


def check_workspace(folder: Path) -> Checkup:
    """Check settings, inputs, facts and releases.

    Raises:
        KeliError: keli.yaml, an input's head or a local fact is wrong.
    """
    workspace, catalogue = open_workspace(folder)
    check_inputs(workspace)
    shelf = Shelf(folder / "releases")
    damaged = {release_id: problem for release_id in shelf.release_ids() if (problem := _damage(shelf, release_id))}
    whole = tuple(release_id for release_id in shelf.release_ids() if release_id not in damaged)
    return Checkup(workspace, catalogue.unverified(), catalogue.unassigned_classes(), whole, damaged)


def _damage(shelf: Shelf, release_id: str) -> ReleaseError | None:
    """What is wrong with a release, if anything."""
    try:
        shelf.open(release_id).check_contents()
    except ReleaseError as problem:
        return problem
    return None
