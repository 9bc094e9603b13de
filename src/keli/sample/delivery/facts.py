"""What the files of a chunk have in common: identifiers, who has a code where, employees, tax revenue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keli.model.catalogue import Catalogue
from keli.sample.delivery.dirt import Ledger, Sheet
from keli.sample.delivery.identity import WORDS, Identity, identities
from keli.sample.delivery.text import chosen
from keli.sample.truth.accounts import FEN_OF_YUAN
from keli.sample.truth.conventions import YEARS
from keli.sample.truth.population import LEGAL, OUTSIDE, SUBDISTRICTS
from keli.sample.truth.world import Chunk

Array = npt.NDArray[Any]

DISTRICT = "440304"
MANNERS = 6
HEARD = ("云凡", "数乔", "智穿", "连星", "微兰", "启横", "博雨", "心野", "迅山", "网弯", "图领", "算嗨")
SLIPS = (("科技", "科枝"), ("实业", "实亚"))


@dataclass(frozen=True)
class Facts:
    """Facts of one chunk as the sources know them.

    Args:
        chunk: The units and what is true of them.
        identity: Names and codes.
        ledger: Where planted faults are written down.
        subdistricts: Names of the subdistricts, in the order of their codes.
        employees: Employees by unit and year.
        tax_revenue: Revenue on the tax list by unit and year, fen; that of a covered local unit besides its parent's.
        spoken: The unit is named with its area: a few never are.
        without_industry: No source gives an industry code; the business scope names it.
        vague: No source gives an industry code and the scope says nothing.
        spoilable: Faults may fall on the unit.
    """

    chunk: Chunk
    identity: Identity
    ledger: Ledger
    subdistricts: tuple[str, ...]
    employees: Array
    tax_revenue: Array
    spoken: Array
    without_industry: Array
    vague: Array
    spoilable: Array

    def industry(self, year: int) -> pa.Array:
        """Industry code of each unit in a year, empty where no source gives it."""
        known = ~self.without_industry & ~self.vague
        return chosen(self.chunk.plan.classes.codes.tolist(), self.chunk.units.klass[:, year], known)

    def subdistrict(self, year: int) -> pa.Array:
        """Name of the subdistrict in a year, empty where it is not named or the unit is outside."""
        area = self.chunk.units.area[:, year]
        return chosen(self.subdistricts, np.maximum(area, 0), self.spoken & (area != OUTSIDE))

    def draw(self, purpose: str) -> np.random.Generator:
        """Return the random numbers of one purpose."""
        return self.chunk.stream.draw(purpose)

    def rate(self, fault: str) -> float:
        """Return the planted share of a fault."""
        return self.chunk.plan.rules.dirt[fault]


def subdistrict_names(catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """Codes and names of the district's subdistricts, in the order of their codes."""
    areas = catalogue.areas.codes
    below = (areas[code] for code in sorted(catalogue.areas.children(DISTRICT)))
    return tuple((area.code, area.name_zh) for area in below if area.level == "subdistrict")[:SUBDISTRICTS]


def facts_of(chunk: Chunk, ledger: Ledger) -> Facts:
    """Return what the sources know of a chunk."""
    units, rules, classes = chunk.units, chunk.plan.rules, chunk.plan.classes
    draw = chunk.stream.draw("facts")
    settled = (units.klass == units.klass[:, :1]).all(axis=1)
    still = (units.area == units.area[:, :1]).all(axis=1)
    has_phrase = np.array([bool(phrases) for phrases in classes.phrases])[units.klass[:, 0]]
    without = draw.random(units.count) < (1 - rules.structure["code_in_register"]) * rules.dirt["code_only_in_scope"]
    vague = draw.random(units.count) < rules.dirt["vague_scope"]
    vague &= ~classes.core[units.klass[:, 0]] & settled & ~chunk.members.member.any(axis=1)
    spoken = (draw.random(units.count) < rules.structure["area_named"]) | ~still
    return Facts(
        chunk,
        identities(chunk),
        ledger,
        tuple(name for _, name in subdistrict_names(chunk.plan.catalogue)),
        _employees(chunk, draw),
        _tax_revenue(chunk),
        spoken,
        without & settled & has_phrase & ~vague,
        vague,
        ~chunk.members.steady,
    )


