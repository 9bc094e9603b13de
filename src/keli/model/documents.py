"""Catalogue files as read: YAML checked against its schema, CSV with known columns."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from keli.base.errors import CatalogueError, KeliError, Place

CATALOGUE = Path(__file__).resolve().parent.parent / "catalogue"

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path, error: type[KeliError] = CatalogueError) -> Any:
    """Return the contents of a YAML file.

    Args:
        path: The file.
        error: The error to raise: `ConfigurationError` for files of a workspace.

    Raises:
        KeliError: The file is missing, not UTF-8 or not YAML.
    """
    try:
        return yaml.load(_text(path, error), Loader=_LOADER)  # noqa: S506 - both are safe loaders
    except ValueError as problem:
        raise error(
            f"A date in the file does not exist: {problem}.", where=Place(str(path)), example="valid_from: 2021-01-01"
        ) from problem
    except yaml.MarkedYAMLError as problem:
        line = None if problem.problem_mark is None else problem.problem_mark.line + 1
        raise error(
            f"The file is not YAML: {problem.problem}.",
            where=Place(str(path), line),
            example="unit: person",
            next_step="Mend the indentation, quotes or brackets at this line.",
        ) from problem


def read_checked(path: Path, schema: str, error: type[KeliError] = CatalogueError) -> dict[str, Any]:
    """Return the contents of a YAML file after checking it against a schema of catalogue/schemas.

    Args:
        path: The file.
        schema: Name of the schema, such as `parameter`.
        error: The error to raise.

    Raises:
        KeliError: The file does not follow the schema; the entry at fault is named.
    """
    contents = read_yaml(path, error)
    plain = json.loads(json.dumps(contents, default=str))
    problem = next(
        iter(sorted(_validator(schema).iter_errors(plain), key=lambda found: list(map(str, found.path)))), None
    )
    if problem is not None:
        raise error(
            f"{entry_name(list(problem.absolute_path))}: {problem.message}.",
            where=Place(str(path)),
            next_step=f"Compare with a shipped file of the same kind (schema {schema}.schema.json).",
        )
    checked: dict[str, Any] = contents
    return checked


def entry_name(path: list[str | int]) -> str:
    """Return the place of an entry in a file as one writes it.

    >>> entry_name(["values", 1, "reference"]), entry_name([])
    ('values[1].reference', 'the file')
    """
    name = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return name.removeprefix(".") or "the file"


def read_rows(
    path: Path, columns: tuple[str, ...], error: type[KeliError] = CatalogueError
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a small CSV file with their numbers as a spreadsheet shows them.

    Args:
        path: The file, UTF-8 or GB18030, with or without a byte-order mark.
        columns: Columns that must be there; others are ignored. Values are stripped of blanks around them.
        error: The error to raise.

    Raises:
        KeliError: A column is missing from the head, or a row has not as many cells as the head.
    """
    reader = csv.reader(io.StringIO(_text(path, error), newline=""))
    try:
        head = [cell.strip() for cell in next(reader, [])]
        _check_head(head, columns, path, error)
        for row in reader:
            if any(cell.strip() for cell in row):
                _check_width(row, head, Place(str(path), reader.line_num), error)
                yield reader.line_num, {name: cell.strip() for name, cell in zip(head, row, strict=False)}
    except csv.Error as problem:
        raise error(
            f"The file is not CSV: {problem}.",
            where=Place(str(path), reader.line_num),
            next_step="Look for a quotation mark that is not closed.",
        ) from problem


def _check_head(head: list[str], columns: tuple[str, ...], path: Path, error: type[KeliError]) -> None:
    missing = [column for column in columns if column not in head]
    if missing:
        raise error(
            f'The column "{missing[0]}" is missing; the head has: {", ".join(head) or "nothing"}.',
            where=Place(str(path), 1, missing[0]),
            example=",".join(columns),
            next_step="Name the columns as in the example.",
        )


def _check_width(row: list[str], head: list[str], where: Place, error: type[KeliError]) -> None:
    """Refuse a row that a stray or missing comma has shifted."""
    if len(row) < len(head) or any(cell.strip() for cell in row[len(head) :]):
        raise error(
            f"The row has {len(row)} cells, the head {len(head)}.",
            where=where,
            next_step="Add or remove commas; put a text that holds a comma in quotation marks.",
        )


def _text(path: Path, error: type[KeliError]) -> str:
    """Contents of a text file; UTF-8 first, then GB18030 as spreadsheets save it."""
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise error(
            f"The file cannot be read: {problem.strerror}.",
            where=Place(str(path)),
            next_step="Check the path and the right to read it.",
        ) from problem
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise error("The file is neither UTF-8 nor GB18030 text.", where=Place(str(path)), next_step="Save it as UTF-8.")


@cache
def _validator(schema: str) -> Draft202012Validator:
    path = CATALOGUE / "schemas" / f"{schema}.schema.json"
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
