"""A delivered file: its label, its hash and its format."""

from __future__ import annotations

import gzip
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from keli.base.errors import Place, SourceError
from keli.model.workspace import Source

CHUNK_BYTES = 1 << 20
GZIP_MAGIC, ZIP_MAGIC, PARQUET_MAGIC = b"\x1f\x8b", b"PK\x03\x04", b"PAR1"
OLD_EXCEL_MAGIC = b"\xd0\xcf\x11\xe0"
XLSX_SUFFIXES = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class Delivery:
    """One delivered file.

    Args:
        source: The source that it belongs to.
        path: Where it is.
        label: Its path relative to the workspace, as ledgers and errors show it.
    """

    source: Source
    path: Path
    label: str

    @property
    def place(self) -> Place:
        """The file as errors name it."""
        return Place(self.label)


def deliveries(source: Source, folder: Path) -> tuple[Delivery, ...]:
    """Return the files of a source, in the order of the source."""
    return tuple(Delivery(source, path, file_label(path, folder)) for path in source.files)


def file_label(path: Path, folder: Path) -> str:
    """Return the path of a file relative to the workspace, with forward slashes."""
    return Path(os.path.relpath(path, folder)).as_posix()


def sha256_of(path: Path) -> str:
    """Return the hash of a file as delivered."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def format_of(delivery: Delivery) -> str:
    """Return csv, xlsx or parquet, by the first bytes of the file and by its name.

    Raises:
        SourceError: The file is missing, or of a format that is not read.
    """
    magic = _first_bytes(delivery)
    if magic.startswith(OLD_EXCEL_MAGIC):
        raise SourceError(
            "This is an old or password-protected Excel file.",
            where=delivery.place,
            next_step="Open it in Excel or WPS and save it as .xlsx without a password, or as CSV UTF-8.",
        )
    suffix = delivery.path.suffix.lower()
    if magic.startswith(PARQUET_MAGIC) or suffix == ".parquet":
        return "parquet"
    if magic.startswith(ZIP_MAGIC) or suffix in XLSX_SUFFIXES:
        return "xlsx"
    return "csv"


def open_bytes(path: Path) -> BinaryIO:
    """Open a file for reading, unpacked where it is gzipped."""
    with path.open("rb") as stream:
        packed = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    return cast("BinaryIO", gzip.open(path, "rb") if packed else path.open("rb"))


def _first_bytes(delivery: Delivery) -> bytes:
    try:
        with delivery.path.open("rb") as stream:
            return stream.read(len(ZIP_MAGIC))
    except OSError as error:
        raise SourceError(
            f"The file cannot be opened: {error.strerror}.",
            where=delivery.place,
            next_step="Put the file there, or correct its path under files in keli.yaml.",
        ) from error
