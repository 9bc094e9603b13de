"""Errors that teach: what is wrong, where, a right example, what to do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where something is wrong: a file, and the row and column in it where known."""

    file: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """Return the place as `file:row, column "name"`."""
        row = "" if self.row is None else f":{self.row}"
        column = "" if self.column is None else f', column "{self.column}"'
        return f"{self.file}{row}{column}"


class KeliError(Exception):
    """A problem that the user can mend; shown as four lines, never as a traceback.

    Args:
        what: What is wrong, in plain words.
        where: The file, row and column, or nothing where no file is at fault.
        example: A right example of the same thing.
        next_step: What to do now.
    """

    exit_code = 1

    def __init__(
        self,
        what: str,
        *,
        where: Place | None = None,
        example: str | None = None,
        next_step: str | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.example = example
        self.next_step = next_step

    def __str__(self) -> str:
        """Return the message as it is printed, a line each for what, where, example and next step."""
        lines = [self.what]
        if self.where is not None:
            lines.append(f"  where:   {self.where}")
        if self.example is not None:
            lines.append(f"  example: {self.example}")
        if self.next_step is not None:
            lines.append(f"  next:    {self.next_step}")
        return "\n".join(lines)


class ConfigurationError(KeliError):
    """The workspace's `keli.yaml` or its local catalogue is wrong."""

    exit_code = 2


class SourceError(KeliError):
    """A delivered file cannot be read at all."""

    exit_code = 3


class CatalogueError(KeliError):
    """A fact in the catalogue is missing or contradicts another."""

    exit_code = 4


class ContractError(KeliError):
    """A stage wrote or read what its table's catalogue entry does not allow; a fault of Keli."""

    exit_code = 5


class NotClosedError(KeliError):
    """Two sums that must be equal are not; the run stops and releases nothing."""

    exit_code = 6


class ReleaseError(KeliError):
    """A release is missing, incomplete or asked for something that it does not hold."""

    exit_code = 7


class EngineError(KeliError):
    """The engine or the machine stopped the run: no memory, no disk, a file that went away."""

    exit_code = 8


class BusyError(KeliError):
    """Another run holds the workspace."""

    exit_code = 9
