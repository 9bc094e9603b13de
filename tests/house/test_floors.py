"""What import-linter cannot see: parts of outside packages, the doors of stages, rooms that do not stand yet."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest

ENGINES = ("duckdb", "pyspark", "ibis.backends")
FILE_READERS = ("open", "read_text", "read_bytes", "write_text", "write_bytes")
OUTSIDE_ROOM = "web"
CLOSED_TO_THE_OUTSIDE = {"keli.line", "keli.engine.vault"}


def imports(source: str) -> set[str]:
    """Return every module that a file imports, as written: `a.b` for `import a.b` and for `from a import b`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def lies_in(module: str, package: str) -> bool:
    """Tell whether a module is the package or lies in it."""
    return module == package or module.startswith(f"{package}.")


def room(path: Path, root: Path) -> str:
    """Return the room of a file: `base`, `line`, `cli` ..."""
    return path.relative_to(root / "src" / "keli").parts[0].removesuffix(".py")


@pytest.fixture(scope="module")
def contracts(root: Path) -> list[dict[str, Any]]:
    """The contracts of import-linter."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return found


def test_engines_are_entered_in_the_engine_only(code: list[Path], root: Path) -> None:
    outside = [
        f"{path.relative_to(root)} imports {module}"
        for path in code
        if room(path, root) != "engine"
        for module in sorted(imports(path.read_text(encoding="utf-8")))
        if any(lies_in(module, engine) for engine in ENGINES)
    ]
    assert outside == []


def test_the_flow_enters_a_stage_through_its_door(root: Path) -> None:
    flow = root / "src" / "keli" / "line" / "flow.py"
    assert flow.exists()
    inside = {module for module in imports(flow.read_text(encoding="utf-8")) if lies_in(module, "keli.line")}
    beside = {m for m in inside if len(m.split(".")) > 2 and not m.endswith(".stage")}
    packages = {m.removesuffix(".stage") for m in inside if m.endswith(".stage")}
    assert beside - packages == set()


def test_only_the_sources_and_the_releases_touch_files(code: list[Path], root: Path) -> None:
    """Stages between the first and the last work on tables only; methods work on nothing outside."""
    pure = ("link", "register", "classify", "account", "cover", "analyse", "protect")
    rooms = [root / "src/keli/line" / name for name in pure] + [root / "src/keli/methods"]
    touching = [
        f"{path.relative_to(root)} calls {name}"
        for path in code
        if any(path.is_relative_to(folder) for folder in rooms)
        for name in calls(path.read_text(encoding="utf-8"))
        if name in FILE_READERS
    ]
    assert touching == []


def calls(source: str) -> list[str]:
    """Return the last name of every call."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func
            found.append(getattr(called, "attr", getattr(called, "id", "")))
    return found


def test_every_room_stands_on_a_floor(code: list[Path], contracts: list[dict[str, Any]], root: Path) -> None:
    floors = next(contract for contract in contracts if contract["name"] == "floors")
    assert floors["exhaustive"] is True
    named = {part.strip(" ()") for layer in floors["layers"] for part in layer.split("|")}
    assert {room(path, root) for path in code} - {"__init__"} <= named


def test_the_outside_room_is_walled_off_when_it_stands(
    code: list[Path], contracts: list[dict[str, Any]], root: Path
) -> None:
    if OUTSIDE_ROOM not in {room(path, root) for path in code}:
        named = " ".join(part for contract in contracts for part in contract.get("layers", []))
        assert f"({OUTSIDE_ROOM})" in named
        return
    walls = [c for c in contracts if c.get("source_modules") == [f"keli.{OUTSIDE_ROOM}"]]
    assert any(set(wall["forbidden_modules"]) >= CLOSED_TO_THE_OUTSIDE for wall in walls)


def test_no_contract_is_pierced(contracts: list[dict[str, Any]]) -> None:
    assert [contract["name"] for contract in contracts if contract.get("ignore_imports")] == []


def test_imports_are_found_in_both_forms() -> None:
    assert imports("import ibis.backends as b\nfrom duckdb import connect\n") == {
        "ibis.backends",
        "duckdb",
        "duckdb.connect",
    }
