"""The columns, units and constants of a source held against its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from keli.base.errors import ConfigurationError
from keli.base.quantities import YUAN
from keli.model.settings.located import Located
from keli.model.settings.schema import nearest
from keli.model.source_kinds import SourceKind, source_kinds
from keli.model.workspace import DEFAULT_UNIT, Source

COORDINATES = ("longitude", "latitude")
_UNIT_IN_HEAD = re.compile(r"[(（]\s*(?:单位[:：]\s*)?(?P<unit>(?:千|万|百万|亿)?元)\s*[)）]")


def unit_by_column(entry: dict[str, Any]) -> dict[str, str]:
    """Return money column -> unit as a source gives it; one unit for all is the default."""
    units = entry.get("units", {})
    return {DEFAULT_UNIT: units} if isinstance(units, str) else dict(units)


def money_columns(kind: SourceKind, mapped: Iterable[str]) -> list[str]:
    """Return the mapped columns of a kind that hold amounts of money, in the order of the kind."""
    given = set(mapped)
    return [column.name for column in kind.columns if column.type == "money" and column.name in given]


def check_mapping(settings: Located, number: int) -> None:
    """Check columns, units and constants of one source.

    Raises:
        ConfigurationError: A name is not a column of the kind, a needed column is not mapped, a unit is given for a
            column that is no money or is not that of its head, one column of the file stands for two amounts, or a
            column is mapped and constant at once.
    """
    entry = settings.contents["sources"][number]
    kind = source_kinds()[entry["kind"]]
    for section in ("columns", "constants"):
        for name in entry.get(section, {}):
            _check_column(settings, (number, section, name), kind.column_names, kind)
    _check_units(settings, number, kind)
    _check_heads(settings, number, kind)
    _check_needed(settings, number, kind)
    _check_coordinates(settings, number)
    both = sorted(set(entry["columns"]) & set(entry.get("constants", {})))
    if both:
        raise ConfigurationError(
            f'"{both[0]}" is mapped to a column and given as a constant.',
            where=settings.place("sources", number, "constants", both[0]),
            next_step="Keep one of the two.",
        )


def check_precedence(settings: Located, sources: Sequence[Source]) -> None:
    """Check that precedence names attributes and sources that exist.

    Raises:
        ConfigurationError: It does not.
    """
    attributes = sorted({column for kind in source_kinds().values() for column in kind.column_names})
    names = [source.name for source in sources]
    for attribute, best in settings.contents.get("precedence", {}).items():
        _check_word(settings, ("precedence", attribute), attribute, attributes, "an attribute")
        for position, name in enumerate(best):
            _check_word(settings, ("precedence", attribute, position), name, names, "a source of this workspace")


def _check_column(settings: Located, at: tuple[int, str, str], names: Sequence[str], kind: SourceKind) -> None:
    number, section, name = at
    if name in names:
        return
    meant = nearest(name, list(names)) or _by_alias(name, kind)
    hint = "" if meant is None else f' Did you mean "{meant}"?'
    raise ConfigurationError(
        f'"{name}" is not a column of the kind {kind.name}.{hint} Columns: {", ".join(names)}.',
        where=settings.place("sources", number, section, name),
        example=None if meant is None else f"{meant}: {kind.column(meant).label_zh}",
        next_step="The left side is Keli's name of the column, the right side the name in your file.",
    )


def _by_alias(name: str, kind: SourceKind) -> str | None:
    """The canonical column that a usual head stands for: the two sides may have been swapped."""
    known: dict[str, Any] = {
        alias: column.name for column in kind.columns for alias in (column.label_zh, *column.aliases)
    }
    return known.get(name)


def _check_units(settings: Located, number: int, kind: SourceKind) -> None:
    money = [column.name for column in kind.columns if column.type == "money"]
    entry = settings.contents["sources"][number]
    for name in unit_by_column(entry):
        _check_word(settings, ("sources", number, "units", name), name, [*money, DEFAULT_UNIT], "a money column")
    for place, name in enumerate(entry.get("negated", ())):
        _check_word(settings, ("sources", number, "negated", place), name, money, "a money column")


def _check_heads(settings: Located, number: int, kind: SourceKind) -> None:
    """Heads of amounts: each stands for one column, and a unit in it, as 营业收入（千元）, is that it is read in."""
    entry = settings.contents["sources"][number]
    units = unit_by_column(entry)
    taken: dict[str, str] = {}
    for name in money_columns(kind, entry["columns"]):
        head, where = str(entry["columns"][name]), settings.place("sources", number, "columns", name)
        if head in taken:
            raise ConfigurationError(
                f'{taken[head]} and {name} are both taken from the column "{head}".', where=where,
                next_step="Name the column of each amount; leave out what the file does not have.",
            )  # fmt: skip
        taken[head] = name
        unit = units.get(name, units.get(DEFAULT_UNIT, YUAN))
        stated = _UNIT_IN_HEAD.search(head)
        if stated is not None and stated["unit"] != unit:
            raise ConfigurationError(
                f'The column "{head}" (for {name}) says {stated["unit"]}, but it is read in {unit}.', where=where,
                example=f"units: {{{name}: {stated['unit']}}}", next_step="State the unit under units of the source.",
            )  # fmt: skip


def _check_needed(settings: Located, number: int, kind: SourceKind) -> None:
    entry = settings.contents["sources"][number]
    given = {*entry["columns"], *entry.get("constants", {})}
    missing = [name for name in kind.required if name not in given]
    missing += [" or ".join(group) for _, group in kind.one_of if not given & set(group)]
    if missing:
        first = missing[0].split(" or ")[0]
        raise ConfigurationError(
            f"The kind {kind.name} needs {missing[0]}, which is not mapped.",
            where=settings.place("sources", number, "columns"),
            example=f"{first}: {kind.column(first).label_zh}",
            next_step="Add it under columns, or under constants where it is the same for all rows.",
        )


def _check_coordinates(settings: Located, number: int) -> None:
    """Longitude and latitude go together, and their frame is never guessed: the frames lie half a kilometre apart."""
    entry = settings.contents["sources"][number]
    mapped = [name for name in COORDINATES if name in entry["columns"]]
    if not mapped:
        return
    where = settings.place("sources", number, "columns", mapped[0])
    missing = [name for name in COORDINATES if name not in mapped]
    if missing:
        raise ConfigurationError(
            f"{mapped[0]} is mapped without {missing[0]}.", where=where, example=f"{missing[0]}: {missing[0]}"
        )
    if "coordinates" not in entry:
        raise ConfigurationError(
            "Longitude and latitude are mapped, but not the frame that they are in.",
            where=where,
            example="coordinates: gcj02",
            next_step="Ask the supplier: wgs84 (GPS, 2000 system), gcj02 (高德, 腾讯) or bd09 (百度).",
        )


def _check_word(settings: Located, steps: tuple[str | int, ...], word: str, words: Sequence[str], what: str) -> None:
    if word in words:
        return
    meant = nearest(word, list(words))
    hint = "" if meant is None else f' Did you mean "{meant}"?'
    raise ConfigurationError(
        f'"{word}" is not {what}.{hint} There are: {", ".join(words) or "none"}.', where=settings.place(*steps)
    )