def _employees(chunk: Chunk, draw: np.random.Generator) -> Array:
    """Employees that the payroll could pay at the wage of the unit, at least one."""
    income = chunk.plan.rules.income
    spread = np.exp(income["wage_deviation"] * np.clip(draw.standard_normal(chunk.units.count), -3, 3))
    wage = np.clip(income["wage"] * spread, income["wage_least"] * 1.5, income["wage_most"])
    payroll = chunk.accounts.items["payroll"] / FEN_OF_YUAN
    return np.asarray(np.maximum(np.rint(payroll / wage[:, None]), 1).astype(np.int64))


def _tax_revenue(chunk: Chunk) -> Array:
    """Taxed revenue: all of the true revenue; a covered local unit is taxed on a part of its parent's besides."""
    parent, revenue = chunk.members.parent, chunk.accounts.revenue
    covered = np.rint(revenue[np.maximum(parent, 0)] * chunk.plan.rules.sizes["tax_of_covered_local_unit"])
    lives = (chunk.units.born[:, None] <= YEARS) & (chunk.units.died[:, None] >= YEARS)
    lives &= (parent >= 0)[:, None] & (chunk.units.area != OUTSIDE)
    return np.where(lives, covered.astype(np.int64), revenue)


def named(facts: Facts, where: Array) -> tuple[pa.Array, pa.Array]:
    """Names and codes of the units at the positions, as registered."""
    index = pa.array(where)
    return facts.identity.name.take(index), facts.identity.code.take(index)


def may_lose_code(facts: Facts) -> Array:
    """Units whose code may be missing or wrong in a file, because their name alone names them."""
    units = facts.chunk.units
    alone: Array = facts.spoilable & ~facts.identity.twin & (units.kind == LEGAL) & ~units.unregistered
    return alone


def misspelt(names: pa.Array) -> pa.Array:
    """Names with one character wrong, as they are mistyped."""
    return pc.replace_substring(names, "有限公司", "有限公同")


def mistyped(names: pa.Array, manner: Array) -> pa.Array:
    """Names as people write them down who do not look them up, so that no exact comparison finds them.

    Args:
        names: Names as registered.
        manner: Number of the manner of each name: a character that sounds alike, two characters exchanged, a wrong
            character, the place left out, the legal form in full, no legal form.
    """
    alike, exchanged = names, names
    for word, heard in zip(WORDS, HEARD, strict=True):
        alike = pc.replace_substring(alike, word, heard)
        exchanged = pc.replace_substring(exchanged, word, word[::-1])
    wrong = names
    for right, slip in SLIPS:
        wrong = pc.replace_substring(wrong, right, slip)
    manners = [
        alike, exchanged, wrong, pc.replace_substring(names, "福田样例", "样例"),
        pc.replace_substring(names, "有限公司", "有限责任公司"), pc.replace_substring(names, "有限公司", ""),
    ]  # fmt: skip
    return pc.choose(pa.array(manner), *manners)


def lose_identity(facts: Facts, sheet: Sheet, file: str, columns: tuple[str, str], among: Array) -> None:
    """Take the code from rows and mistype their name, so that only likeness tells the unit.

    Args:
        facts: What the sources know.
        sheet: Rows on their way to a file.
        file: What the random numbers are drawn for.
        columns: Column of the code and column of the name.
        among: Rows on which the fault may fall.
    """
    draw = facts.draw(f"{file} lost identities")
    lost = (draw.random(sheet.count) < facts.rate("lost_identity")) & among
    code, name = columns
    sheet.spoil("lost_identity", code, lost, None)
    sheet.spoil("lost_identity", name, lost, mistyped(sheet.columns[name], draw.integers(0, MANNERS, sheet.count)))
