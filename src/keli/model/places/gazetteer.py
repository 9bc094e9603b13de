"""Gazetteer files: coded addresses by road, street number and building, as a workspace or a folder supplies them."""

from __future__ import annotations

import csv
import difflib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keli.base.errors import CatalogueError, Place
from keli.model.codes import CodeList

PARTS = ("roads", "road_numbers", "buildings")
FILE_COLUMNS = {
    "roads": ("road", "subdistrict", "n"),
    "road_numbers": ("road", "number", "subdistrict", "n"),
    "buildings": ("building", "subdistrict", "n"),
}
VOTES = "votes"
_ENDING = "街道"
_EXAMPLES = {
    "roads": "road,subdistrict,n\n           市花路,福保街道,35",
    "road_numbers": "road,number,subdistrict,n\n           上步中路,1001,华强北街道,4",
    "buildings": "building,subdistrict,n\n           赛格广场,华强北街道,13",
}


@dataclass(frozen=True)
class GazetteerFile:
    """One file of a gazetteer.

    Args:
        path: The CSV file, in UTF-8.
        columns: Keli's column -> column in the file, where they differ.
    """

    path: Path
    columns: dict[str, str] = field(default_factory=dict)


GazetteerFiles = dict[str, GazetteerFile]
Row = dict[str, Any]


def gazetteer_folder(folder: Path) -> GazetteerFiles:
    """Return the files of a gazetteer in a folder: roads.csv, road_numbers.csv, buildings.csv, as many as there are.

    Raises:
        CatalogueError: None of them is there.
    """
    found = {part: GazetteerFile(folder / f"{part}.csv") for part in PARTS if (folder / f"{part}.csv").is_file()}
    if not found:
        raise CatalogueError(
            "The folder holds no gazetteer.",
            where=Place(str(folder)),
            example=", ".join(f"{part}.csv" for part in PARTS),
            next_step="Name the folder that keli place --learn wrote.",
        )
    return found


def read_gazetteer(files: GazetteerFiles, areas: CodeList, district: str) -> dict[str, list[Row]]:
    """Return the coded addresses of a gazetteer.

    Args:
        files: Files by part: roads, road_numbers, buildings.
        areas: City, districts, subdistricts and communities.
        district: Code of the district.

    Returns:
        For each part rows `name`, `number` (road_numbers only), `area` (subdistrict code), `votes`, in order, summed.

    Raises:
        CatalogueError: A file lacks a column, or a row names no subdistrict of the district or no count.
    """
    names = _subdistrict_names(areas, district)
    return {part: _summed(_rows(part, files[part], names)) if part in files else [] for part in PARTS}


def _subdistrict_names(areas: CodeList, district: str) -> dict[str, str]:
    codes = [area for area in areas.at_level("subdistrict") if area.code.startswith(district)]
    names = {name: area.code for area in codes for name in (area.code, area.name_zh)}
    return names | {area.name_zh.removesuffix(_ENDING): area.code for area in codes}


def _summed(rows: Iterator[Row]) -> list[Row]:
    votes: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in rows:
        votes[tuple((key, value) for key, value in row.items() if key != VOTES)] += row[VOTES]
    return [dict(key) | {VOTES: count} for key, count in sorted(votes.items())]


def _rows(part: str, file: GazetteerFile, names: dict[str, str]) -> Iterator[Row]:
    try:
        with file.path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            heads = _heads(part, file, list(reader.fieldnames or ()))
            for number, row in enumerate(reader, 2):
                yield from _votes_of(part, row, heads, (Place(str(file.path), number), names))
    except UnicodeDecodeError as problem:
        raise CatalogueError(
            "The gazetteer is not in UTF-8.", where=Place(str(file.path)), next_step="Save it as CSV UTF-8."
        ) from problem


def _heads(part: str, file: GazetteerFile, present: list[str]) -> dict[str, str]:
    """Keli's column -> column of the file; where there are votes by area, area and count are not needed."""
    heads = {column: file.columns.get(column, column) for column in (*FILE_COLUMNS[part], VOTES)}
    needed = [
        column for column in FILE_COLUMNS[part] if not (heads[VOTES] in present and column in ("subdistrict", "n"))
    ]
    missing = [column for column in needed if heads[column] not in present]
    if missing:
        close = difflib.get_close_matches(heads[missing[0]], present, n=1, cutoff=0.5)
        raise CatalogueError(
            f'The gazetteer of {part} has no column "{heads[missing[0]]}".'
            + (f' Did you mean "{close[0]}"?' if close else ""),
            where=Place(str(file.path), 1),
            example=_EXAMPLES[part],
            next_step=f"Its columns are: {', '.join(present) or 'none'}. Map them under columns of the gazetteer.",
        )
    return {column: head for column, head in heads.items() if head in present}


def _votes_of(part: str, row: Row, heads: dict[str, str], at: tuple[Place, dict[str, str]]) -> Iterator[Row]:
    where, names = at
    key: Row = {"name": (row[heads[FILE_COLUMNS[part][0]]] or "").strip()}
    if "number" in heads:
        key["number"] = _count(row[heads["number"]], where)
    if VOTES in heads:
        pairs = [pair.rpartition(":") for pair in (row[heads[VOTES]] or "").split(";") if pair]
        for area, _, count in pairs:
            yield key | {"area": _area(area, where, names), VOTES: _count(count, where)}
        return
    yield key | {"area": _area(row[heads["subdistrict"]], where, names), VOTES: _count(row[heads["n"]], where)}


def _area(text: str | None, where: Place, names: dict[str, str]) -> str:
    word = (text or "").strip()
    if word in names:
        return names[word]
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    raise CatalogueError(
        f'"{word}" is no subdistrict of the district.' + (f' Did you mean "{close[0]}"?' if close else ""),
        where=where,
        example=next(iter(names)),
        next_step="Give the nine-digit code or the official name.",
    )


def _count(text: str | None, where: Place) -> int:
    word = (text or "").strip()
    if word.isascii() and word.isdigit():
        return int(word)
    raise CatalogueError(f'"{word}" is no whole number.', where=where, example="3")
