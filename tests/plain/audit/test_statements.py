"""keli audit on statements: fields, printed strings, the published fixtures, lines that are no statements."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keli.base.errors import SourceError
from keli.model.catalogue import Catalogue
from keli.plain.audit.statements import audit_statements, told_of_statements


def audited(tmp_path: Path, catalogue: Catalogue, *lines: str) -> list[dict[str, Any]]:
    file, out = tmp_path / "statements.jsonl", tmp_path / "results.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    audit_statements(file, out, catalogue)
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_the_fields_of_an_answer(tmp_path: Path, catalogue: Catalogue) -> None:
    [answer] = audited(
        tmp_path, catalogue, '{"id": "L25", "rel": "density", "args": [9499, 78.66], "printed": 131, "dp": 0}'
    )
    assert (answer["id"], answer["verdict"], answer["assumption"]) == ("L25", "consistent_if", "other_denominator")
    assert answer["value"] == pytest.approx(120.7602, abs=1e-4)
    assert answer["lo"] < answer["value"] < answer["hi"]
    assert [round(end, 2) for end in answer["implied"]] == [72.24, 72.79]
    assert [other["assumption"] for other in answer["alternatives"]] == ["typing_slip"]


def test_figures_as_printed_strings(tmp_path: Path, catalogue: Catalogue) -> None:
    """More than 3亿元 in 215 orders is 139.5万元 each, and more."""
    answers = audited(
        tmp_path,
        catalogue,
        '{"id": 1, "rel": "mean", "args": ["超3亿元", "215笔"], "printed": "139.5万元"}',
        '{"rel": "subset", "args": ["58个"], "printed": "798个"}',
        '{"rel": "ratio", "args": ["42个", "210个"], "printed": "约20%"}',
    )
    assert [answer["verdict"] for answer in answers] == ["consistent"] * 3
    assert answers[0]["value"] == pytest.approx(139.53, abs=0.01)
    assert (answers[0]["id"], answers[1]["id"]) == (1, None)


def test_a_zero_at_the_end_counts(tmp_path: Path, catalogue: Catalogue) -> None:
    """15.0 says more than 15: the interval of its sum is narrower."""
    long, short = audited(
        tmp_path,
        catalogue,
        '{"id": "a", "rel": "sum", "args": [7.50, 7.50], "printed": 15.0}',
        '{"id": "b", "rel": "sum", "args": [7.5, 7.5], "printed": 15.0}',
    )
    assert long["hi"] - long["lo"] == pytest.approx(0.02)
    assert short["hi"] - short["lo"] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "is not JSON"),
        ("[1, 2]", '"rel" is missing'),
        ('{"rel": "sum", "printed": 1}', '"args" is missing'),
        ('{"rel": "sum", "args": 1, "printed": 1}', '"args" is not a list'),
        ('{"rel": "share", "args": [1, 2], "printed": 1}', "no relation"),
        ('{"rel": "sum", "args": [null], "printed": 1}', "null is neither a number"),
        ('{"rel": "sum", "args": ["viel"], "printed": 1}', "not read as a printed figure"),
        ('{"rel": "sum", "args": [1], "printed": 1, "dp": "x"}', '"dp" is not a whole number'),
    ],
)
def test_a_line_that_is_no_statement(tmp_path: Path, catalogue: Catalogue, line: str, what: str) -> None:
    with pytest.raises(SourceError, match=what) as error:
        audited(tmp_path, catalogue, '{"rel": "sum", "args": [1], "printed": 1}', line)
    assert error.value.where is not None
    assert error.value.where.row == 2


def test_files_that_hold_nothing(tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(SourceError, match="no such file"):
        audit_statements(tmp_path / "none.jsonl", tmp_path / "out", catalogue)
    (tmp_path / "empty.jsonl").write_text("\n\n", encoding="utf-8")
    with pytest.raises(SourceError, match="holds no statement"):
        audit_statements(tmp_path / "empty.jsonl", tmp_path / "out", catalogue)
    (tmp_path / "wide.jsonl").write_bytes("{}".encode("utf-16"))
    with pytest.raises(SourceError, match="not text in UTF-8"):
        audit_statements(tmp_path / "wide.jsonl", tmp_path / "out", catalogue)


@pytest.mark.real
def test_published_relations(tmp_path: Path, catalogue: Catalogue, shared: Path) -> None:
    """What agrees passes; what does not is named, and never passes silently."""
    file, out = shared / "data" / "auditor" / "relations.jsonl", tmp_path / "results.jsonl"
    counts = audit_statements(file, out, catalogue)
    cases = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    named = {
        "fail_revised_base": "revised_base", "fail_anomaly": "other_denominator", "fail_halfup": "other_denominator",
        "fail_denominator": "other_denominator", "fail_typo": "typing_slip", "fail_rounded_inputs": "inputs_rounded",
        "ok": None, "off_by_rounding": None,
    }  # fmt: skip
    for case, answer in zip(cases, answers, strict=True):
        assert answer["assumption"] == named[case["expect"]], case["id"]
        assert answer["value"] == pytest.approx(case["value"], abs=1e-4)
        assert (answer["verdict"] == "consistent") == (case["expect"] == "ok")
    assert told_of_statements(counts, out)[0] == (
        "25 statements: 18 consistent, 5 consistent_if, 1 consistent_rounding, 1 inconsistent."
    )
