"""Facts are data: each entry follows its schema, is dated and says where it comes from."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

SCHEMA_OF = {
    "codes": "head",
    "crosswalks": "head",
    "parameters": "parameter",
    "tables": "table",
    "sources": "source_kind",
    "rules": "rule",
    "indicators": "indicators",
}
"""Folder of the catalogue -> its schema."""

WORKSPACE_SCHEMAS = {"workspace", "protection", "index"}
"""Schemas of files of users, not of the catalogue."""

VAGUE = {"", "unknown", "tbd", "todo", "n/a", "none", "?", "domain.md"}
FACTS = {".yaml", ".csv", ".json"}


@pytest.fixture(scope="module")
def shelf(root: Path) -> Path:
    """The catalogue's folder."""
    return root / "src" / "keli" / "catalogue"


@pytest.fixture(scope="module")
def entries(shelf: Path) -> dict[Path, dict[str, Any]]:
    """Every entry of the catalogue by its place in it, dates as text."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {
        path.relative_to(shelf): plain(yaml.load(path.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506
        for path in sorted(shelf.rglob("*.yaml"))
    }


def plain(entry: Any) -> dict[str, Any]:
    """Return an entry as JSON sees it: dates become text, keys too."""
    told: dict[str, Any] = json.loads(json.dumps(entry, default=dt.date.isoformat, ensure_ascii=False))
    return told


def complaints(schema: dict[str, Any], entry: dict[str, Any]) -> list[str]:
    """Return what a schema has to say against an entry."""
    return [f"{error.json_path}: {error.message}"[:200] for error in Draft202012Validator(schema).iter_errors(entry)]


def test_the_catalogue_holds_facts_only(shelf: Path) -> None:
    held = {path for path in shelf.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {str(path.relative_to(shelf)) for path in held if path.suffix not in FACTS} == set()


def test_every_folder_has_a_schema_and_every_schema_a_use(shelf: Path) -> None:
    folders = {path.name for path in shelf.iterdir() if path.is_dir() and path.name != "schemas"}
    assert folders == set(SCHEMA_OF)
    schemas = {path.name.removesuffix(".schema.json") for path in (shelf / "schemas").iterdir()}
    assert schemas - WORKSPACE_SCHEMAS == set(SCHEMA_OF.values())


def test_schemas_are_schemas(shelf: Path) -> None:
    for path in (shelf / "schemas").glob("*.json"):
        Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_every_entry_follows_its_schema(shelf: Path, entries: dict[Path, dict[str, Any]]) -> None:
    schemas = {
        folder: json.loads((shelf / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
        for folder, name in SCHEMA_OF.items()
        if (shelf / "schemas" / f"{name}.schema.json").exists()
    }
    found = {str(path): complaints(schemas.get(path.parts[0], {}), entry) for path, entry in entries.items()}
    assert {path: said for path, said in found.items() if said} == {}


def test_every_entry_is_named_as_its_file(entries: dict[Path, dict[str, Any]]) -> None:
    for path, entry in entries.items():
        named = entry.get("table", entry.get("name")) if path.parts[0] != "rules" else path.stem
        expected = "/".join(path.with_suffix("").parts[1:])
        assert named == expected, path


def test_every_rule_has_a_name_of_its_own(entries: dict[Path, dict[str, Any]]) -> None:
    names = [rule["name"] for path, entry in entries.items() if path.parts[0] == "rules" for rule in entry["rules"]]
    assert names
    assert sorted(set(names)) == sorted(names)


def test_every_parameter_is_dated_with_unit_and_reference(entries: dict[Path, dict[str, Any]]) -> None:
    parameters = {path: entry for path, entry in entries.items() if path.parts[0] == "parameters"}
    assert parameters
    for path, entry in parameters.items():
        assert entry["unit"].strip(), path
        dates = [dt.date.fromisoformat(value["valid_from"]) for value in entry["values"]]
        assert dates == sorted(set(dates)), f"{path}: values in the order of their dates, one for each date"
        for value in entry["values"]:
            assert value["reference"].strip().lower() not in VAGUE, path
            assert isinstance(value["verified"], bool), path


def test_every_code_list_has_a_head_and_every_head_a_list(shelf: Path) -> None:
    for folder in ("codes", "crosswalks"):
        tables = {path.stem for path in (shelf / folder).glob("*.csv")}
        heads = {path.stem for path in (shelf / folder).glob("*.yaml")}
        assert tables == heads, folder
        assert tables, folder


def test_lists_are_rectangular_and_carry_no_prose(shelf: Path) -> None:
    for path in sorted(shelf.rglob("*.csv")):
        head, *rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        assert not [name for name in head if "description" in name], path
        assert {len(row) for row in rows} == {len(head)}, path
        assert len(rows) == len({tuple(row) for row in rows}), f"{path.name}: a row stands twice"


def test_a_wrong_entry_is_found(shelf: Path) -> None:
    schema = json.loads((shelf / "schemas" / "parameter.schema.json").read_text(encoding="utf-8"))
    undated = {"name": "a/b", "label_zh": "甲", "description": "d", "unit": "%", "values": [{"value": 1}]}
    assert any("valid_from" in said for said in complaints(schema, undated))
