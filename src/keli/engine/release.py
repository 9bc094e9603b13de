"""A release before it is stored: the bytes of its files and what release.json says; its id is their hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from keli.model.release.manifest import MANIFEST

ID_DIGITS = 16


@dataclass(frozen=True)
class Release:
    """Everything that a release holds.

    Args:
        body: What release.json says, without the id and the list of files.
        files: Path inside the release -> contents.
    """

    body: dict[str, Any]
    files: dict[str, bytes]

    @property
    def release_id(self) -> str:
        """First 16 hexadecimal digits of the hash over the files and release.json without the id.

        Method: SHA-256 over the lines `<sha256>  <path>` in the order of the paths, release.json among them.
        """
        hashes = {entry["path"]: entry["sha256"] for entry in self._files()}
        hashes[MANIFEST] = sha256(as_json(self._contents()))
        lines = "".join(f"{hashes[path]}  {path}\n" for path in sorted(hashes))
        return sha256(lines.encode())[:ID_DIGITS]

    def manifest(self) -> bytes:
        """The bytes of release.json, id included."""
        return as_json({"id": self.release_id, **self._contents()})

    def _contents(self) -> dict[str, Any]:
        return {**self.body, "files": self._files()}

    def _files(self) -> list[dict[str, Any]]:
        return [
            {"path": path, "size": len(self.files[path]), "sha256": sha256(self.files[path])}
            for path in sorted(self.files)
        ]


def sha256(contents: bytes) -> str:
    """SHA-256 of bytes, in hexadecimal digits."""
    return hashlib.sha256(contents).hexdigest()


def as_json(contents: Any) -> bytes:
    """JSON as releases store it: UTF-8, two blanks of indent, a line feed at the end."""
    return (json.dumps(contents, ensure_ascii=False, indent=2) + "\n").encode()
