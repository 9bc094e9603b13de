"""Catalogue entries of tables: grain, key, columns with type, unit and meaning, one writer each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from keli.base.errors import CatalogueError, Place
from keli.model.documents import CATALOGUE, read_yaml

__all__ = ["CATALOGUE", "Column", "TableSpec", "table_specs"]


@dataclass(frozen=True)
class Column:
    """One column of a table: its type as the engine names it, whether it may be empty, unit and meaning."""

    name: str
    type: str
    meaning: str
    unit: str | None = None
    nullable: bool = False


@dataclass(frozen=True)
class TableSpec:
    """One table: where it lives, who writes it, what one row is, which columns name a row."""

    name: str
    title_zh: str
    writer: str
    place: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns in their order on file."""
        return tuple(column.name for column in self.columns)


def _table(path: Path) -> TableSpec:
    entry: dict[str, Any] = read_yaml(path)
    columns = tuple(
        Column(
            name,
            attributes["type"],
            attributes["meaning"],
            attributes.get("unit"),
            attributes.get("nullable", False),
        )
        for name, attributes in entry["columns"].items()
    )
    if entry["name"] != path.stem:
        raise CatalogueError(f'The table is called "{entry["name"]}".', where=Place(path.name), example=path.stem)
    return TableSpec(
        entry["name"],
        entry["title_zh"],
        entry["writer"],
        entry["place"],
        entry["grain"],
        tuple(entry["key"]),
        columns,
    )


@cache
def table_specs() -> dict[str, TableSpec]:
    """Return every table of the catalogue by name."""
    return {path.stem: _table(path) for path in sorted((CATALOGUE / "tables").glob("*.yaml"))}
