"""Habits that no linter rule names: nothing is swallowed, nothing is hidden, examples in docstrings hold."""

from __future__ import annotations

import ast
import doctest
import importlib
import io
import re
import tokenize
from pathlib import Path

import pytest

BROAD = {"Exception", "BaseException"}
LAST_RESORT = "src/keli/cli.py"
"""The one place that may catch everything: the edge of the command line, where no traceback may reach a person."""

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
SILENCED = re.compile(r"#\s*(noqa|type:\s*ignore)(?!\s*[:\[])")


def broad_catches(source: str) -> list[int]:
    """Return the lines that catch everything."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or any(isinstance(n, ast.Name) and n.id in BROAD for n in ast.walk(node.type)))
    ]


def comments(source: str) -> list[tuple[int, str]]:
    """Return the comments of a file with their lines."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]


def test_nothing_is_swallowed(all_code: list[Path], root: Path) -> None:
    broad = [
        f"{path.relative_to(root)}:{line}"
        for path in all_code
        if str(path.relative_to(root)) != LAST_RESORT
        for line in broad_catches(path.read_text(encoding="utf-8"))
    ]
    assert broad == []


def test_the_edge_catches_everything_once_at_most(root: Path) -> None:
    edge = (root / LAST_RESORT).read_text(encoding="utf-8")
    assert len(broad_catches(edge)) <= 1


def test_nothing_is_left_unfinished_or_silenced_wholesale(all_code: list[Path], root: Path) -> None:
    found = [
        f"{path.relative_to(root)}:{line} {text}"
        for path in all_code
        for line, text in comments(path.read_text(encoding="utf-8"))
        if UNFINISHED.search(text) or SILENCED.search(text)
    ]
    assert found == []


def test_examples_in_docstrings_hold(code: list[Path], root: Path) -> None:
    failed: list[str] = []
    tried = 0
    for path in code:
        if ">>>" not in path.read_text(encoding="utf-8"):
            continue
        name = ".".join(path.relative_to(root / "src").with_suffix("").parts)
        result = doctest.testmod(importlib.import_module(name))
        tried += result.attempted
        failed += [name] if result.failed else []
    assert tried > 0
    assert failed == []


@pytest.mark.parametrize(
    ("handler", "caught"), [("except Exception", 1), ("except", 1), ("except (OSError, ValueError)", 0)]
)
def test_a_broad_catch_is_found(handler: str, caught: int) -> None:
    assert len(broad_catches(f"try:\n    pass\n{handler}:\n    pass\n")) == caught


def test_a_silenced_line_is_found() -> None:
    bare, coded = "# type: " + "ignore", "# type: " + "ignore[misc]"
    assert SILENCED.search(bare)
    assert not SILENCED.search(coded)
