"""What keli index is asked to do: SPEC.yaml, read and checked before the data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from keli.base.errors import ConfigurationError, Place
from keli.methods.composite.ranks import Array
from keli.methods.composite.tree import Node
from keli.model.settings.located import Located, Steps, read_located
from keli.model.settings.schema import check_schema
from keli.plain.index.options import check_options

FOLLOWS = "See docs/methods/composite_index.md for every key, with an example of each."
SECTIONS = ("imputation", "treatment", "normalisation", "weights", "aggregation")
DEFAULTS: dict[str, dict[str, Any]] = {
    "imputation": {"method": "none"}, "treatment": {"method": "none"}, "normalisation": {"method": "minmax"},
    "aggregation": {"method": "arithmetic"},
}  # fmt: skip
Choices = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Indicator:
    """One indicator of the tree.

    Args:
        column: Its column of the data, and its name.
        place: Where the SPEC names it.
        terms: Its keys.
    """

    column: str
    place: Place
    terms: dict[str, Any]

    def number(self, key: str, default: float = float("nan")) -> float:
        """Return a key as a number."""
        return float(self.terms.get(key, default))


@dataclass(frozen=True)
class Branch:
    """What the SPEC says of one branch of the tree.

    Args:
        place: Where it stands.
        terms: Its keys.
        given: Weights that its parts state, by their names.
    """

    place: Place
    terms: dict[str, Any]
    given: dict[str, float]


@dataclass(frozen=True)
class Spec:
    """A SPEC file.

    Args:
        settings: The file with its lines.
        top: The tree.
        indicators: Its indicators, by column of the table of scores.
        branches: Its branches by name.
        choices: Method and options of every section.
    """

    settings: Located
    top: Node
    indicators: tuple[Indicator, ...]
    branches: dict[str, Branch]
    choices: Choices = field(default_factory=dict)

    def key(self, name: str, default: Any = None) -> Any:
        """Return a key of the file."""
        return self.settings.contents.get(name, default)

    def numbers(self, key: str, default: float = float("nan")) -> Array:
        """Return a key of all indicators, one number each."""
        return np.array([indicator.number(key, default) for indicator in self.indicators])

    @property
    def drawn(self) -> dict[str, Any]:
        """Choices that the uncertainty analysis draws from."""
        drawn: dict[str, Any] = self.key("uncertainty", {}).get("vary", {})
        return drawn


def read_spec(path: Path) -> Spec:
    """Read and check a SPEC file.

    Args:
        path: The file.

    Raises:
        ConfigurationError: A key or a value is not right, a name stands twice, weights do not add up, or choices do not
            go together; with the line.
    """
    settings = read_located(path)
    check_schema(settings, "index", FOLLOWS)
    branches: dict[str, Branch] = {}
    indicators: list[Indicator] = []
    top = _node(settings, ("index",), branches, indicators)
    choices = {name: settings.contents[name] for name in SECTIONS if name in settings.contents}
    spec = Spec(settings, top, tuple(indicators), branches, {**DEFAULTS, **choices})
    check_options(settings, list(_said(spec)))
    return spec


def _node(settings: Located, steps: Steps, branches: dict[str, Branch], indicators: list[Indicator]) -> Node:
    """The tree below an entry; its branches and indicators are noted."""
    entry: Any = settings.contents
    for step in steps:
        entry = entry[step]
    name = str(entry.get("indicator", entry.get("name")))
    place = settings.place(*steps)
    if name in branches or name in {indicator.column for indicator in indicators}:
        raise ConfigurationError(
            f'"{name}" stands twice in the tree.', where=place, next_step="Give every branch a name of its own."
        )
    if "indicator" in entry:
        indicators.append(Indicator(name, place, entry))
        return Node(name, column=len(indicators) - 1)
    given = {
        str(part.get("indicator", part.get("name"))): float(part["weight"])
        for part in entry["parts"]
        if "weight" in part
    }
    branches[name] = Branch(settings.place(*steps, "name"), entry, given)
    parts = tuple(
        _node(settings, (*steps, "parts", number), branches, indicators) for number in range(len(entry["parts"]))
    )
    return Node(name, parts)


def _said(spec: Spec) -> Iterator[tuple[str, dict[str, Any], Steps]]:
    """Every method that the SPEC names, with its section and its place."""
    contents = spec.settings.contents
    yield from ((name, contents[name], (name,)) for name in SECTIONS if name in contents)
    for name in SECTIONS:
        for number, choice in enumerate(spec.drawn.get(name, ())):
            yield name, choice, ("uncertainty", "vary", name, number)
    yield from _said_in(contents["index"], ("index",))


def _said_in(entry: dict[str, Any], steps: Steps) -> Iterator[tuple[str, dict[str, Any], Steps]]:
    yield from ((name, entry[name], (*steps, name)) for name in ("weights", "aggregation") if name in entry)
    for number, part in enumerate(entry.get("parts", ())):
        yield from _said_in(part, (*steps, "parts", number))
