"""keli audit --text: the figures of a letter or bulletin, and every check that they allow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keli.base.errors import Place, SourceError
from keli.base.printed import Interval
from keli.methods.printed_relations.assumptions import CONSTANT_PRICES, Explanation
from keli.methods.printed_relations.slips import TYPING_SLIP, UNIT_SLIP
from keli.model.catalogue import Catalogue
from keli.plain.audit.checks import Checker, Finding
from keli.plain.audit.figures import Reader, Said
from keli.plain.audit.known import known_totals
from keli.plain.audit.rules import audit_rules


@dataclass(frozen=True)
class TextAudit:
    """What was found in a text.

    Args:
        figures: Its figures in their order.
        findings: The checks.
    """

    figures: list[Said]
    findings: list[Finding]


def audit_text(file: Path, catalogue: Catalogue, facts: Path | None = None) -> TextAudit:
    """Read the figures of a text and check them.

    Args:
        file: Text in UTF-8 or GB18030; line breaks within sentences do not matter.
        catalogue: Facts.
        facts: CSV file with totals known from elsewhere.

    Raises:
        SourceError: The file is not there, is no text, or holds no figure.
    """
    text = _text(file)
    rules = audit_rules(catalogue)
    figures = Reader(catalogue, rules).read(text)
    if not figures:
        raise SourceError(
            "The text holds no figure with a unit.", where=Place(str(file)), example="增加值为624.92亿元，同比增长17.8%"
        )
    return TextAudit(figures, Checker(text, known_totals(catalogue, rules, facts), rules).check(figures))


def told_of_text(found: TextAudit) -> list[str]:
    """The findings in words, a block each."""
    lines = [f"{len(found.figures)} figures, {len(found.findings)} checks 数字与核查"]
    for finding in found.findings:
        lines.append("")
        lines.append(f"[{finding.sentence}] {' / '.join(finding.figures)}")
        lines.append(f"    {finding.about}: {_between(finding.implied, finding.unit, finding.multiple)}")
        if finding.judgement is not None:
            lines.append(f"    verdict 结论: {finding.judgement.verdict}")
            lines += [f"      {told.words}: {_explained(told, finding)}" for told in finding.judgement.explanations]
    return lines


def text_rows(found: TextAudit) -> list[str]:
    """The figures and findings as JSON lines."""
    rows: list[dict[str, Any]] = [
        {"sentence": said.sentence, "figure": said.words, "subject": said.subject, "role": said.role, "of": said.of,
         "year": said.year}
        for said in found.figures
    ]  # fmt: skip
    for finding in found.findings:
        row: dict[str, Any] = {
            "sentence": finding.sentence, "check": finding.about, "figures": list(finding.figures),
            "implied": _ends(finding.implied, finding.multiple), "unit": finding.unit,
        }  # fmt: skip
        if finding.judgement is not None:
            told = finding.judgement.explanations
            row |= {
                "verdict": str(finding.judgement.verdict),
                "explanations": [
                    {
                        "assumption": one.name,
                        "implied": _ends(one.implied, _unit_of(one, finding)[1]),
                        "note": one.words,
                    }
                    for one in told
                ],
            }
        rows.append(row)
    return [json.dumps(row, ensure_ascii=False) for row in rows]


def _text(file: Path) -> str:
    if not file.is_file():
        raise SourceError("There is no such file.", where=Place(str(file)), example="keli audit --text letter.txt")
    content = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError(
        "The file is not text in UTF-8 or GB18030.", where=Place(str(file)), next_step="Save it as plain text."
    )


def _explained(told: Explanation, finding: Finding) -> str:
    unit, multiple = _unit_of(told, finding)
    return _between(told.implied, unit, multiple, decimals=3 if told.name == CONSTANT_PRICES else 2)


def _unit_of(told: Explanation, finding: Finding) -> tuple[str, int]:
    """Unit of what an explanation implies: a factor, the figure itself for slips, else the value that it is about."""
    return ("", 1) if told.name in {CONSTANT_PRICES, UNIT_SLIP, TYPING_SLIP} else finding.explained_in


def _between(interval: Interval, unit: str, multiple: int, decimals: int = 2) -> str:
    low, high = (f"{end:,.{decimals}f}" for end in _ends(interval, multiple))
    return f"{low if low == high else f'{low} – {high}'} {unit}".rstrip()


def _ends(interval: Interval, multiple: int) -> list[float]:
    return [float(interval.low / multiple), float(interval.high / multiple)]
