"""Parameters of a passport: those that the figure rests on, each with the value of its period, in plain words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from keli.formats.explained.layout import INDENT, aligned, wrapped
from keli.formats.explained.words import HEADS, UNITS, plain_value

CONSTANT = "Q"
_DEEPER = INDENT * 2
_VERIFIED = {True: "已核实 verified", False: "未核实 NOT VERIFIED"}


def period_year(row: dict[str, Any], last_year: int) -> int:
    """Year of the account that a figure is about; the last one where it is about all years together.

    >>> period_year({"time_period": "2020-Q3"}, 2021), period_year({"time_period": "_T"}, 2021)
    (2020, 2021)
    """
    year = str(row["time_period"])[:4]
    return int(year) if year.isdigit() else last_year


def named_parameters(indicator: dict[str, Any], price_base: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the parameters of a figure: those of its period, and those of the whole release.

    Args:
        indicator: The release's entry of the measure.
        price_base: V, Q or _Z; at constant prices there are more.
    """
    further = indicator.get("constant_price_parameters", ()) if price_base == CONSTANT else ()
    return (*indicator.get("parameters", ()), *further), tuple(sorted(indicator.get("release_parameters", ())))


def rested_on(entries: list[dict[str, Any]], names: Collection[str], year: int) -> list[dict[str, Any]]:
    """The entry of each named parameter that holds on 31 December of a year.

    Args:
        entries: Dated values in use, as release.json holds them.
        names: Parameters; one that the release does not use is left out.
        year: Year of the account.
    """
    last_day = f"{year}-12-31"
    held = {name: [e for e in entries if e["name"] == name and e["valid_from"] <= last_day] for name in names}
    return [max(dated, key=lambda entry: str(entry["valid_from"])) for dated in held.values() if dated]


def parameter_lines(entry: dict[str, Any], measure: str, width: int, *, described: bool) -> list[str]:
    """One parameter: name, value, unit, date, whether it is verified, reference.

    Args:
        entry: The dated value.
        measure: Indicator code; of a value by measures only its own is shown.
        width: Columns of the page.
        described: Say what the parameter is.
    """
    value = entry["value"]
    if isinstance(value, dict) and measure in value:
        value = value[measure]
    head = f"{entry['name']} {entry.get('label_zh', '')}".rstrip()
    body = _table_of(value, width)
    if not body:
        unit = UNITS.get(entry["unit"], entry["unit"])
        head += f" = {plain_value(entry['unit'], value)} {unit}".rstrip()
    description = wrapped(str(entry.get("description", "")), width, _DEEPER) if described else []
    since = f"from {entry['valid_from']}; {_VERIFIED[bool(entry['verified'])]}; {entry['reference']}"
    return [*wrapped(head, width, INDENT, _DEEPER), *description, *body, *wrapped(since, width, _DEEPER)]


def _table_of(value: Any, width: int) -> list[str]:
    """A list of mappings, or a mapping, as a table; nothing for any other value."""
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        columns = list(value[0])
        rows = [[plain_value(column, entry.get(column)) for column in columns] for entry in value]
        return aligned([[HEADS.get(column, column) for column in columns], *rows], width, _DEEPER)
    if isinstance(value, dict) and value:
        return aligned([[HEADS.get(name, str(name)), _inner(entry)] for name, entry in value.items()], width, _DEEPER)
    return []


def _inner(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{HEADS.get(name, name)} {plain_value(name, inner)}" for name, inner in value.items())
    return plain_value("", value)
