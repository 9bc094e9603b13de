"""`keli.yaml` read into a workspace: every key checked, every path resolved, errors with their line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from keli.base.errors import ConfigurationError, Place
from keli.model.places.gazetteer import GazetteerFile
from keli.model.settings.decisions import decision_sources
from keli.model.settings.located import Located, read_located
from keli.model.settings.mapping import check_mapping, check_precedence, unit_by_column
from keli.model.settings.schema import check_schema, nearest
from keli.model.source_kinds import source_kinds
from keli.model.workspace import Source, Workspace

SETTINGS_FILE = "keli.yaml"
PLAIN_KEYS = ("synthetic", "census", "stage")
SOURCE_KEYS = ("constants", "encoding", "sheet", "head_rows", "skip_rows", "consolidated", "delimiter", "coordinates")
WILDCARDS = frozenset("*?[")


def load_workspace(folder: Path) -> Workspace:
    """Return the workspace that a folder's keli.yaml describes.

    Args:
        folder: Folder that holds keli.yaml; its paths resolve against it.

    Raises:
        ConfigurationError: An entry is wrong; the error names its line, shows a right example and says what to do.
    """
    folder = Path(folder)
    settings = read_located(folder / SETTINGS_FILE)
    check_schema(settings, "workspace")
    entries: dict[str, Any] = settings.contents
    first_year, last_year = _years(settings)
    sources = tuple(_source(settings, number, folder) for number in range(len(entries["sources"])))
    check_precedence(settings, sources)
    sources += decision_sources(folder)
    return Workspace(
        folder=folder,
        title=entries["title"],
        area=entries["area"],
        first_year=first_year,
        last_year=last_year,
        sources=sources,
        precedence={name: tuple(best) for name, best in entries.get("precedence", {}).items()},
        plates=_path(settings, folder, "plates"),
        parameters=_path(settings, folder, "parameters"),
        map_layers={layer: _existing(settings, folder, "map_layers", layer) for layer in entries.get("map_layers", {})},
        gazetteer={part: _gazetteer_file(settings, folder, part) for part in entries.get("gazetteer", {})},
        coding_model=_existing(settings, folder, "coding", "model") if "model" in entries.get("coding", {}) else None,
        coding_automatic=entries.get("coding", {}).get("automatic", True),
        notes=tuple(entries.get("notes", ())),
        **{key: entries[key] for key in PLAIN_KEYS if key in entries},
    )


def _years(settings: Located) -> tuple[int, int]:
    first, last = settings.contents["years"]
    if first > last:
        raise ConfigurationError(
            f"The first year {first} comes after the last year {last}.",
            where=settings.place("years"),
            example=f"years: [{last}, {first}]",
        )
    return first, last


def _source(settings: Located, number: int, folder: Path) -> Source:
    entry = settings.contents["sources"][number]
    _check_name(settings, number)
    _check_kind(settings, number)
    check_mapping(settings, number)
    return Source(
        name=entry["name"],
        kind=entry["kind"],
        files=_files(settings, number, folder),
        received=_date(settings, number),
        columns={canonical: str(head) for canonical, head in entry["columns"].items()},
        units=unit_by_column(entry),
        negated=tuple(entry.get("negated", ())),
        places={name: settings.place("sources", number, "columns", name) for name in entry["columns"]},
        **{key: entry[key] for key in SOURCE_KEYS if key in entry},
    )


def _check_name(settings: Located, number: int) -> None:
    names = [entry["name"].casefold() for entry in settings.contents["sources"][:number]]
    name = settings.contents["sources"][number]["name"]
    if name.casefold() in names:
        raise ConfigurationError(
            f'Two sources are called "{name}".',
            where=settings.place("sources", number, "name"),
            example=f"name: {name}_2",
            next_step="Give each source a name of its own; ledgers and coverage tell sources by it.",
        )


def _check_kind(settings: Located, number: int) -> None:
    kind = settings.contents["sources"][number]["kind"]
    known = sorted(source_kinds())
    if kind not in known:
        meant = nearest(kind, known)
        hint = "" if meant is None else f' Did you mean "{meant}"?'
        raise ConfigurationError(
            f'"{kind}" is not a kind of source.{hint} Kinds: {", ".join(known)}.',
            where=settings.place("sources", number, "kind"),
            example=f"kind: {meant or known[0]}",
        )


def _date(settings: Located, number: int) -> dt.date:
    value = settings.contents["sources"][number]["received"]
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError as problem:
        raise ConfigurationError(
            f"{value} is not a date.",
            where=settings.place("sources", number, "received"),
            example="received: 2022-03-01",
        ) from problem


def _files(settings: Located, number: int, folder: Path) -> tuple[Path, ...]:
    """The files of a source, in the order of their paths; patterns are resolved."""
    given = settings.contents["sources"][number]["files"]
    patterns = [given] if isinstance(given, str) else given
    found: dict[Path, None] = {}
    for position, pattern in enumerate(patterns):
        matches = _matches(folder, pattern)
        if not matches:
            steps = ("sources", number, "files") if isinstance(given, str) else ("sources", number, "files", position)
            raise _no_file(pattern, folder, settings.place(*steps))
        found |= dict.fromkeys(matches)
    return tuple(sorted(found))


def _matches(folder: Path, pattern: str) -> list[Path]:
    path = folder / pattern
    if not WILDCARDS & set(pattern):
        return [path] if path.is_file() else []
    parts, plain = Path(pattern).parts, _plain_parts(pattern)
    return [match for match in folder.joinpath(*parts[:plain]).glob("/".join(parts[plain:])) if match.is_file()]


def _plain_parts(pattern: str) -> int:
    """Number of leading parts of a pattern without a wildcard: `..` is no part of a glob."""
    parts = Path(pattern).parts
    return next(number for number, part in enumerate(parts) if WILDCARDS & set(part))


def _no_file(pattern: str, folder: Path, where: Place) -> ConfigurationError:
    parent = (folder / pattern).parent
    there = sorted(path.name for path in parent.iterdir() if path.is_file()) if parent.is_dir() else []
    meant = nearest(Path(pattern).name, there)
    return ConfigurationError(
        f'There is no file "{pattern}" (looked in {parent}).',
        where=where,
        example=None if meant is None else f"files: {(Path(pattern).parent / meant).as_posix()}",
        next_step="Put the file there or correct the path; paths start at the folder of keli.yaml.",
    )


def _path(settings: Located, folder: Path, key: str) -> Path | None:
    return _existing(settings, folder, key) if key in settings.contents else None


def _gazetteer_file(settings: Located, folder: Path, part: str) -> GazetteerFile:
    entry = settings.contents["gazetteer"][part]
    if isinstance(entry, str):
        return GazetteerFile(_existing(settings, folder, "gazetteer", part))
    return GazetteerFile(_existing(settings, folder, "gazetteer", part, "file"), dict(entry.get("columns", {})))


def _existing(settings: Located, folder: Path, *steps: str) -> Path:
    value: Any = settings.contents
    for step in steps:
        value = value[step]
    path = folder / str(value)
    if not path.exists():
        raise _no_file(value, folder, settings.place(*steps))
    return path
