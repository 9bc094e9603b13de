"""A function fits on a card, a file on a few pages, a folder on a glance."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

FUNCTION_LINES = 40
FILE_LINES = 400
FOLDER_FILES = 12
BASE_FILES = 6

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(source: str) -> list[Function]:
    """Return every function of a file, nested ones and methods too."""
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, Function)]


def length(function: Function) -> int:
    """Lines of a function from its `def` to its end, the docstring left out."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def without_docstring(source: str) -> list[str]:
    """Return what has no docstring: the file, its classes, its public functions and methods."""
    tree = ast.parse(source)
    named = [node for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef)]
    public = [node for node in named if not node.name.startswith("_")]
    inner = {child for node in named if isinstance(node, Function) for child in ast.walk(node) if child is not node}
    bare = [node.name for node in public if ast.get_docstring(node) is None and node not in inner]
    return ([] if ast.get_docstring(tree) else ["<file>"]) + bare


def test_functions_fit_on_a_card(all_code: list[Path], root: Path) -> None:
    too_long = [
        f"{path.relative_to(root)}:{function.lineno} {function.name} has {length(function)} lines"
        for path in all_code
        for function in functions(path.read_text(encoding="utf-8"))
        if length(function) > FUNCTION_LINES
    ]
    assert too_long == []


def test_files_fit_on_a_few_pages(all_code: list[Path], root: Path) -> None:
    lines = {path.relative_to(root): len(path.read_text(encoding="utf-8").splitlines()) for path in all_code}
    assert {str(path): count for path, count in lines.items() if count > FILE_LINES} == {}


def test_a_folder_is_taken_in_at_a_glance(all_code: list[Path], root: Path) -> None:
    counted = Counter(path.parent for path in all_code if path.name != "__init__.py")
    assert {str(folder.relative_to(root)): n for folder, n in counted.items() if n > FOLDER_FILES} == {}


def test_the_ground_floor_stays_small(code: list[Path]) -> None:
    base = [path.name for path in code if path.parent.name == "base" and path.name != "__init__.py"]
    assert 0 < len(base) <= BASE_FILES, base


def test_everything_public_is_described(code: list[Path], root: Path) -> None:
    bare = [
        f"{path.relative_to(root)}: {name}"
        for path in code
        for name in without_docstring(path.read_text(encoding="utf-8"))
    ]
    assert bare == []


def test_the_door_of_a_room_is_one_sentence(code: list[Path], root: Path) -> None:
    doors = [path for path in code if path.name == "__init__.py" and path.parent != root / "src" / "keli"]
    heavy = [str(path) for path in doors if len(ast.parse(path.read_text(encoding="utf-8")).body) != 1]
    assert heavy == []


def test_every_folder_of_code_has_a_door(code: list[Path], root: Path) -> None:
    folders = {path.parent for path in code}
    assert [str(f.relative_to(root)) for f in sorted(folders) if not (f / "__init__.py").exists()] == []


@pytest.mark.parametrize(("body", "expected"), [(1, 2), (40, 41)])
def test_length_counts_the_def_line_and_leaves_the_docstring_out(body: int, expected: int) -> None:
    source = 'def f():\n    """Two\n    lines."""\n' + "    x = 1\n" * body
    assert [length(function) for function in functions(source)] == [expected]


def test_a_bare_function_is_found() -> None:
    assert without_docstring('"""File."""\ndef a():\n    def inner(): ...\ndef _b(): ...\n') == ["a"]
