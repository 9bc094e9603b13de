"""What keli protect is asked to do: SPEC.yaml, and the hierarchies that it names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keli.base.errors import Place, SourceError
from keli.model.catalogue import Catalogue
from keli.model.settings.located import read_located
from keli.model.settings.schema import check_schema
from keli.plain.files import open_plain, read_plain, require_columns

FOLLOWS = "See docs/commands.md, keli protect, for every key."
LATEST = 9999
COLLUDING = {"none": 0, "one": 1, "two": 2}
CHILD, PARENT = "child", "parent"
DEFAULTS: dict[str, Any] = {
    "protection_percent": 10, "zeros": "safe", "insider": "one", "method": "auto", "totals": "given",
    "intervals": False, "linked": [], "time_limit": float("inf"),
}  # fmt: skip


@dataclass(frozen=True)
class Dimension:
    """One dimension of a table.

    Args:
        column: Column of its codes.
        total: Code of its total.
        parents: Code -> code of its parent, for every code but the total; nothing where all lie below the total.
        file: The hierarchy's file, for messages.
    """

    column: str
    total: str
    parents: dict[str, str] | None
    file: str | None


@dataclass(frozen=True)
class Rule:
    """One rule of sensitivity.

    Args:
        name: min_count, dominance, p_percent or pq.
        terms: Its numbers.
    """

    name: str
    terms: dict[str, float]


@dataclass(frozen=True)
class Spec:
    """A SPEC file.

    Args:
        file: Where it is.
        dimensions: The dimensions.
        value: Column of the values.
        rules: When a cell is sensitive.
        options: All other keys, with their defaults.
    """

    file: Path
    dimensions: tuple[Dimension, ...]
    value: str
    rules: tuple[Rule, ...]
    options: dict[str, Any]

    @property
    def colluding(self) -> int:
        """How many holders work together."""
        return COLLUDING[self.options["insider"]]

    def beside(self, name: str) -> Path:
        """Return a file that the SPEC names, as seen from its folder."""
        return self.file.parent / name


def read_spec(path: Path, catalogue: Catalogue) -> Spec:
    """Read a SPEC file and its hierarchies.

    Raises:
        ConfigurationError: It is not as its schema says.
        SourceError: A hierarchy cannot be read or is no tree.
    """
    if not path.is_file():
        raise SourceError("There is no such SPEC file.", where=Place(str(path)), example="--spec SPEC.yaml")
    settings = read_located(path)
    check_schema(settings, "protection", FOLLOWS)
    contents = settings.contents
    dimensions = tuple(_dimension(path.parent, entry) for entry in contents["dimensions"])
    rules = tuple(_rule(entry) for entry in contents["rules"]) if "rules" in contents else default_rules(catalogue)
    options = DEFAULTS | {key: entry for key, entry in contents.items() if key not in ("dimensions", "value", "rules")}
    return Spec(path, dimensions, contents["value"], rules, options)


def default_rules(catalogue: Catalogue) -> tuple[Rule, ...]:
    """Return the rules that the line applies."""
    numbers = {
        name: float(catalogue.parameter(f"protection/{name}").at(LATEST))
        for name in ("min_count", "dominance_n", "dominance_k", "p_percent")
    }
    return (
        Rule("min_count", {"least": numbers["min_count"]}),
        Rule("dominance", {"n": numbers["dominance_n"], "k": numbers["dominance_k"]}),
        Rule("pq", {"p": numbers["p_percent"], "q": 100.0}),
    )


def _rule(entry: dict[str, Any]) -> Rule:
    (name, terms), *_ = entry.items()
    if name == "min_count":
        return Rule(name, {"least": float(terms)})
    if name == "p_percent":
        return Rule("pq", {"p": float(terms), "q": 100.0})
    return Rule(name, {term: float(number) for term, number in terms.items()})


def _dimension(folder: Path, entry: dict[str, Any]) -> Dimension:
    total = str(entry["total"])
    if "hierarchy" not in entry:
        return Dimension(entry["column"], total, None, None)
    path = folder / entry["hierarchy"]
    return Dimension(entry["column"], total, read_hierarchy(path, total), str(path))


def read_hierarchy(path: Path, total: str) -> dict[str, str]:
    """Read a hierarchy: child -> parent.

    Args:
        path: CSV file with the columns child and parent.
        total: The code above all others.

    Raises:
        SourceError: A cell is empty, a child has two parents, or a code does not lead to the total.
    """
    file = open_plain(path)
    require_columns(file, [CHILD, PARENT])
    table = read_plain(file, [CHILD, PARENT])
    parents: dict[str, str] = {}
    rows: dict[str, int] = {}
    for row, (child, parent) in enumerate(zip(table[CHILD].to_pylist(), table[PARENT].to_pylist(), strict=True), 2):
        if not child or not parent:
            if child == total:
                continue
            raise SourceError(
                "The hierarchy has an empty cell.", where=Place(str(path), row), example="440304001,440304"
            )
        if child in parents:
            raise SourceError(
                f'"{child}" has two parents: "{parents[child]}" in row {rows[child]} and "{parent}".',
                where=Place(str(path), row, CHILD),
                next_step="Keep one row for each child; a second grouping of the same codes is a linked table.",
            )
        parents[child], rows[child] = parent, row
    for child, row in rows.items():
        _check_leads_to_total(child, parents, total, Place(str(path), row, CHILD))
    return parents


def _check_leads_to_total(child: str, parents: dict[str, str], total: str, where: Place) -> None:
    code, steps = child, 0
    while code != total:
        if code not in parents:
            raise SourceError(
                f'"{child}" does not lead to the total "{total}": "{code}" has no parent.',
                where=where,
                example=f"{code},{total}",
                next_step="Add the missing row, or name the right total in the SPEC.",
            )
        code, steps = parents[code], steps + 1
        if steps > len(parents):
            raise SourceError(f'"{child}" is below itself.', where=where, next_step="Break the circle of parents.")
    if child == total:
        raise SourceError(f'The total "{total}" has a parent.', where=where, next_step="Leave out this row.")
