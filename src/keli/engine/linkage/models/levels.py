"""The model of a linkage: comparisons with their levels in words, keys by which records meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

ELSE = "ELSE"


@dataclass(frozen=True)
class Level:
    """One level of agreement.

    Args:
        words: What it says, in words; empty where it is no reason.
        condition: SQL over `<column>_l` and `<column>_r`; ELSE for the last.
        same: Share among pairs of the same unit, as known before training.
        different: Share among pairs of different units, as known before training.
        rarity: Column whose value weighs less the more records bear it, if any.
        lone: No other record bears the value.
        lawful: Two units may not share it: chance agreement is never more frequent than given.
        kin: Units of one group agree like this.
        own: Units of one group do not agree like this.
    """

    words: str
    condition: str
    same: float
    different: float
    rarity: str | None = None
    lone: bool = False
    lawful: bool = False
    kin: bool = False
    own: bool = False


@dataclass(frozen=True)
class Comparison:
    """One comparison: what is compared, what is missing, the levels from full agreement to none."""

    name: str
    missing: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Model:
    """A linkage model.

    Args:
        comparisons: What is compared.
        rarities: Columns whose commoner values weigh less.
        steady: Within one file the shares among pairs of the same unit stay as given: pairs of neighbours are many
            there, duplicates few.
    """

    comparisons: tuple[Comparison, ...]
    rarities: tuple[str, ...]
    steady: bool = False


def model_of(comparisons: Sequence[Comparison], *, steady: bool = False) -> Model:
    """A model of comparisons, with the columns whose commoner values weigh less."""
    columns = {level.rarity for comparison in comparisons for level in comparison.levels if level.rarity}
    return Model(tuple(comparisons), tuple(sorted(columns)), steady)


def equal(*columns: str) -> str:
    """Any column of the one record equals any of the other: `a` and `b` give four comparisons."""
    return "(" + " OR ".join(f"{one}_l = {two}_r" for one, two in product(columns, columns)) + ")"


def any_pair(template: str, columns: Sequence[str]) -> str:
    """A condition with {l} and {r} for any column of the one and any of the other record."""
    return (
        "(" + " OR ".join(template.format(l=f"{one}_l", r=f"{two}_r") for one, two in product(columns, columns)) + ")"
    )


def none_known(*columns: str) -> str:
    """Neither of the columns is known in one of the records."""
    left = " AND ".join(f"{column}_l IS NULL" for column in columns)
    right = " AND ".join(f"{column}_r IS NULL" for column in columns)
    return f"(({left}) OR ({right}))"


def alone(*columns: str) -> str:
    """The value is borne by no other record: once in each file, or by these two alone within a file."""
    counted = " OR ".join(
        f"({one}_l = {two}_r AND n_{one}_l + n_{two}_r <= CASE WHEN side_l = side_r THEN 4 ELSE 2 END)"
        for one, two in product(columns, columns)
    )
    return f"({counted})"
