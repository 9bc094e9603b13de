"""YAML settings with the line of every entry, so that an error can say where it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from keli.base.errors import ConfigurationError, Place

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Located:
    """A settings file: its contents, and the line of every entry.

    Args:
        file: Its path as errors show it.
        contents: What it says.
        lines: Path to an entry, such as ("sources", 0, "kind") -> line.
    """

    file: str
    contents: Any
    lines: dict[Steps, int]

    def place(self, *steps: str | int) -> Place:
        """Return where an entry is; where it is absent, the nearest entry above it."""
        for length in range(len(steps), -1, -1):
            if steps[:length] in self.lines:
                return Place(self.file, self.lines[steps[:length]])
        return Place(self.file)


def read_located(path: Path) -> Located:
    """Read a YAML file with its lines.

    Raises:
        ConfigurationError: The file cannot be read, is no YAML, or names a key twice.
    """
    loader = yaml.SafeLoader(_text(path))
    try:
        node = loader.get_single_node()
        if node is None:
            return Located(str(path), {}, {(): 1})
        lines = dict(_lines(node, (), str(path)))
        return Located(str(path), loader.construct_document(node), lines)
    except yaml.MarkedYAMLError as problem:
        line = None if problem.problem_mark is None else problem.problem_mark.line + 1
        raise ConfigurationError(
            f"The file is not YAML: {problem.problem}.",
            where=Place(str(path), line),
            example='area: "440304"',
            next_step="Mend the indentation, quotes or brackets at this line; indent with blanks, not tabs.",
        ) from problem
    except ValueError as problem:
        raise ConfigurationError(
            f"A date in the file does not exist: {problem}.", where=Place(str(path)), example="received: 2022-03-01"
        ) from problem
    finally:
        loader.dispose()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise ConfigurationError(
            f"The settings file cannot be read: {problem.strerror}.",
            where=Place(str(path)),
            next_step="Give the folder that holds keli.yaml, or make one with: keli new DIR",
        ) from problem
    except UnicodeDecodeError as problem:
        raise ConfigurationError(
            "The settings file is not UTF-8 text.", where=Place(str(path)), next_step="Save it as UTF-8."
        ) from problem


def _lines(node: yaml.Node, steps: Steps, file: str) -> Iterator[tuple[Steps, int]]:
    yield steps, node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _lines(item, (*steps, number), file)
    if isinstance(node, yaml.MappingNode):
        _refuse_repeated_keys(node, file)
        for key, value in node.value:
            inner = (*steps, str(key.value))
            yield from _lines(value, inner, file)
            yield inner, key.start_mark.line + 1


def _refuse_repeated_keys(node: yaml.MappingNode, file: str) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        name = str(key.value)
        if name in seen:
            raise ConfigurationError(
                f'"{name}" stands twice in the same place.',
                where=Place(file, key.start_mark.line + 1),
                next_step="Keep one of the two.",
            )
        seen.add(name)
