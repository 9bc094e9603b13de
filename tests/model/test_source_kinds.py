"""Kinds of sources and rules of intake: complete, described, consistent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from keli.line.sources.cleaning.cells import READERS
from keli.line.sources.cleaning.tidy import OPERATIONS
from keli.model.rules import rule_book
from keli.model.source_kinds import accepted_table, source_kinds
from keli.model.tables import CATALOGUE, table_specs

KINDS = [
    "annual_return",
    "controls",
    "decision",
    "frame",
    "prices",
    "quarterly_return",
    "register",
    "split_evidence",
    "tax",
]


def documents() -> list[tuple[Path, str]]:
    return [
        (path, schema)
        for folder, schema in (("sources", "source_kind"), ("rules", "rule"))
        for path in sorted((CATALOGUE / folder).glob("*.yaml"))
    ]


@pytest.mark.parametrize(("path", "schema"), documents(), ids=lambda value: getattr(value, "stem", value))
def test_files_follow_their_schema(path: Path, schema: str) -> None:
    rules: dict[str, Any] = json.loads((CATALOGUE / "schemas" / f"{schema}.schema.json").read_text(encoding="utf-8"))
    contents = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
    assert [problem.message for problem in Draft202012Validator(rules).iter_errors(contents)] == []


def test_the_nine_kinds() -> None:
    assert sorted(source_kinds()) == KINDS
    for kind in source_kinds().values():
        for _, group in kind.one_of:
            assert set(group) <= set(kind.column_names)
        assert {column.type for column in kind.columns} <= set(READERS)
        heads = [head for column in kind.columns for head in (column.label_zh, *column.aliases)]
        assert len(heads) == len(set(heads)), kind.name


def test_accepted_rows_of_returns_match_the_table_of_returns() -> None:
    accepted = {column.name: column.type for column in accepted_table(source_kinds()["annual_return"]).columns}
    returns = {column.name: column.type for column in table_specs()["returns"].columns}
    shared = set(returns) - {"unit_id", "period"}
    assert {name: accepted[name] for name in shared} == {name: returns[name] for name in shared}


def test_rules_are_complete() -> None:
    book = rule_book()
    assert {rule.settings["operation"] for rule in book.tidy} <= set(OPERATIONS)
    assert set(book.plain) >= {column.type for kind in source_kinds().values() for column in kind.columns}
    assert all(rule.description and rule.suggestion for rule in book.held_back())
    groups = {rule for kind in source_kinds().values() for rule, _ in kind.one_of}
    assert groups <= {rule.name for rule in book.held_back()}
