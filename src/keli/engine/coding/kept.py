"""Files that can be made again: written whole or not at all, kept between runs in the user's cache folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from keli.engine.fingerprint import catalogue_sha256, code_sha256

CACHE = "KELI_CACHE"


def kept(name: str, make: Callable[[], bytes], *, made_from: str) -> bytes:
    """Return what was made by this code from the same before, or make it now and keep it.

    Args:
        name: What it is, such as industry_coder.
        make: Makes it; the same code, catalogue and `made_from` must give the same bytes.
        made_from: Text of what else it is made from, such as parameters of a workspace.
    """
    path = kept_file(name, made_from)
    if path is None:
        return make()
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


def kept_file(name: str, made_from: str) -> Path | None:
    """The file of something kept, there or not yet; none where the user has no folder to keep things in.

    Args:
        name: What it is.
        made_from: Text of what else it is made from.
    """
    folder = cache_folder()
    made = "\n".join((catalogue_sha256(), code_sha256(), made_from))
    return None if folder is None else folder / f"{name}_{hashlib.sha256(made.encode()).hexdigest()[:32]}"


def contents_of(path: Path) -> bytes:
    """The bytes of a file that a user made.

    Args:
        path: The file.
    """
    return path.read_bytes()


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


def cache_folder() -> Path | None:
    """Folder of what can be made again: KELI_CACHE, else keli below the user's cache folder, if there is one."""
    named, general = os.environ.get(CACHE), os.environ.get("XDG_CACHE_HOME")
    if named:
        return Path(named)
    if general:
        return Path(general) / "keli"
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() fails where there is no home; this stays "~"
    return home / ".cache" / "keli" if home.is_absolute() and home != home.parent else None
