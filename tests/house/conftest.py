"""What the house rules look at: the files of the project, the code, the stages."""

from __future__ import annotations

import importlib
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from keli.model.tables import TableSpec, table_specs

ROOT = Path(__file__).resolve().parents[2]
STAGES = ("sources", "link", "register", "classify", "account", "cover", "analyse", "protect", "publish")
"""The stages in the order of the design; the flow must agree."""

NOT_OURS = {".git", ".venv", ".artifacts", ".cache", ".hypothesis", "__pycache__", "build", "dist", "sample-district"}


def project_files(root: Path) -> list[Path]:
    """Return the files that the project consists of: tracked ones, or all where nothing is tracked."""
    git = shutil.which("git")
    listed = ""
    if git is not None and (root / ".git").exists():
        command = [git, "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    if listed:
        return sorted(root / name for name in listed.splitlines() if (root / name).is_file())
    return sorted(
        path for path in root.rglob("*") if path.is_file() and not NOT_OURS & set(path.relative_to(root).parts)
    )


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def files() -> list[Path]:
    """All files of the project."""
    return project_files(ROOT)


@pytest.fixture(scope="session")
def code(files: list[Path]) -> list[Path]:
    """All Python files of the package."""
    return [path for path in files if path.suffix == ".py" and path.is_relative_to(ROOT / "src")]


@pytest.fixture(scope="session")
def all_code(files: list[Path]) -> list[Path]:
    """All Python files: the package, its tests, benchmarks and docs."""
    return [path for path in files if path.suffix == ".py"]


@pytest.fixture(scope="session")
def stages() -> dict[str, ModuleType]:
    """The door of each stage by its name, in order."""
    return {name: importlib.import_module(f"keli.line.{name}.stage") for name in STAGES}


@pytest.fixture(scope="session")
def tables() -> dict[str, TableSpec]:
    """The shipped catalogue's tables, those of the source kinds included."""
    catalogue = importlib.import_module("keli.model.catalogue")
    specs: dict[str, TableSpec] = catalogue.load_catalogue().tables
    return {**table_specs(), **specs}
