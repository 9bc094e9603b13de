"""Totals that a text does not name but its figures rest on: of the catalogue, and of a user's file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from keli.base.errors import KeliError, Place, SourceError
from keli.base.printed import read_printed
from keli.methods.printed_relations.verdicts import Figure
from keli.model.catalogue import Catalogue
from keli.plain.audit.rules import YEAR, AuditRules
from keli.plain.files import open_plain, read_plain

COLUMNS = ("area", "period", "indicator", "value", "unit")
EXAMPLE = "area,period,indicator,value,unit\n           福田区,2020,地区生产总值,4754.16,亿元"


@dataclass(frozen=True)
class Known:
    """A total that is known from elsewhere.

    Args:
        area: Its area.
        indicator: What it is.
        period: Its year, as text.
        printed: As printed.
        words: Words by which texts name it.
        figure: The figure.
    """

    area: str
    indicator: str
    period: str
    printed: str
    words: tuple[str, ...]
    figure: Figure


def known_totals(catalogue: Catalogue, rules: AuditRules, facts: Path | None) -> list[Known]:
    """Return known totals, those of a user's file first.

    Args:
        catalogue: Facts.
        rules: Rules of the audit.
        facts: CSV file with area, period, indicator, value, unit.

    Raises:
        SourceError: The file lacks a column or holds a value that is no figure.
    """
    shipped = [
        Known(entry["area"], entry["indicator"], str(entry["period"]), entry["printed"], tuple(entry["words"]),
              rules.figure(read_printed(entry["printed"], rules.words)))
        for entry in catalogue.parameter("audit/known_totals").at(YEAR)
    ]  # fmt: skip
    return [*_own(facts, shipped, rules), *shipped] if facts else shipped


def total_of(known: Iterable[Known], text: str, named: str, year: int | None = None) -> Known | None:
    """Return the first known total of an area of the text that some words name, in a year if one is given."""
    for total in known:
        if total.area in text and any(word in named for word in total.words) and year in {None, int(total.period[:4])}:
            return total
    return None


def _own(facts: Path, shipped: Iterable[Known], rules: AuditRules) -> list[Known]:
    file = open_plain(facts)
    lacking = [name for name in COLUMNS if name not in file.columns]
    if lacking:
        raise SourceError(f'The file has no column "{lacking[0]}".', where=Place(str(facts), 1), example=EXAMPLE)
    words = {total.indicator: total.words for total in shipped}
    found = []
    for row, entry in enumerate(read_plain(file, COLUMNS).to_pylist(), 2):
        printed = f"{entry['value'] or ''}{entry['unit'] or ''}"
        try:
            figure = rules.figure(read_printed(printed, rules.words))
        except KeliError as problem:
            raise SourceError(problem.what, where=Place(str(facts), row, "value"), example=EXAMPLE) from problem
        indicator = str(entry["indicator"])
        named = words.get(indicator, (indicator,))
        found.append(Known(str(entry["area"]), indicator, str(entry["period"]), printed, named, figure))
    return found
