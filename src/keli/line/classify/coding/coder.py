"""The coder of a run: a bureau's own, which keli.yaml names, or the shipped one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keli.base.errors import Place
from keli.engine.coding.kept import contents_of, kept, kept_file
from keli.methods.industry_coding.facts import shipped_settings
from keli.methods.industry_coding.model import CodingModel
from keli.methods.industry_coding.stored import SHIPPED_CODER, SHIPPED_TRAINING, model_bytes, model_of
from keli.methods.industry_coding.training import shipped_model
from keli.model.catalogue import Catalogue
from keli.model.workspace import Workspace


@dataclass(frozen=True, eq=False)
class Coder:
    """A coder and the hash of its bytes."""

    model: CodingModel
    sha256: str


def coder_of(workspace: Workspace, catalogue: Catalogue, tell: Callable[[str], None]) -> Coder:
    """Return the coder that a workspace uses.

    Args:
        workspace: The settings; `coding_model` is a bureau's own coder.
        catalogue: Facts, with the workspace's own.
        tell: Is told when the shipped coder is trained first.

    Raises:
        SourceError: The file is no coder.
    """
    contents, where = _contents(workspace, catalogue, tell)
    return Coder(model_of(contents, where), hashlib.sha256(contents).hexdigest())


def coder_row(workspace: Workspace, coder: Coder) -> dict[str, Any]:
    """The row of the table `coder`."""
    path, origin = workspace.coding_model, coder.model.origin
    return {
        "kind": origin.kind,
        "file": None if path is None else path.name,
        "sha256": coder.sha256,
        "units": origin.units,
        "edition": origin.edition,
        "automatic": workspace.coding_automatic,
    }


def described(workspace: Workspace, catalogue: Catalogue) -> str:
    """What codes the units of a workspace, in words; its own coder is read, the shipped one is not trained.

    Raises:
        SourceError: The file is no coder.
    """
    automatic = "" if workspace.coding_automatic else "; it only proposes"
    if workspace.coding_model is None:
        file = kept_file(SHIPPED_CODER, shipped_settings(catalogue))
        state = "kept" if file is not None and file.is_file() else "trained at the first run"
        return f"the shipped one, from official facts ({state}){automatic}"
    path = workspace.coding_model
    origin = model_of(contents_of(path), Place(str(path))).origin
    return f"{path.name}, trained on {origin.units} coded units of edition {origin.edition}{automatic}"


def _contents(workspace: Workspace, catalogue: Catalogue, tell: Callable[[str], None]) -> tuple[bytes, Place | None]:
    if workspace.coding_model is not None:
        return contents_of(workspace.coding_model), Place(str(workspace.coding_model))

    def made() -> bytes:
        tell(SHIPPED_TRAINING)
        return model_bytes(shipped_model(catalogue))

    return kept(SHIPPED_CODER, made, made_from=shipped_settings(catalogue)), None
