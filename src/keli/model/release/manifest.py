"""What a release says about itself: `release.json`, read back."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keli.base.errors import Place, ReleaseError

MANIFEST = "release.json"
STAGES = ("快报", "初步核算", "最终核实", "普查修订")
NO_SECONDARY = "none"


@dataclass(frozen=True)
class TableEntry:
    """One open table of a release: its rows and how many of them are confidential."""

    name: str
    title_zh: str
    grain: str
    key: tuple[str, ...]
    rows: int
    confidential: int


@dataclass(frozen=True)
class FileEntry:
    """One file of a release: path inside its folder, size and hash."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The release's account of itself.

    Args:
        release_id: Hash of its contents, 16 hexadecimal digits.
        title: Title of the workspace.
        synthetic: The data are synthetic.
        census: The register is complete.
        area: Code of the district.
        years: Years of the account.
        stage: Vintage stage.
        received: Date on which the latest input was received.
        secondary: Method of secondary suppression, or `none`.
        rounding: Convention by which figures are rounded for print.
        notes: Notes and footnotes that every output carries.
        tables: Open tables by name.
        files: Files beside release.json, in the order of their paths.
        contents: Everything that release.json says.
    """

    release_id: str
    title: str
    synthetic: bool
    census: bool
    area: str
    years: tuple[int, ...]
    stage: str
    received: dt.date
    secondary: str
    rounding: str
    notes: tuple[str, ...]
    tables: dict[str, TableEntry]
    files: tuple[FileEntry, ...]
    contents: dict[str, Any]

    @property
    def is_draft(self) -> bool:
        """Secondary suppression is lacking, so withheld figures could be inferred."""
        return self.secondary == NO_SECONDARY

    @property
    def recency(self) -> tuple[int, int, dt.date]:
        """Order of releases: last year, then vintage stage, then the latest date of receipt."""
        return max(self.years), STAGES.index(self.stage), self.received


def read_manifest(path: Path) -> Manifest:
    """Return a release's account of itself.

    Args:
        path: The file release.json.

    Raises:
        ReleaseError: The file is missing, or is no release.json of this version.
    """
    try:
        return manifest_of(json.loads(path.read_text(encoding="utf-8")))
    except OSError as problem:
        raise _unreadable(path, problem.strerror or "missing") from problem
    except KeyError as problem:
        raise _unreadable(path, f"the entry {problem} is missing") from problem
    except (TypeError, ValueError) as problem:
        raise _unreadable(path, str(problem)) from problem


def manifest_of(contents: dict[str, Any]) -> Manifest:
    """Return the account that the contents of a release.json give.

    Raises:
        KeyError: An entry is missing.
        ValueError: The vintage stage is unknown, or a date is none.
    """
    if contents["stage"] not in STAGES:
        raise ValueError(f'the stage "{contents["stage"]}" is none of {", ".join(STAGES)}')
    return Manifest(
        release_id=contents["id"],
        title=contents["title"],
        synthetic=contents["synthetic"],
        census=contents["census"],
        area=contents["area"]["code"],
        years=tuple(contents["years"]),
        stage=contents["stage"],
        received=dt.date.fromisoformat(contents["received"]),
        secondary=contents["secondary"],
        rounding=contents["rounding"],
        notes=(*contents["notes"], *contents["footnotes"]),
        tables={entry["name"]: _table(entry) for entry in contents["tables"]},
        files=tuple(FileEntry(**entry) for entry in contents["files"]),
        contents=contents,
    )


def _table(entry: dict[str, Any]) -> TableEntry:
    return TableEntry(
        entry["name"],
        entry["title_zh"],
        entry["grain"],
        tuple(entry["key"]),
        entry["rows"],
        entry["confidential"],
    )


def _unreadable(path: Path, why: str) -> ReleaseError:
    return ReleaseError(
        f"The release has no readable release.json: {why}.",
        where=Place(str(path)),
        next_step="Copy the release again from where it came, or read it with the version of Keli that wrote it.",
    )
