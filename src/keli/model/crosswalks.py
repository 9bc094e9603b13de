"""Crosswalks: which code of one classification answers to which of another."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from keli.base.errors import CatalogueError, Place
from keli.model.codes import CodeList
from keli.model.documents import CATALOGUE, read_rows

CROSSWALKS = CATALOGUE / "crosswalks"
CORE = "DE"
UNIT_OF = {"employees": "person", "revenue": "yuan", "assets": "yuan"}
"""Indicators of the size classes and their units."""


@dataclass(frozen=True)
class Membership:
    """A GB/T 4754 class in a digital-economy class.

    Args:
        activity: Digital-economy class, 6 digits.
        gbt_code: GB/T 4754 class, 4 digits.
        starred: Only a part of the industry class is digital (标*).
        core: The digital-economy class belongs to the core (majors 01-04).
    """

    activity: str
    gbt_code: str
    starred: bool
    core: bool


@dataclass(frozen=True)
class Deflator:
    """The price series that deflates an activity; the longest matching activity wins, DE is the default."""

    activity: str
    series: str
    label_zh: str = ""


@dataclass(frozen=True)
class Plate:
    """The share of one digital-economy class that belongs to a plate.

    Args:
        plate: Code of the plate, such as P1.
        name_zh: Its name.
        activity: Digital-economy class of the core, 6 digits.
        weight: Share of the class, above 0 and at most 1.
    """

    plate: str
    name_zh: str
    activity: str
    weight: Decimal


@dataclass(frozen=True)
class ScopePhrase:
    """An official business-scope phrase with its industry codes (2 to 4 digits)."""

    phrase: str
    gbt_codes: tuple[str, ...]


@dataclass(frozen=True)
class SizeRule:
    """Lower bounds of the size classes by one indicator in one industry.

    Args:
        scope: GB/T 4754 sections, divisions and groups.
        indicator: employees, revenue or assets.
        large_min: Lower bound of a large enterprise, in person or yuan.
        medium_min: Lower bound of a medium one.
        small_min: Lower bound of a small one; below it lies the micro enterprise.
    """

    scope: tuple[str, ...]
    indicator: str
    large_min: Decimal
    medium_min: Decimal
    small_min: Decimal


def read_memberships(gbt: CodeList, digital: CodeList, folder: Path = CROSSWALKS) -> tuple[Membership, ...]:
    """Industry classes of each digital-economy class.

    Args:
        gbt: GB/T 4754 with sections to classes.
        digital: The digital-economy classification.
        folder: Folder of the crosswalk.

    Returns:
        One row for each pair of digital-economy class and industry class; codes of sections and divisions, as
        major 05 prints them, stand for every class below them.

    Raises:
        CatalogueError: A code is not in its list, its level or its name disagrees.
    """
    path = folder / "digital_economy_2021_gbt4754.csv"
    found: list[Membership] = []
    for row, cells in read_rows(path, ("activity", "gbt_code", "level", "starred", "name_zh")):
        activity, printed = cells["activity"], _known(gbt, cells["gbt_code"], path, row, "gbt_code")
        _known(digital, activity, path, row, "activity")
        if (gbt[printed].level, gbt[printed].name_zh) != (cells["level"], cells["name_zh"]):
            raise CatalogueError(
                f'"{printed}" is {gbt[printed].level} {gbt[printed].name_zh} in {gbt.name}.',
                where=Place(str(path), row),
            )
        core = CORE in digital.ancestors(activity)
        starred = cells["starred"] == "true"
        found.extend(Membership(activity, code, starred, core) for code in gbt.below(printed, "class"))
    return tuple(found)


def read_deflators(digital: CodeList, folder: Path = CROSSWALKS) -> tuple[Deflator, ...]:
    """Price series of the activities.

    Args:
        digital: The digital-economy classification.
        folder: Folder of the crosswalk.

    Returns:
        One row an activity prefix; DE is the default.

    Raises:
        CatalogueError: An activity is unknown, or the default is missing.
    """
    path = folder / "deflators.csv"
    found = tuple(
        Deflator(_known(digital, cells["activity"], path, row, "activity"), cells["series"], cells["label_zh"])
        for row, cells in read_rows(path, ("activity", "series", "label_zh"))
    )
    if CORE not in {deflator.activity for deflator in found}:
        raise CatalogueError("The default deflator (activity DE) is missing.", where=Place(str(path)))
    return found


def read_scope_phrases(gbt: CodeList, phrases: CodeList) -> tuple[ScopePhrase, ...]:
    """Official business-scope phrases with their industry codes.

    Args:
        gbt: GB/T 4754 with sections to classes.
        phrases: Items and phrases of the official list.

    Returns:
        One row a phrase, in the order of the official list.

    Raises:
        CatalogueError: An item or an industry code is unknown.
    """
    path = CROSSWALKS / "scope_phrases_2021_gbt4754.csv"
    codes: dict[str, list[str]] = {}
    for row, cells in read_rows(path, ("item", "gbt_code")):
        item = _known(phrases, cells["item"], path, row, "item")
        codes.setdefault(item, []).append(_known(gbt, cells["gbt_code"], path, row, "gbt_code"))
    return tuple(ScopePhrase(phrases[item].name_zh, tuple(found)) for item, found in codes.items())


def read_size_rules(gbt: CodeList, folder: Path = CROSSWALKS) -> tuple[SizeRule, ...]:
    """Size classes of enterprises by industry and indicator.

    Args:
        gbt: GB/T 4754 with sections to classes.
        folder: Folder of the crosswalk.

    Returns:
        One row for each industry and indicator; bounds in person or yuan.

    Raises:
        CatalogueError: A scope is unknown, an indicator has another unit, or bounds do not fall.
    """
    path = folder / "size_classes_2017_gbt4754.csv"
    found: list[SizeRule] = []
    for row, cells in read_rows(path, ("scope", "indicator", "unit", "large_min", "medium_min", "small_min")):
        if UNIT_OF.get(cells["indicator"]) != cells["unit"]:
            raise CatalogueError(
                f'"{cells["indicator"]}" is not measured in "{cells["unit"]}".', where=Place(str(path), row, "unit")
            )
        scope = tuple(_known(gbt, code, path, row, "scope") for code in cells["scope"].split(";"))
        bounds = [_decimal(cells[name], path, row, name) for name in ("large_min", "medium_min", "small_min")]
        if bounds != sorted(bounds, reverse=True):
            raise CatalogueError("The bounds must fall from large to small.", where=Place(str(path), row))
        found.append(SizeRule(scope, cells["indicator"], *bounds))
    return tuple(found)


def read_registration_types(registration: CodeList, ownership: CodeList) -> dict[str, str]:
    """Ownership group of each registration type.

    Args:
        registration: Registration types.
        ownership: Ownership groups.

    Raises:
        CatalogueError: A code is unknown.
    """
    path = CROSSWALKS / "registration_types_ownership.csv"
    return {
        _known(registration, cells["registration_type"], path, row, "registration_type"): _known(
            ownership, cells["ownership"], path, row, "ownership"
        )
        for row, cells in read_rows(path, ("registration_type", "ownership"))
    }


def _known(codes: CodeList, code: str, path: Path, row: int, column: str) -> str:
    if code not in codes:
        raise CatalogueError(f'"{code}" is not a code of {codes.title_zh}.', where=Place(str(path), row, column))
    return code


def _decimal(text: str, path: Path, row: int, column: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise CatalogueError(f'"{text}" is not a number.', where=Place(str(path), row, column), example="300") from None
