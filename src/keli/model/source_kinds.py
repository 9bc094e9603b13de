"""Kinds of sources: the canonical columns that files are mapped to, and the vault table that each kind becomes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from keli.base.errors import CatalogueError, Place
from keli.model.tables import CATALOGUE, Column, TableSpec

ENGINE_TYPES = {
    "money": "decimal(18,2)",
    "date": "date",
    "year": "int32",
    "quarter": "int32",
    "number": "float64",
    "share": "float64",
}
LEDGER_COLUMNS = (
    Column("source", "string", "Name of the source in keli.yaml."),
    Column("file", "string", "File relative to the workspace."),
    Column("row", "int64", "Row in the file as a spreadsheet numbers it.", "row"),
    Column("received", "date", "Date on which the file was received."),
    Column("consolidated", "bool", "The figures are a consolidated group's."),
    Column("repaired", "bool", "A named rule changed a value of the row."),
)


@dataclass(frozen=True)
class SourceColumn:
    """One canonical column of a kind.

    Args:
        name: Canonical name.
        type: Type that the cleaning rules go by: text, name, uscc, gbt_code, activity, area, subdistrict, choice,
            date, money, year, quarter, number or share.
        label_zh: Name in Chinese.
        meaning: What it says.
        unit: Unit of the accepted value.
        required: A row without it is held back.
        aliases: Heads that files usually have for it.
        values: Choice -> other words for it.
        unknown: What happens to a word that is no choice: remove or quarantine.
        default: Value of an empty cell.
        non_negative: A value below zero is held back.
        positive: A value of zero or below is held back.
    """

    name: str
    type: str
    label_zh: str
    meaning: str
    unit: str | None = None
    required: bool = False
    aliases: tuple[str, ...] = ()
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unknown: str = "quarantine"
    default: str | None = None
    non_negative: bool = False
    positive: bool = False

    @property
    def engine_type(self) -> str:
        """The type of the accepted column."""
        return ENGINE_TYPES.get(self.type, "string")


@dataclass(frozen=True)
class SourceKind:
    """One kind of source.

    Args:
        name: Name that keli.yaml uses.
        title_zh: Name in Chinese.
        grain: What one row is.
        columns: Canonical columns in their order.
        one_of: Rule that holds a row back -> columns of which it needs at least one.
    """

    name: str
    title_zh: str
    grain: str
    columns: tuple[SourceColumn, ...]
    one_of: tuple[tuple[str, tuple[str, ...]], ...]

    def column(self, name: str) -> SourceColumn:
        """Return the canonical column called `name`."""
        return next(column for column in self.columns if column.name == name)

    @property
    def column_names(self) -> tuple[str, ...]:
        """The canonical columns in their order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Columns without which a row is held back."""
        return tuple(column.name for column in self.columns if column.required)


def accepted_table(kind: SourceKind) -> TableSpec:
    """Return the catalogue entry of the vault table that holds the accepted rows of a kind."""
    canonical = tuple(
        Column(column.name, column.engine_type, column.meaning, _unit(column), nullable=True) for column in kind.columns
    )
    return TableSpec(
        f"accepted_{kind.name}",
        f"{kind.title_zh}（已接收）",
        "sources",
        "vault",
        f"{kind.grain}, as accepted",
        ("source", "file", "row"),
        LEDGER_COLUMNS + canonical,
    )


@cache
def source_kinds() -> dict[str, SourceKind]:
    """Return every kind of the catalogue by name, registers first."""
    kinds = [_kind(path) for path in sorted((CATALOGUE / "sources").glob("*.yaml"))]
    return {kind.name: kind for kind in kinds}


def _unit(column: SourceColumn) -> str | None:
    return {"money": "yuan", "year": "year", "quarter": "quarter"}.get(column.type, column.unit)


def _kind(path: Path) -> SourceKind:
    entry: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    if entry["name"] != path.stem:
        raise CatalogueError(f'The kind is called "{entry["name"]}".', where=Place(path.name), example=path.stem)
    columns = tuple(_column(name, attributes) for name, attributes in entry["columns"].items())
    one_of = tuple((rule, tuple(group)) for rule, group in entry["one_of"].items())
    return SourceKind(entry["name"], entry["title_zh"], entry["grain"], columns, one_of)


def _column(name: str, attributes: dict[str, Any]) -> SourceColumn:
    lists = {"aliases": tuple(attributes.get("aliases", ()))}
    values = tuple((choice, tuple(words)) for choice, words in attributes.get("values", {}).items())
    return SourceColumn(name, **{**attributes, **lists, "values": values})
