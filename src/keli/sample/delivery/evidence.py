"""Split evidence: visits to units of starred classes, and one class that only a coefficient speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keli.sample.delivery.facts import Facts
from keli.sample.delivery.files import CsvFile
from keli.sample.delivery.text import amounts, chosen, joined, numbers
from keli.sample.truth.accounts import FEN_OF_YUAN
from keli.sample.truth.classes import ACTIVITIES_OF_CLASS
from keli.sample.truth.conventions import FIRST_YEAR, YEARS, Stream
from keli.sample.truth.population import OUTSIDE
from keli.sample.truth.world import Plan

Array = npt.NDArray[Any]

EVIDENCE = "split_evidence"
EVIDENCE_COLUMNS = (
    "单位名称", "统一社会信用代码", "行业代码", "数字经济分类代码", "年份", "证据层级", "抽样设计", "抽样权数",
    "数字经济占比", "数字经济营业收入", "营业收入", "取证日期", "依据",
)  # fmt: skip
DECIMALS_OF_WEIGHT = 6
DECIMALS_OF_COEFFICIENT = 3


@dataclass(frozen=True)
class Starred:
    """Earning units of the starred classes, one row a unit and year, of every chunk.

    Args:
        name: Name of the unit.
        code: Code of the unit.
        klass: Position of the class.
        year: Position of the year.
        revenue: Revenue, fen.
        value_added: Value added, fen.
        shares: Digital shares by activity of the class.
    """

    name: pa.Array
    code: pa.Array
    klass: Array
    year: Array
    revenue: Array
    value_added: Array
    shares: Array


def starred_units(facts: Facts) -> Starred:
    """Return the earning units of the starred classes of a chunk."""
    units, accounts = facts.chunk.units, facts.chunk.accounts
    starred = facts.chunk.plan.classes.starred[units.klass]
    row, year = np.nonzero(starred & (accounts.revenue > 0) & (units.area != OUTSIDE))
    index = pa.array(row)
    return Starred(
        facts.identity.name.take(index),
        facts.identity.code.take(index),
        units.klass[row, year],
        year,
        accounts.revenue[row, year],
        accounts.value_added[row, year],
        facts.chunk.shares[row, year],
    )


def deliver_evidence(plan: Plan, parts: list[Starred], file: CsvFile) -> None:
    """Write the split evidence of all years: the largest units of a class visited, of the rest a random sample.

    Args:
        plan: The district.
        parts: Earning units of the starred classes, chunk by chunk.
        file: The file to write.
    """
    units = _together(parts)
    coefficient = plan.classes.codes[units.klass] == plan.rules.split["coefficient_class"]
    draw = Stream(plan.seed, 0).draw("visits")
    for klass in np.flatnonzero(plan.classes.starred).tolist():
        for year in range(len(YEARS)):
            rows = np.flatnonzero((units.klass == klass) & (units.year == year))
            if len(rows) and coefficient[rows[0]]:
                file.write(_coefficients(plan, units, rows))
            elif len(rows):
                visited, weight = _visited(units.revenue[rows], plan.rules.split, draw)
                file.write(_visits(plan, units, rows[visited], weight))


def _together(parts: list[Starred]) -> Starred:
    return Starred(
        pa.concat_arrays([part.name for part in parts]),
        pa.concat_arrays([part.code for part in parts]),
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("klass", "year", "revenue", "value_added", "shares")
        ),
    )


def _visited(revenue: Array, split: dict[str, Any], draw: np.random.Generator) -> tuple[Array, Array]:
    """Positions of the visited units of one class and year and their weights; 0 is a unit visited for certain."""
    order = np.argsort(-revenue, kind="stable")
    certain = max(int(split["take_all_least"]), int(np.ceil(split["take_all"] * len(order))))
    rest = order[certain:]
    if len(rest) < split["smallest_remainder"]:
        return order, np.zeros(len(order))
    size = min(len(rest), max(int(split["sampled_least"]), int(np.ceil(split["sampled"] * len(rest)))))
    sampled = np.sort(draw.choice(rest, size, replace=False))
    weight = np.concatenate([np.zeros(certain), np.full(size, len(rest) / size)])
    return np.concatenate([order[:certain], sampled]), weight


def _visits(plan: Plan, units: Starred, rows: Array, weight: Array) -> pa.Table:
    """One row a visited unit and digital class, with digital and total revenue."""
    activity = plan.classes.activity[units.klass[rows]]
    visit, place = np.nonzero(activity >= 0)
    row, certain = rows[visit], weight[visit] == 0
    digital = np.rint(units.revenue[row] * units.shares[row, place]).astype(np.int64)
    scaled = np.rint(np.where(certain, 1.0, weight[visit]) * 10**DECIMALS_OF_WEIGHT).astype(np.int64)
    year = FIRST_YEAR + units.year[row]
    blank = pa.nulls(len(row), pa.string())
    index = pa.array(row)
    return _table(
        units.name.take(index),
        units.code.take(index),
        chosen(plan.classes.codes.tolist(), units.klass[row]),
        chosen(plan.classes.activities, activity[visit, place]),
        numbers(year),
        chosen(("visited",), np.zeros(len(row))),
        chosen(("take_all", "probability"), ~certain),
        amounts(scaled, DECIMALS_OF_WEIGHT),
        blank,
        amounts(digital),
        amounts(units.revenue[row]),
        joined(numbers(year + 1), "-03-15"),
        chosen(("合成走访记录 SYNTHETIC",), np.zeros(len(row))),
    )


def _coefficients(plan: Plan, units: Starred, rows: Array) -> pa.Table:
    """One row a digital class: the share of the whole class, as a higher-level bureau would state it."""
    first = rows[0]
    value = units.value_added[rows].astype(np.float64) / FEN_OF_YUAN
    share = (value[:, None] * units.shares[rows]).sum(axis=0) / value.sum()
    places = [place for place in range(ACTIVITIES_OF_CLASS) if plan.classes.activity[units.klass[first], place] >= 0]
    year = FIRST_YEAR + int(units.year[first])
    written = [f"{min(1.0, max(0.0, float(share[place]))):.{DECIMALS_OF_COEFFICIENT}f}" for place in places]
    count = len(places)
    blank = pa.nulls(count, pa.string())
    code = str(plan.classes.codes[units.klass[first]])
    activities = [plan.classes.activities[plan.classes.activity[units.klass[first], place]] for place in places]
    words = (code, str(year), "coefficient", "purposive", f"{year + 1}-03-15", "合成系数 SYNTHETIC")
    gbt, when, tier, design, dated, reference = (pa.repeat(word, count) for word in words)
    return _table(
        blank, blank, gbt, pa.array(activities), when, tier, design, blank, pa.array(written), blank, blank, dated,
        reference,
    )  # fmt: skip


def _table(*columns: pa.Array) -> pa.Table:
    return pa.table(dict(zip(EVIDENCE_COLUMNS, columns, strict=True)))
