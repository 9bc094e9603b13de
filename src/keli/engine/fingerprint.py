"""Fingerprints: hashes of files, of the catalogue and of the code, and versions of the engine."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

import keli
from keli.model.documents import CATALOGUE

ENGINE_PACKAGES = ("duckdb", "ibis-framework", "pyarrow", "numpy", "pandas", "scipy", "scikit-learn")


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_sha256(files: dict[str, Path]) -> str:
    """SHA-256 over the lines `<sha256>  <name>` of several files in the order of their names."""
    lines = "".join(f"{file_sha256(files[name])}  {name}\n" for name in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()


@cache
def catalogue_sha256() -> str:
    """Fingerprint of the shipped catalogue."""
    return files_sha256({path.relative_to(CATALOGUE).as_posix(): path for path in CATALOGUE.rglob("*.*")})


@cache
def code_sha256() -> str:
    """Fingerprint of the package's source files: the code version that a version number alone does not tell."""
    folder = Path(keli.__file__).parent
    return files_sha256({path.relative_to(folder).as_posix(): path for path in folder.rglob("*.py")})


@cache
def engine_versions() -> dict[str, str]:
    """Versions of the libraries that compute and write figures."""
    return {package: metadata.version(package) for package in ENGINE_PACKAGES}
