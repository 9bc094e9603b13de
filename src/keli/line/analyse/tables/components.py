"""Value added by component of income, and by what it rests on."""

from __future__ import annotations

import pandas as pd

from keli.line.analyse.account import PLACE, Account, benchmarked
from keli.line.analyse.tables.rows import HUNDRED_MILLION, MISSING, NORMAL, figures
from keli.methods.growth import share

COMPONENTS = ("CE", "NTP", "CFC", "OS")
MIDDLE_DIGITS = 4
DIMENSIONS = ("basis", "split_evidence")


def components(account: Account) -> list[pd.DataFrame]:
    """Compensation, net taxes, depreciation and surplus, benchmarked, and their shares in value added.

    Returns:
        Figures for the district and its subdistricts by core total, major and middle; components add up to VA.
    """
    whole = _benchmarked_cells(account, account.cells_of("VA"))
    whole = whole[whole["activity"].str.len() <= MIDDLE_DIGITS]
    found = [_amounts(whole, "VA")]
    for component in COMPONENTS:
        part = _benchmarked_cells(account, account.cells_of(component))
        found += [_amounts(part, component), _shares(part, whole, f"SHARE_{component}")]
    return found


def evidence(account: Account) -> list[pd.DataFrame]:
    """Value added by basis (reported, imputed, estimated) and by split tier, and its shares.

    Returns:
        Figures for the district by core total, major and starred class; one breakdown at a time.
    """
    whole = _benchmarked_cells(account, account.cells_of("VA"))
    cells = account.cells
    found = []
    for dimension in DIMENSIONS:
        tiers = cells[(cells["measure"] == "VA") & (cells["dimension"] == dimension)]
        part = _benchmarked_cells(account, tiers).rename(columns={"unit_set": dimension})
        found += [_amounts(part, "VA", dimension), _shares(part, whole, "SHARE_VA", dimension)]
    return found


def _benchmarked_cells(account: Account, cells: pd.DataFrame) -> pd.DataFrame:
    """Return core cells with their benchmarked value; plates have no single factor and are left out."""
    core = cells[~cells["activity"].str.startswith("P")].reset_index(drop=True)
    return core.assign(benchmarked=benchmarked(account, core))


def _amounts(cells: pd.DataFrame, measure: str, dimension: str | None = None) -> pd.DataFrame:
    cells_of = [[address] for address in cells["cell_id"]]
    return figures(cells, measure, cells["benchmarked"] / HUNDRED_MILLION, cells_of, **_divided(cells, dimension))


def _shares(part: pd.DataFrame, whole: pd.DataFrame, measure: str, dimension: str | None = None) -> pd.DataFrame:
    """Return the share of the part in the value added of its place; missing where that is not positive.

    An absent row would tell that a value added withheld is not positive.
    """
    pairs = part.merge(whole[[*PLACE, "cell_id", "benchmarked"]], on=PLACE, suffixes=("", "_whole"))
    whole_value, undefined = pairs["benchmarked_whole"], pairs["benchmarked_whole"] <= 0
    cells = [list(both) for both in zip(pairs["cell_id"], pairs["cell_id_whole"], strict=True)]
    values = share(pairs["benchmarked"], whole_value.mask(undefined))
    status = undefined.map({True: MISSING, False: NORMAL})
    return figures(pairs, measure, values, cells, obs_status=status, **_divided(pairs, dimension))


def _divided(cells: pd.DataFrame, dimension: str | None) -> dict[str, pd.Series]:
    return {} if dimension is None else {dimension: cells[dimension]}
