"""Plates (六新 and the like): a crosswalk that the user supplies, as no definition is published."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal, InvalidOperation
from pathlib import Path

from keli.base.errors import ConfigurationError, Place
from keli.model.codes import CodeList
from keli.model.crosswalks import CORE, Plate
from keli.model.documents import read_rows

COLUMNS = ("plate", "name_zh", "activity", "weight")
EXAMPLE = "P1,板块一,010101,0.5"
RESERVED = ("_T", "_U", "_N", "_Z")
WHOLE = Decimal(1)


def read_plates(path: Path, digital: CodeList) -> tuple[Plate, ...]:
    """Plates of a workspace, class by class.

    Args:
        path: CSV file with the columns plate, name_zh, activity, weight. A middle or major code stands for every
            class below it.
        digital: The digital-economy classification.

    Returns:
        One row for each plate and class, sorted by plate and class.

    Raises:
        ConfigurationError: A code is not of the core, a weight is not a share, a pair stands twice, a plate has two
            names, or the weights of a class add up to more than 1.
    """
    found: dict[tuple[str, str], Plate] = {}
    names: dict[str, str] = {}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row, cells in read_rows(path, COLUMNS, ConfigurationError):
        plate, name = _plate(cells, names, digital, Place(str(path), row, "plate"))
        weight = _weight(cells["weight"], Place(str(path), row, "weight"))
        for activity in _classes(cells["activity"], digital, Place(str(path), row, "activity")):
            sums[activity] += weight
            _check_pair(found, (plate, activity), sums[activity], Place(str(path), row))
            found[plate, activity] = Plate(plate, name, activity, weight)
    if not found:
        raise ConfigurationError("The file has no plates.", where=Place(str(path), 2), example=EXAMPLE)
    return tuple(found[key] for key in sorted(found))


def unassigned_classes(plates: tuple[Plate, ...], digital: CodeList) -> dict[str, Decimal]:
    """Share of each core class that no plate has; classes that are fully assigned are left out.

    Args:
        plates: Plates of the workspace, one row a plate and class.
        digital: The digital-economy classification.
    """
    rest = dict.fromkeys(digital.below(CORE, "minor"), WHOLE)
    for plate in plates:
        rest[plate.activity] -= plate.weight
    return {activity: share for activity, share in rest.items() if share > 0}


def _plate(cells: dict[str, str], names: dict[str, str], digital: CodeList, where: Place) -> tuple[str, str]:
    plate, name = cells["plate"], cells["name_zh"]
    if not plate or not name:
        raise ConfigurationError("A plate needs a code and a name.", where=where, example=EXAMPLE)
    if plate in digital or plate in RESERVED:
        raise ConfigurationError(f'"{plate}" already names an activity.', where=where, example="P1")
    if names.setdefault(plate, name) != name:
        raise ConfigurationError(
            f'The plate "{plate}" is called "{names[plate]}" above and "{name}" here.',
            where=where,
            next_step="Give a plate one name.",
        )
    return plate, name


def _weight(text: str, where: Place) -> Decimal:
    try:
        weight = Decimal(text)
        is_share = 0 < weight <= WHOLE
    except InvalidOperation:
        is_share = False
    if not is_share:
        raise ConfigurationError(
            f'The weight "{text}" is not a share above 0 and at most 1.',
            where=where,
            example="0.5 for half of the class",
        )
    return weight


def _classes(activity: str, digital: CodeList, where: Place) -> tuple[str, ...]:
    if activity not in digital or CORE not in digital.ancestors(activity):
        raise ConfigurationError(
            f'"{activity}" is not an activity of the core of {digital.title_zh}.',
            where=where,
            example="010101, 0101 or 01",
            next_step="Keep leading zeros: format the column as text before saving it.",
        )
    return digital.below(activity, "minor")


def _check_pair(found: dict[tuple[str, str], Plate], pair: tuple[str, str], total: Decimal, where: Place) -> None:
    if pair in found:
        raise ConfigurationError(
            f'The class "{pair[1]}" stands twice in the plate "{pair[0]}".',
            where=where,
            next_step="Keep one row; a middle or major code already stands for every class below it.",
        )
    if total > WHOLE:
        raise ConfigurationError(
            f'The weights of the class "{pair[1]}" add up to {total}, more than 1.',
            where=where,
            next_step="Lower the weights of this class so that they add up to at most 1.",
        )
