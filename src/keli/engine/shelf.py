"""The shelf of releases: stores one whole or not at all, never changes it, checks it when it is read."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from keli.base.errors import ConfigurationError, Place, ReleaseError
from keli.engine.fingerprint import file_sha256
from keli.engine.release import ID_DIGITS, Release
from keli.model.release.manifest import MANIFEST, Manifest, read_manifest

PARTIAL = ".partial-"
_READ_ONLY = 0o444
_ID = re.compile(f"[0-9a-f]{{{ID_DIGITS}}}")


@dataclass(frozen=True)
class StoredRelease:
    """A release on the shelf."""

    folder: Path
    manifest: Manifest

    def table(self, name: str) -> pa.Table:
        """Return an open table, in the order of its key.

        Raises:
            ReleaseError: The release has no such table; those that it has are listed.
        """
        if name not in self.manifest.tables:
            raise ReleaseError(
                f'The release {self.manifest.release_id} has no table "{name}". '
                f"It has: {', '.join(sorted(self.manifest.tables))}.",
                example="value_added",
            )
        return pq.read_table(self.folder / f"{name}.parquet")

    def catalogue(self, name: str) -> Any:
        """Return a document of the release's own copy of the catalogue, such as `labels`."""
        return json.loads((self.folder / "catalogue" / f"{name}.json").read_text(encoding="utf-8"))

    def check_sizes(self) -> None:
        """Check that every file is there with its size.

        Raises:
            ReleaseError: A file is missing or has another size.
        """
        for entry in self.manifest.files:
            path = self.folder / entry.path
            if not path.is_file() or path.stat().st_size != entry.size:
                raise _damaged(path)

    def check_contents(self) -> None:
        """Check that every file is there as it was published, and the id with them.

        Raises:
            ReleaseError: A file, or release.json itself, is not as it was published.
        """
        self.check_sizes()
        for entry in self.manifest.files:
            if file_sha256(self.folder / entry.path) != entry.sha256:
                raise _damaged(self.folder / entry.path)
        body = {name: part for name, part in self.manifest.contents.items() if name not in {"id", "files"}}
        files = {entry.path: (self.folder / entry.path).read_bytes() for entry in self.manifest.files}
        if Release(body, files).release_id != self.folder.name:
            raise _damaged(self.folder / MANIFEST)


@dataclass(frozen=True)
class Shelf:
    """The folder `releases/` of a workspace, or a copy of it."""

    folder: Path

    def release_ids(self) -> tuple[str, ...]:
        """Ids of the releases, in the order of their names."""
        if not self.folder.is_dir():
            return ()
        return tuple(sorted(path.parent.name for path in self.folder.glob(f"[!.]*/{MANIFEST}")))

    def open(self, release_id: str | None = None) -> StoredRelease:
        """Return a release whose files are all there; the latest where no id is given.

        Method: the latest has the largest last year, then the latest vintage stage, then the latest date of receipt;
        among equals the folder that was stored last.

        Raises:
            ReleaseError: There is no such release, or it is damaged.
        """
        if release_id is None:
            release = max(self._all(), key=_recency, default=None)
        else:
            release = self._read(release_id) if release_id in self.release_ids() else None
        if release is None:
            raise self._not_found(release_id)
        release.check_sizes()
        return release

    def store(self, release: Release) -> bool:
        """Store a release and tell whether it is new; killed at any moment, it is there whole or not at all.

        Method: files are written to `.partial-<id>`, forced to the disk, made read-only, and the folder renamed.

        Raises:
            ReleaseError: The same release is there already, but damaged.
        """
        release_id = release.release_id
        target, partial = self.folder / release_id, self.folder / f"{PARTIAL}{release_id}"
        if target.exists():
            self._read(release_id).check_contents()
            return False
        shutil.rmtree(partial, ignore_errors=True)
        for path, contents in sorted({**release.files, MANIFEST: release.manifest()}.items()):
            _write(partial / path, contents)
        for folder in (*partial.rglob("*/"), partial):
            _force(folder)
        partial.rename(target)
        _force(self.folder)
        return True

    def check_expected(self, release: Release, expected: str | None) -> None:
        """Compare a release that is not stored yet with the one that was expected, where one was.

        Raises:
            ReleaseError: It is another one; where the expected one is on the shelf, what differs is named.
        """
        if expected in {None, release.release_id}:
            return
        raise ReleaseError(
            f'The run came to the release "{release.release_id}", not to "{expected}". It was not stored.',
            where=Place(str(self.folder)),
            next_step=self._difference(release, expected),
        )

    def sweep(self) -> None:
        """Remove what killed runs left half written."""
        for path in self.folder.glob(f"{PARTIAL}*"):
            shutil.rmtree(path)

    def _difference(self, release: Release, expected: str | None) -> str:
        """What of a stored release a new one has otherwise, by the entries of release.json."""
        if expected not in self.release_ids():
            return f'"{expected}" is not on this shelf either; see `keli check DIR` for the releases that are.'
        stored, new = self._read(expected).manifest.contents, json.loads(release.manifest())
        differing = sorted(name for name in {*stored, *new} - {"id"} if stored.get(name) != new.get(name))
        told = ", ".join(f"{name}{_members(stored.get(name), new.get(name))}" for name in differing)
        return f"The two release.json differ in: {told}."

    def _read(self, release_id: str) -> StoredRelease:
        folder = self.folder / release_id
        manifest = read_manifest(folder / MANIFEST)
        if manifest.release_id != release_id:
            raise _damaged(folder / MANIFEST)
        return StoredRelease(folder, manifest)

    def _all(self) -> list[StoredRelease]:
        return [self._read(release_id) for release_id in self.release_ids()]

    def _not_found(self, release_id: str | None) -> ReleaseError:
        ids = self.release_ids()
        if not ids:
            return ReleaseError(
                "There is no release here yet.", where=Place(str(self.folder)), next_step="Run `keli run DIR` first."
            )
        return ReleaseError(
            f'There is no release "{release_id}".', where=Place(str(self.folder)), example=", ".join(ids)
        )


def _members(stored: Any, new: Any) -> str:
    """Files or names of the members of an entry of release.json that are not the same in both, in brackets."""
    if not (isinstance(stored, list) and isinstance(new, list) and all(isinstance(one, dict) for one in stored + new)):
        return ""
    different = [one for one in new if one not in stored] + [one for one in stored if one not in new]
    names = {str(one.get("path") or one.get("file") or one.get("name") or one.get("source")) for one in different}
    return f" ({' '.join(sorted(names))})"


def check_id(release_id: str | None) -> None:
    """Refuse what cannot be the id of a release, before a run that would only find out at its end.

    Raises:
        ConfigurationError: It is not written as an id.
    """
    if release_id is not None and not _ID.fullmatch(release_id):
        raise ConfigurationError(
            f'"{release_id}" is not the id of a release: an id has {ID_DIGITS} digits, 0-9 and a-f.',
            example="0123456789abcdef",
            next_step="The ids are the names of the folders in releases/.",
        )


def _recency(release: StoredRelease) -> tuple[Any, ...]:
    return (*release.manifest.recency, release.folder.stat().st_mtime_ns, release.manifest.release_id)


def _damaged(path: Path) -> ReleaseError:
    return ReleaseError(
        "The release is not as it was published: a file is missing or was changed.",
        where=Place(str(path)),
        next_step="Move the folder away; copy it again, or run again: the same inputs give the same release.",
    )


def _write(path: Path, contents: bytes) -> None:
    """Write a file to the disk, read-only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(contents)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(_READ_ONLY)


def _force(folder: Path) -> None:
    """Force a folder's entries to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
