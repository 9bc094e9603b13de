"""keli audit: do printed figures agree with each other?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, TextIO, cast

import typer

from keli.base.errors import ConfigurationError
from keli.model.catalogue import load_catalogue
from keli.plain.audit.statements import audit_statements, told_of_statements
from keli.plain.audit.text import audit_text, text_rows, told_of_text

USE = "keli audit statements.jsonl --out results.jsonl"


def audit(
    file: Annotated[Path | None, typer.Argument(metavar="STATEMENTS.jsonl", help="One statement a line.")] = None,
    *,
    text: Annotated[Path | None, typer.Option(metavar="LETTER.txt", help="A letter or bulletin, plain text.")] = None,
    facts: Annotated[Path | None, typer.Option(help="With --text: CSV of totals known from elsewhere.")] = None,
    out: Annotated[Path | None, typer.Option(help="File of results to write, JSON lines.")] = None,
) -> None:
    """Audit printed figures: do they agree, and under which assumption?

    Statements: one line each, as {"id": "F05", "rel": "ratio", "args": [4037, 127555], "printed": 3.2, "dp": 1}.
    A text: its figures are read, and every pair that can be checked is.

    \b
    keli audit statements.jsonl --out results.jsonl
    keli audit --text letter.txt
    keli audit --text letter.txt --facts known.csv --out findings.jsonl
    """  # noqa: D301 - \b keeps the lines of the examples apart
    if (file is None) == (text is None):
        raise ConfigurationError(
            "Give a file of statements, or a text.", example=f"{USE}\n           keli audit --text letter.txt"
        )
    if text is not None:
        _audit_text(text, facts, out)
        return
    if facts is not None:
        raise ConfigurationError("--facts goes with --text.", example="keli audit --text letter.txt --facts known.csv")
    if out is None:
        raise ConfigurationError("--out is missing: the verdicts are written to a file.", example=USE)
    verdicts = audit_statements(cast("Path", file), out, load_catalogue())
    _say(told_of_statements(verdicts, out), to=sys.stderr)


def _audit_text(text: Path, facts: Path | None, out: Path | None) -> None:
    found = audit_text(text, load_catalogue(), facts)
    if out is not None:
        out.write_text("".join(f"{row}\n" for row in text_rows(found)), encoding="utf-8")
    _say(told_of_text(found), to=sys.stdout)


def _say(lines: list[str], to: TextIO) -> None:
    for line in lines:
        print(line, file=to)
