"""One run at a time in a workspace: a lock that the system drops when its holder dies."""

from __future__ import annotations

import fcntl
import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keli.base.errors import BusyError, Place


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock while the block runs.

    Args:
        folder: The workspace's `vault/`.

    Raises:
        BusyError: Another run holds it; its process and user are named.
    """
    path = folder / ".lock"
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise BusyError(
                f"Another run holds this workspace: {lock.read().strip() or 'holder unknown'}.",
                where=Place(str(path)),
                next_step="Wait until it ends, or end it; a run that was killed holds nothing.",
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, user {_user()}\n")
        lock.flush()
        yield
        lock.truncate(0)


def _user() -> str:
    """Name of the user, or the number where the system knows no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
