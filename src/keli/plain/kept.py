"""Files that can be made again: written whole or not at all, kept between runs in the user's cache folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from keli.engine.fingerprint import catalogue_sha256, code_sha256

CACHE = "KELI_CACHE"


def kept(name: str, make: Callable[[], bytes]) -> bytes:
    """Return what was made by this code from this catalogue before, or make it now and keep it.

    Args:
        name: What it is, such as industry_coder.
        make: Makes it; the same code and catalogue must give the same bytes.
    """
    path = cache_folder() / f"{name}_{catalogue_sha256()[:16]}_{code_sha256()[:16]}"
    if path.is_file():
        return path.read_bytes()
    contents = make()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, contents)
    except OSError:
        # A folder that cannot be written costs the time of making it again, nothing else.
        return contents
    return contents


def write_whole(path: Path, contents: bytes) -> None:
    """Write a file, whole or not at all.

    Args:
        path: The file.
        contents: Its bytes.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(contents)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def cache_folder() -> Path:
    """Folder of what can be made again: KELI_CACHE, else keli below the user's cache folder."""
    named = os.environ.get(CACHE)
    general = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(named) if named else general / "keli"
