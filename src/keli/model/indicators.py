"""Indicators: what each measure of an open table is, in words, with unit, reference and what it rests on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from keli.base.errors import CatalogueError, Place
from keli.model.documents import CATALOGUE, read_checked

Key = tuple[str, str]
"""Open table and code of an indicator."""

_INHERITED = ("parameters", "release_parameters", "inputs", "constant_price_parameters", "constant_price_inputs")


@dataclass(frozen=True)
class Indicator:
    """One measure of one open table.

    Args:
        table: Open table without `open_`, such as value_added.
        code: Code in the column `measure`.
        label_zh: Official term.
        label_en: English term.
        formula: How it is computed, in words.
        unit_measure: CNY, PCT, PP, UNIT, ROW or FACTOR.
        unit_mult: Power of ten of the unit; 8 is 亿元.
        reference: Standard or method page.
        formed_from: Indicators that the formula names: a code of the same table, or table/code.
        parameters: Parameters that it rests on with the value of its own period.
        release_parameters: Parameters that hold for the whole release with the value of its last year.
        inputs: Kinds of source that it rests on.
        constant_price_formula: How it is computed at constant prices, where that is another way.
        constant_price_parameters: Further parameters at constant prices.
        constant_price_inputs: Further kinds of source at constant prices.
    """

    table: str
    code: str
    label_zh: str
    label_en: str
    formula: str
    unit_measure: str
    unit_mult: int
    reference: str
    formed_from: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    release_parameters: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    constant_price_formula: str = ""
    constant_price_parameters: tuple[str, ...] = ()
    constant_price_inputs: tuple[str, ...] = ()

    @property
    def origins(self) -> tuple[Key, ...]:
        """Table and code of the indicators that it is formed from."""
        named = (name.rpartition("/") for name in self.formed_from)
        return tuple((table or self.table, code) for table, _, code in named)


@cache
def indicators() -> dict[Key, Indicator]:
    """Return every indicator by table and code, in the order of the files, with all that it rests on.

    Raises:
        CatalogueError: A file does not follow its schema or has another name than its table; an indicator is formed
            from one that is not there, or from itself.
    """
    paths = sorted((CATALOGUE / "indicators").glob("*.yaml"))
    return resolved(indicator for path in paths for indicator in read_indicators(path))


def read_indicators(path: Path) -> tuple[Indicator, ...]:
    """Return the indicators of one open table from its YAML file, each with what it names itself.

    Raises:
        CatalogueError: The file does not follow its schema or has another name than its table.
    """
    contents = read_checked(path, "indicators")
    table: str = contents["table"]
    if table != path.stem:
        raise CatalogueError(f'The table is called "{table}".', where=Place(str(path)), example=f"table: {path.stem}")
    common = tuple(contents.get("release_parameters", ()))
    return tuple(_indicator(table, code, entry, common) for code, entry in contents["indicators"].items())


def _indicator(table: str, code: str, entry: dict[str, Any], common: tuple[str, ...]) -> Indicator:
    """One indicator; what holds for all of its table comes after what it names itself."""
    further = {f"constant_price_{name}": value for name, value in entry.get("at_constant_prices", {}).items()}
    own = {name: value for name, value in entry.items() if name != "at_constant_prices"} | further
    own["release_parameters"] = [*own.get("release_parameters", ()), *common]
    fields: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in own.items()}
    return Indicator(table, code, **fields)


def resolved(entries: Iterable[Indicator]) -> dict[Key, Indicator]:
    """Return indicators by table and code, each with what the indicators that it is formed from rest on.

    Args:
        entries: Indicators with what they name themselves.

    Raises:
        CatalogueError: One is formed from an indicator that is not there, or from itself.
    """
    known = {(entry.table, entry.code): entry for entry in entries}
    return {key: _with_origins(key, known, ()) for key in known}


def _with_origins(key: Key, known: dict[Key, Indicator], waiting: tuple[Key, ...]) -> Indicator:
    """An indicator with what its origins rest on, each name once, its own first."""
    if key not in known or key in waiting:
        why = "is formed from itself" if key in waiting else "is not there"
        raise CatalogueError(
            f'The indicator "{"/".join(key)}" {why}.',
            where=Place(f"catalogue/indicators/{waiting[-1][0]}.yaml"),
            example="formed_from: [VA_UNBENCHMARKED, BENCHMARK_FACTOR]",
        )
    own = known[key]
    origins = [_with_origins(origin, known, (*waiting, key)) for origin in own.origins]
    named: dict[str, Any] = {
        name: tuple(dict.fromkeys(entry for part in (own, *origins) for entry in getattr(part, name)))
        for name in _INHERITED
    }
    return dataclasses.replace(own, **named)
