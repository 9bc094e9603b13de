"""Which cells are sensitive, by which rule, and how far nobody may come near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keli.base.errors import SourceError
from keli.methods.linked_tables.holders import holders_by_name, holders_without_names
from keli.methods.linked_tables.tables import Demands, Flags, Floats, Holder, Words
from keli.methods.sensitivity import (
    dominated,
    pq,
    room_for_dominance,
    room_for_pq,
    too_few,
    weighted_largest,
)  # fmt: skip
from keli.plain.protection.cells import ABSOLUTE, FREQ, HOLDERS, LARGEST, NAMES, WEIGHT, Cells, flags
from keli.plain.protection.spec import Rule
from keli.plain.protection.tables import Joined

FREE, COUNT, OTHER, SECONDARY, GIVEN = "F", "A", "M", "D", "C"
DOMINANCE = {1: "O", 2: "T", 3: "G"}
PERCENT = 100
USUAL_PERCENT = 10
RULE = "rule"


@dataclass(frozen=True)
class Sensitive:
    """Primary confidentiality of linked tables, n cells.

    Args:
        status: (n,) F, or the reason: A count, O or T or G dominance, M p per cent or pq, C given by the user.
        demands: How far nobody may come near to the sensitive cells.
        holders: Contributors as attackers.
    """

    status: Words
    demands: Demands
    holders: Sequence[Holder]


@dataclass(frozen=True)
class Contributions:
    """What is known of the contributors of the cells of one file, (n,) each.

    Args:
        holders: Number of holders.
        absolute: Sum of all absolute contributions.
        largest: The largest contributions, as many as were given, in descending order.
    """

    holders: Floats
    absolute: Floats
    largest: list[Floats]


def judged(tables: Joined) -> Sensitive:
    """Apply the rules of each file to its cells.

    Raises:
        SourceError: A rule needs a column that the file does not have.
    """
    count = tables.tables.size
    status = np.full(count, FREE)
    room = np.zeros(count)
    for cells, places in zip(tables.files, tables.places, strict=True):
        found, wanted = _judged_file(cells)
        new = (status[places] == FREE) & (found != FREE)
        status[places[new]] = found[new]
        np.maximum.at(room, places, wanted)
    step = min(cells.step for cells in tables.files)
    sensitive = np.flatnonzero(status != FREE)
    above = np.maximum(room[sensitive], step)
    values = tables.tables.values[sensitive]
    # A contributor-less or zero value cannot be lower where nobody is below zero.
    below = np.where(tables.tables.least[sensitive] == 0, np.minimum(above, values), above)
    return Sensitive(status, Demands(sensitive, below, above), _holders(tables))


def contributions(cells: Cells) -> Contributions:
    """Return what a file tells of its contributors; a lone one gave all of its cell."""
    frequency = cells.numbers[FREQ]
    holders = cells.numbers.get(HOLDERS, frequency)
    given = [np.nan_to_num(cells.numbers[name]) for name in LARGEST if name in cells.numbers]
    known = np.abs(cells.values) if ABSOLUTE not in cells.numbers else np.nan_to_num(cells.numbers[ABSOLUTE])
    weight = np.nan_to_num(cells.numbers[WEIGHT], nan=1.0) if WEIGHT in cells.numbers else np.ones(len(holders))
    absolute = np.maximum(known, sum(given) if given else 0.0)
    largest = weighted_largest([np.abs(one) for one in given], weight, len(given)) if given else []
    if largest and WEIGHT not in cells.numbers:
        largest[0] = np.where((holders == 1) & (largest[0] == 0), np.abs(cells.values), largest[0])
    return Contributions(holders * weight, absolute, largest)


def _judged_file(cells: Cells) -> tuple[Words, Floats]:
    """(n,) status by the first rule that holds, in the order count, dominance, p per cent, user; and the level."""
    known = contributions(cells)
    status = np.full(len(cells.values), FREE)
    room = np.zeros(len(cells.values))
    percent = cells.spec.options["protection_percent"]
    usual = known.absolute * (USUAL_PERCENT if percent == RULE else percent) / PERCENT
    some = known.holders > 0
    order = {"min_count": 0, "dominance": 1, "pq": 2}
    for rule in sorted(cells.spec.rules, key=lambda rule: order[rule.name]):
        holds, wanted, letter = _applied(rule, known, cells)
        holds &= some
        room = np.where(holds, np.maximum(room, wanted if percent == RULE and letter != COUNT else usual), room)
        status = np.where(holds & (status == FREE), letter, status)
    empty = ~some & (cells.spec.options["zeros"] == "protect")
    said = flags(cells)
    status = np.where((status == FREE) & empty, COUNT, np.where((status == FREE) & said, GIVEN, status))
    return status, np.where(said | empty, np.maximum(room, usual), room)


def _applied(rule: Rule, known: Contributions, cells: Cells) -> tuple[Flags, Floats, str]:
    """Whether a rule holds, what room it asks for, and its letter."""
    terms = rule.terms
    if rule.name == "min_count":
        return too_few(known.holders, terms["least"]), np.zeros(len(known.holders)), COUNT
    count = int(terms["n"]) if rule.name == "dominance" else len(LARGEST) - 1
    if len(known.largest) < count:
        needed = ", ".join(LARGEST[:count])
        raise _lacking(cells, f"The rule {rule.name} needs the largest contributions: {needed}.", LARGEST[:count])
    if rule.name == "dominance":
        largest = sum(known.largest[1:count], start=known.largest[0])
        holds = dominated(largest, known.absolute, terms["k"])
        return holds, room_for_dominance(largest, known.absolute, terms["k"]), DOMINANCE[count]
    x1, x2 = known.largest[0], known.largest[1]
    holds = pq(x1, x2, known.absolute, terms["p"], terms["q"])
    return holds, room_for_pq(x1, x2, known.absolute, terms["p"], terms["q"]), OTHER


def _lacking(cells: Cells, what: str, columns: Sequence[str]) -> SourceError:
    return SourceError(
        what,
        where=cells.place(-1),
        example="area,size,freq,value,x1,x2",
        next_step=f"Add the columns {', '.join(columns)}, or leave the rule out of the SPEC.",
    )


def _holders(tables: Joined) -> list[Holder]:
    """Contributors as attackers: by name where names are given, else by what the table tells."""
    if any(NAMES[0] in cells.rows.column_names for cells in tables.files):
        return _named(tables)
    largest = [
        known.largest[0] if known.largest else np.zeros(len(known.holders))
        for known in map(contributions, tables.files)
    ]
    alone = tables.tables.contributors == 1
    own = np.where(alone, np.abs(tables.tables.values), tables.of_cells(largest))
    return holders_without_names(own, tables.tables.contributors, tables.tables.relations)


def _named(tables: Joined) -> list[Holder]:
    numbers: dict[str, int] = {}
    entries: dict[tuple[int, int], float] = {}
    for cells, places in zip(tables.files, tables.places, strict=True):
        for size, name in zip(LARGEST, NAMES, strict=True):
            if name not in cells.rows.column_names or size not in cells.numbers:
                continue
            for cell, holder, own in zip(
                places.tolist(), cells.rows[name].to_pylist(), cells.numbers[size].tolist(), strict=True
            ):
                if holder and own == own:  # noqa: PLR0124 - not a number is not equal to itself
                    entries[numbers.setdefault(holder, len(numbers)), cell] = abs(own)
    keys = np.array(list(entries), np.int64).reshape(-1, 2)
    return holders_by_name(keys[:, 0], keys[:, 1], np.array(list(entries.values())), tables.tables.relations)
