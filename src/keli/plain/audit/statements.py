"""keli audit STATEMENTS.jsonl: one statement a line in, one verdict a line out."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from keli.base.errors import KeliError, Place, SourceError
from keli.base.printed import Interval, printed_number, read_printed
from keli.methods.printed_relations.assumptions import Explanation
from keli.methods.printed_relations.verdicts import Figure, Judgement, judged
from keli.model.catalogue import Catalogue
from keli.plain.audit.rules import AuditRules, audit_rules

EXAMPLE = '{"id": "F05", "rel": "ratio", "args": [4037, 127555], "printed": 3.2, "dp": 1}'
FIELDS = ("rel", "args", "printed")


def audit_statements(file: Path, out: Path, catalogue: Catalogue) -> Counter[str]:
    """Audit a file of statements.

    Args:
        file: JSON lines: `id`, `rel`, `args`, `printed`, `dp`; figures as numbers or as printed strings.
        out: JSON lines: `id`, `verdict`, `value`, `lo`, `hi`, `assumption`, `implied`, `note`, `alternatives`; figures
            in the unit of the printed one.
        catalogue: Facts.

    Returns:
        Number of statements by verdict.

    Raises:
        SourceError: A line is no statement, by its number.
    """
    rules = audit_rules(catalogue)
    answers = [_answered(statement, place, rules) for place, statement in _statements(file)]
    lines = [json.dumps(answer, ensure_ascii=False) for answer in answers]
    out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return Counter(str(answer["verdict"]) for answer in answers)


def told_of_statements(verdicts: Counter[str], out: Path) -> list[str]:
    """What the audit says on the terminal."""
    counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    return [f"{sum(verdicts.values())} statements: {counts}.", f"Verdicts with what explains them: {out}"]


def _statements(file: Path) -> list[tuple[Place, dict[str, Any]]]:
    if not file.is_file():
        raise SourceError(
            "There is no such file.", where=Place(str(file)), example="keli audit statements.jsonl --out results.jsonl"
        )
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise SourceError("The file is not text in UTF-8.", where=Place(str(file)), example=EXAMPLE) from problem
    lines = [(Place(str(file), row), line) for row, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise SourceError("The file holds no statement.", where=Place(str(file)), example=EXAMPLE)
    return [(place, _parsed(line, place)) for place, line in lines]


def _parsed(line: str, place: Place) -> dict[str, Any]:
    try:
        statement = json.loads(line, parse_float=Decimal, parse_int=Decimal)
    except json.JSONDecodeError as problem:
        raise SourceError(f"The line is not JSON: {problem.msg}.", where=place, example=EXAMPLE) from problem
    missing = [name for name in FIELDS if not isinstance(statement, dict) or name not in statement]
    if missing or not isinstance(statement["args"], list):
        told = f'"{missing[0]}" is missing' if missing else '"args" is not a list'
        raise SourceError(f"The statement is not whole: {told}.", where=place, example=EXAMPLE)
    return dict(statement)


def _answered(statement: dict[str, Any], place: Place, rules: AuditRules) -> dict[str, Any]:
    try:
        printed = _figure(statement["printed"], rules, statement.get("dp"))
        args = [_figure(arg, rules) for arg in statement["args"]]
        judgement = judged(str(statement["rel"]), args, printed, rules.limits, rules.convention)
    except KeliError as problem:
        raise SourceError(
            problem.what, where=place, example=problem.example or EXAMPLE, next_step=problem.next_step
        ) from problem
    return {"id": _plain(statement.get("id")), **answer(judgement, printed.printed.multiple)}


def _figure(given: Any, rules: AuditRules, decimals: Any = None) -> Figure:
    """A figure given as a number, or as a printed string."""
    if not (decimals is None or (isinstance(decimals, Decimal) and decimals == int(decimals) and decimals >= 0)):
        raise KeliError('"dp" is not a whole number of decimals.', example='"dp": 1')
    if isinstance(given, Decimal):
        return rules.figure(printed_number(given, None if decimals is None else int(decimals)))
    if isinstance(given, str):
        return rules.figure(read_printed(given, rules.words))
    raise KeliError(f"{json.dumps(given, default=str)} is neither a number nor a printed figure.")


def answer(judgement: Judgement, unit: int = 1) -> dict[str, Any]:
    """Return a judgement as plain fields, figures in a unit."""
    first = judgement.explanations[0] if judgement.explanations else None
    return {
        "verdict": str(judgement.verdict),
        "value": float(judgement.value / unit),
        "lo": float(judgement.between.low / unit),
        "hi": float(judgement.between.high / unit),
        "assumption": None if first is None else first.name,
        "implied": _ends(judgement.between if first is None else first.implied),
        "note": None if first is None else first.words,
        "alternatives": [_alternative(other) for other in judgement.explanations[1:]],
    }


def _alternative(explanation: Explanation) -> dict[str, Any]:
    return {"assumption": explanation.name, "implied": _ends(explanation.implied), "note": explanation.words}


def _ends(interval: Interval) -> list[float]:
    return [float(interval.low), float(interval.high)]


def _plain(identifier: Any) -> Any:
    return int(identifier) if isinstance(identifier, Decimal) and identifier == int(identifier) else identifier
