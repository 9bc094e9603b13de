"""The truth on file: for tests only; keli.yaml never names it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from keli.sample.truth.calibration import constant_price_growth
from keli.sample.truth.classes import ACTIVITIES_OF_CLASS
from keli.sample.truth.conventions import LAST_YEAR, YEARS
from keli.sample.truth.population import OUTSIDE
from keli.sample.truth.world import Chunk, Plan

Array = npt.NDArray[Any]

MONEY = pa.decimal128(18, 2)
KINDS = ("legal", "local_activity", "individual")
COMPONENTS = ("compensation", "net_taxes", "depreciation", "surplus")
FEN_OF_YI = 10**10


def money(fen: Array) -> pa.Array:
    """Fen as decimal yuan, exact."""
    words = np.stack([fen, fen >> 63], axis=1).astype("<i8")
    return pa.Array.from_buffers(MONEY, len(fen), [None, pa.py_buffer(np.ascontiguousarray(words))])


class TruthFiles:
    """truth/units.parquet and truth/digital.parquet, written chunk by chunk, and truth/headline.json."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._sums: Array = np.zeros(0)

    def write(self, chunk: Chunk, key: pa.Array, name: pa.Array, subdistricts: tuple[str, ...]) -> None:
        """Append a chunk.

        Args:
            chunk: Units and what is true of them.
            key: What the truth calls each unit.
            name: Registered names.
            subdistricts: Codes of the subdistricts.
        """
        self._append("units", _unit_years(chunk, key, name, subdistricts))
        self._append("digital", _digital(chunk, key))
        sums = _activity_fen(chunk)
        self._sums = sums if self._sums.size == 0 else self._sums + sums

    def close(self, plan: Plan) -> dict[str, Any]:
        """End the files, write the headline and return it."""
        for writer in self._writers.values():
            writer.close()
        headline = _headline(plan, self._sums)
        text = json.dumps(headline, ensure_ascii=False, indent=1, sort_keys=True)
        (self._folder / "headline.json").write_text(text + "\n", encoding="utf-8")
        return headline

    def _append(self, name: str, table: pa.Table) -> None:
        if name not in self._writers:
            path = self._folder / f"{name}.parquet"
            self._writers[name] = pq.ParquetWriter(path, table.schema, compression="zstd")
        self._writers[name].write_table(table)


def _unit_years(chunk: Chunk, key: pa.Array, name: pa.Array, subdistricts: tuple[str, ...]) -> pa.Table:
    """One row a unit and year in which it exists."""
    units, accounts, members = chunk.units, chunk.accounts, chunk.members
    row, year = np.nonzero((units.born[:, None] <= YEARS) & (units.died[:, None] >= YEARS))
    index = pa.array(row)
    area = units.area[row, year]
    columns = {
        "unit": key.take(index),
        "name": name.take(index),
        "year": pa.array(YEARS[year].astype(np.int32)),
        "kind": pa.array(KINDS).take(pa.array(units.kind[row])),
        "gbt_code": pa.array(chunk.plan.classes.codes.tolist()).take(pa.array(units.klass[row, year])),
        "subdistrict": pa.array(subdistricts).take(pa.array(area, mask=area == OUTSIDE)),
        "in_district": pa.array(area != OUTSIDE),
        "covered": pa.array(units.inside[row]),
        "unregistered": pa.array(units.unregistered[row]),
        "in_frame": pa.array(members.member[row, year]),
        "reaches_threshold": pa.array(members.reaches[row, year]),
        "missing_from_frame": pa.array(members.missing[row]),
        "annual_return": pa.array(members.returns[row, year]),
        "revenue": money(accounts.revenue[row, year]),
        "value_added": money(accounts.value_added[row, year]),
        "core_value_added": money(accounts.digital[row, year].sum(axis=1)),
    }
    return pa.table(columns | {part: money(accounts.component(part)[row, year]) for part in COMPONENTS})


def _digital(chunk: Chunk, key: pa.Array) -> pa.Table:
    """One row a unit, year and digital class with value added."""
    units, classes = chunk.units, chunk.plan.classes
    row, year, place = np.nonzero(chunk.accounts.digital)
    klass = units.klass[row, year]
    return pa.table(
        {
            "unit": key.take(pa.array(row)),
            "year": pa.array(YEARS[year].astype(np.int32)),
            "activity": pa.array(classes.activities).take(pa.array(classes.activity[klass, place])),
            "gbt_code": pa.array(classes.codes.tolist()).take(pa.array(klass)),
            "share": pa.array(chunk.shares[row, year, place]),
            "value_added": money(chunk.accounts.digital[row, year, place]),
        }
    )


def _activity_fen(chunk: Chunk) -> Array:
    """Digital value added by year and activity, fen, exact."""
    classes = chunk.plan.classes
    sums = np.zeros((len(YEARS), len(classes.activities)), dtype=np.int64)
    for place in range(ACTIVITIES_OF_CLASS):
        position = classes.activity[chunk.units.klass, place]
        for year in range(len(YEARS)):
            here = position[:, year] >= 0
            np.add.at(sums[year], position[:, year][here], chunk.accounts.digital[:, year, place][here])
    return sums


def _headline(plan: Plan, sums: Array) -> dict[str, Any]:
    """The headline of every year in the units of the letter, and the core by major of the classification."""
    core = sums.sum(axis=1)
    share = core / plan.truth.gdp * 100
    growth = constant_price_growth(plan.classes, plan.catalogue, plan.truth, sums)
    majors = np.array([activity[:2] for activity in plan.classes.activities])
    years = {}
    for at, year in enumerate(YEARS.tolist()):
        years[str(year)] = {
            "core_value_added_yi": int(core[at]) / FEN_OF_YI,
            "core_value_added_fen": int(core[at]),
            "gdp_yi": int(plan.truth.gdp[at]) / FEN_OF_YI,
            "share_gdp_pct": float(share[at]),
            "share_gdp_change_pp": float(share[at] - share[at - 1]) if at else None,
            "growth_constant_prices_pct": float(growth[at]) if at else None,
            "majors_yi": {
                major: int(sums[at][majors == major].sum()) / FEN_OF_YI for major in sorted(set(majors.tolist()))
            },
        }
    return {"note": "SYNTHETIC", "units": plan.units, "seed": plan.seed, "last_year": LAST_YEAR, "years": years}
