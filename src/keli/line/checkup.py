"""A look over a workspace without running it: settings, inputs, facts, releases."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from keli.base.errors import ConfigurationError, Place, ReleaseError
from keli.engine.shelf import Shelf
from keli.line.flow import check_coder, check_inputs
from keli.model.catalogue import Catalogue, Unverified, load_catalogue
from keli.model.workspace import Workspace
from keli.model.workspace_file import load_workspace


@dataclass(frozen=True)
class Checkup:
    """What was found.

    Args:
        workspace: The settings.
        coder: Which industry coder a run uses.
        unverified: Facts in use that were not compared with their documents.
        unassigned: Core classes that no plate has fully, with the share that is left.
        whole: Ids of releases that are as they were published.
        damaged: What is wrong with each of the others.
    """

    workspace: Workspace
    coder: str
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
    catalogue = load_catalogue(parameters=workspace.parameters, plates=workspace.plates)
    _check_area(workspace, catalogue)
    _check_years(workspace)
    return workspace, catalogue


def _check_area(workspace: Workspace, catalogue: Catalogue) -> None:
    districts = {area.code: area.name_zh for area in catalogue.areas.at_level("district")}
    if workspace.area not in districts:
        known = ", ".join(f"{code} {name}" for code, name in districts.items())
        raise ConfigurationError(
            f'"{workspace.area}" is not a district that the catalogue knows: {known}.',
            where=Place(str(workspace.folder / "keli.yaml"), column="area"),
            example=f'area: "{next(iter(districts))}"',
        )


def _check_years(workspace: Workspace) -> None:
    latest = max((source.received.year for source in workspace.sources), default=workspace.last_year)
    if workspace.last_year > latest:
        raise ConfigurationError(
            f"The account is to end with {workspace.last_year}, but nothing was received after {latest}.",
            where=Place(str(workspace.folder / "keli.yaml"), column="years"),
            example=f"years: [{min(workspace.first_year, latest)}, {latest}]",
            next_step="Correct years, or the date of receipt of the newest source.",
        )


def check_workspace(folder: Path) -> Checkup:
    """Check settings, inputs, facts and releases.

    Raises:
        KeliError: keli.yaml, an input's head or a local fact is wrong.
    """
    workspace, catalogue = open_workspace(folder)
    check_inputs(workspace)
    coder = check_coder(workspace, catalogue)
    shelf = Shelf(folder / "releases")
    damaged = {release_id: problem for release_id in shelf.release_ids() if (problem := _damage(shelf, release_id))}
    whole = tuple(release_id for release_id in shelf.release_ids() if release_id not in damaged)
    return Checkup(workspace, coder, catalogue.unverified(), catalogue.unassigned_classes(), whole, damaged)


def _damage(shelf: Shelf, release_id: str) -> ReleaseError | None:
    """What is wrong with a release, if anything."""
    try:
        shelf.open(release_id).check_contents()
    except ReleaseError as problem:
        return problem
    return None
