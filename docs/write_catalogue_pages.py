"""Writes the pages docs/catalogue/ from the catalogue, or with --check tells whether they are up to date."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from keli.model.catalogue import Catalogue, load_catalogue
from keli.model.parameters import Parameter, ParameterValue
from keli.model.tables import TableSpec

PAGES = Path(__file__).resolve().parent / "catalogue"
NOTE = "<!-- Written by `make docs` from src/keli/catalogue: mend the entry there, not this page. -->"
MEANING = (
    "A value holds from its date until the next one. `verified: no` means that it was not compared with the "
    "document that its reference names; `keli check` lists these. A workspace may put a file of the same name "
    "into its own `catalogue/parameters/`."
)
PLACES = {"release": "Open tables, in a release", "vault": "Confidential tables, in the vault"}
INLINE = 300


def table_section(table: TableSpec) -> str:
    """Return one table: what a row is, who writes it, its columns."""
    lines = [
        f"### `{table.name}` {table.title_zh}",
        "",
        f"One row: {table.grain}. Written by `{table.writer}`. Key: {', '.join(table.key)}.",
        "",
        "| column | type | unit | meaning |",
        "|---|---|---|---|",
    ]
    for column in table.columns:
        kind = f"{column.type}, may be empty" if column.nullable else column.type
        lines.append(f"| {column.name} | {kind} | {column.unit or ''} | {cell(column.meaning)} |")
    return "\n".join(lines)


def cell(text: object) -> str:
    """Return text that fits into a cell of a table."""
    return str(text).replace("|", "\\|").replace("\n", " ").strip()


def shown(value: Any) -> str:
    """Return a value as it is written in its file; long ones are counted only."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= INLINE else f"{len(value)} entries"


def value_row(value: ParameterValue) -> str:
    """Return one dated value."""
    verified = "yes" if value.verified else "no"
    return f"| {value.valid_from} | {cell(shown(value.value))} | {cell(value.reference)} | {verified} |"


def parameter_section(parameter: Parameter) -> str:
    """Return one parameter: what it is, its unit, its dated values with their references."""
    return "\n".join((
        f"### `{parameter.name}` {parameter.label_zh}",
        "",
        f"{parameter.description.strip()} Unit: {parameter.unit}.",
        "",
        "| valid from | value | reference | verified |",
        "|---|---|---|---|",
        *(value_row(value) for value in parameter.values),
    ))  # fmt: skip


def tables_page(catalogue: Catalogue) -> str:
    """Return the page of all tables."""
    parts = ["# Tables", NOTE, "Every table has one writer; the stages declare what they read and write."]
    for place, title in PLACES.items():
        chosen = [table for _, table in sorted(catalogue.tables.items()) if table.place == place]
        parts += [f"## {title}", *(table_section(table) for table in chosen)]
    return "\n\n".join(parts) + "\n"


def parameters_page(catalogue: Catalogue) -> str:
    """Return the page of all parameters."""
    parts = [
        "# Parameters",
        NOTE,
        MEANING,
        *(parameter_section(parameter) for _, parameter in sorted(catalogue.parameters.items())),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> int:
    """Write the pages; with --check write nothing and return 1 where one is out of date."""
    catalogue = load_catalogue()
    pages = {"tables.md": tables_page(catalogue), "parameters.md": parameters_page(catalogue)}
    stale = [name for name, text in pages.items() if not (PAGES / name).exists() or (PAGES / name).read_text() != text]
    if "--check" in sys.argv:
        print("\n".join(f"docs/catalogue/{name} is out of date: call make docs" for name in stale))
        return 1 if stale else 0
    PAGES.mkdir(exist_ok=True)
    for name in stale:
        (PAGES / name).write_text(pages[name], encoding="utf-8")
        print(f"written      docs/catalogue/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
