"""The one place where failures of the engine and the machine become errors that teach."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
from ibis.common.exceptions import IbisError

from keli.base.errors import EngineError, Place

WHOLE = "Nothing was released; earlier releases are whole."
# What DuckDB makes of Ctrl-C while a query runs.
_INTERRUPTED = "Query interrupted"
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def explained(what: str, folder: Path) -> Iterator[None]:
    """Turn failures of the engine and the machine into errors that say what, where and what to do.

    Args:
        what: What was being done, such as "the stage link".
        folder: The workspace.

    Raises:
        EngineError: Memory or disk ran out, a file went away, or the engine refused the work.
        KeyboardInterrupt: The user stopped a query.
    """
    try:
        yield
    except RuntimeError as problem:
        if str(problem) == _INTERRUPTED:
            raise KeyboardInterrupt from problem
        raise
    except duckdb.InterruptException as problem:
        raise KeyboardInterrupt from problem
    except (MemoryError, duckdb.OutOfMemoryException) as problem:
        raise EngineError(
            f"Memory or spill space ran out in {what}: {_first_line(problem)} {WHOLE}",
            where=Place(str(folder)),
            next_step="Free memory and disk beside the vault, or account fewer years in one run; then run again.",
        ) from problem
    except OSError as problem:
        raise _machine_error(what, folder, problem) from problem
    except (duckdb.Error, pa.lib.ArrowException, IbisError) as problem:
        raise EngineError(
            f"The engine stopped in {what}: {_first_line(problem)} {WHOLE}",
            where=Place(str(folder)),
            next_step="Run `keli check`; if it finds nothing, report this with the output of `keli --debug run`.",
        ) from problem


def _machine_error(what: str, folder: Path, problem: OSError) -> EngineError:
    """The system refused a read or write: disk full, no right, file gone."""
    full = problem.errno in _DISK_FULL
    cause = "The disk is full" if full else f"The system refused: {problem.strerror or _first_line(problem)}"
    return EngineError(
        f"{cause} (in {what}). {WHOLE}",
        where=Place(str(problem.filename or folder)),
        next_step="Free space and run again." if full else "Check that the file is there and may be read and written.",
    )


def _first_line(problem: BaseException) -> str:
    """First line of the engine's message, closed by a full stop."""
    lines = str(problem).strip().splitlines() or [type(problem).__name__]
    return lines[0].rstrip(".") + "."
