"""Rows of open tables as SDMX writes them, from figures and the base cells that they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from keli.base.errors import CatalogueError
from keli.line.analyse.ancestors import ALL, CORE
from keli.model.catalogue import Catalogue
from keli.model.indicators import Indicator, indicators

CURRENT, CONSTANT, NOT_APPLICABLE = "V", "Q", "_Z"
NORMAL, ESTIMATED, MISSING = "A", "E", "M"
HUNDRED_MILLION = 10**8
"""Yuan in one 亿元: obs_value with unit_mult 8."""

FIGURE = ["time_period", "ref_area", "activity", "measure", "price_base", "base_period", "obs_value", "obs_status"]


def figures(
    places: pd.DataFrame,
    measure: str,
    values: Any,
    rests_on: Iterable[list[str]],
    **attributes: Any,
) -> pd.DataFrame:
    """Figures of one measure.

    Args:
        places: One row a figure: period, area, activity, in any order; other columns are ignored.
        measure: Indicator code.
        values: The figures, unrounded, in the order of `places`; those that are not a number are left out, or
            stand empty where their obs_status is M.
        rests_on: Base cells of each figure.
        attributes: price_base, base_period, obs_status or a dimension of the table; V, none, A and _T where
            not given.
    """
    given = {"price_base": CURRENT, "base_period": None, "obs_status": NORMAL, **attributes}
    frame = pd.DataFrame(
        {
            "time_period": places["period"].astype(str).to_numpy(),
            "ref_area": places["area"].to_numpy(),
            "activity": places["activity"].to_numpy(),
            "measure": measure,
            "obs_value": np.asarray(values, dtype=float),
        }
    )
    for name, value in given.items():
        frame[name] = value.to_numpy() if isinstance(value, pd.Series) else value
    frame["rests_on"] = pd.Series(list(rests_on), dtype=object)
    return frame[np.isfinite(frame["obs_value"]) | (frame["obs_status"] == MISSING)]


def table_rows(table: str, parts: list[pd.DataFrame], catalogue: Catalogue, area: str, year: int) -> ir.Table:
    """The rows of one table before protection, in the order of its key.

    Args:
        table: Name without `cells_`.
        parts: Figures.
        catalogue: Columns, units, decimals.
        area: Code of the district.
        year: Year whose rounding holds.

    Returns:
        An expression with the columns of the table's catalogue entry.

    Raises:
        CatalogueError: A measure has no indicator or no decimals.
    """
    spec = catalogue.tables[f"cells_{table}"]
    schema = ibis.schema({column.name: column.type for column in spec.columns}).to_pyarrow()
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*FIGURE, "rests_on"])
    for dimension in spec.key:
        if dimension not in frame:
            frame[dimension] = ALL
        frame[dimension] = frame[dimension].fillna(ALL)
    frame = frame.sort_values(list(spec.key), ignore_index=True).assign(freq="A", accumulation="D")
    known = {measure: _indicator(table, measure) for measure in sorted(set(frame["measure"]))}
    frame["unit_measure"] = frame["measure"].map({measure: known[measure].unit_measure for measure in known})
    frame["unit_mult"] = frame["measure"].map({measure: known[measure].unit_mult for measure in known})
    frame["decimals"] = _decimals(frame, catalogue, area, year)
    rows = pa.Table.from_pandas(frame[list(spec.column_names)], schema=schema, preserve_index=False)
    return ibis.memtable(rows).order_by(list(spec.key))


def _indicator(table: str, measure: str) -> Indicator:
    if (table, measure) not in indicators():
        raise CatalogueError(
            f'The measure "{measure}" of {table} is not in the catalogue.',
            next_step=f"Add it to catalogue/indicators/{table}.yaml.",
        )
    return indicators()[table, measure]


def _decimals(frame: pd.DataFrame, catalogue: Catalogue, area: str, year: int) -> pd.Series:
    """Return the decimals of each row: headline for the core and the whole of the district, detail below."""
    decimals: dict[str, dict[str, int]] = catalogue.parameter("rounding/decimals").at(year)
    lacking = sorted(set(frame["measure"]) - set(decimals))
    if lacking:
        raise CatalogueError(
            f'The parameter "rounding/decimals" does not name {", ".join(lacking)}.',
            example=f"{lacking[0]}: {{headline: 2, detail: 4}}",
            next_step="Name every measure in the local copy of the parameter.",
        )
    headline = (frame["ref_area"] == area) & frame["activity"].isin([CORE, ALL])
    of = {
        grade: frame["measure"].map({name: entry[grade] for name, entry in decimals.items()})
        for grade in ("headline", "detail")
    }
    return of["headline"].where(headline, of["detail"])
