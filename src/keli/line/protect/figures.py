"""Open figures: free, or confidential and empty."""

from __future__ import annotations

import pandas as pd

from keli.base.errors import ContractError, NotClosedError

FREE, CONFIDENTIAL = "F", "C"
MISSING = "M"


def protected_figures(figures: pd.DataFrame, cells: frozenset[str], sensitive: frozenset[str]) -> pd.DataFrame:
    """Figures as they may leave: one that rests on a sensitive cell is marked C and has no value.

    Args:
        figures: Rows of one open table before protection, with `rests_on`.
        cells: Addresses of all base cells.
        sensitive: Addresses of the sensitive ones.

    Returns:
        The same rows with `conf_status`, without `rests_on`. The obs_status of all confidential rows is M: a status of
        their own would tell which of them had no figure, such as a rate over a base that is not positive.

    Raises:
        ContractError: A figure rests on a cell that is not there.
        NotClosedError: A confidential figure kept its value, or a row was lost.
    """
    unknown = sum(1 for addresses in figures["rests_on"] for address in addresses if address not in cells)
    if unknown:
        raise ContractError(f"{unknown} figures rest on base cells that are not there.")
    confidential = figures["rests_on"].map(lambda addresses: any(address in sensitive for address in addresses))
    confidential = confidential.astype(bool)
    status = confidential.map({True: CONFIDENTIAL, False: FREE})
    value = figures["obs_value"].mask(confidential)
    observed = figures["obs_status"].mask(confidential, MISSING)
    protected = figures.drop(columns="rests_on").assign(obs_value=value, obs_status=observed, conf_status=status)
    check_withheld(figures, protected)
    return protected


def check_withheld(before: pd.DataFrame, after: pd.DataFrame) -> None:
    """Check that no confidential figure has a value and that no row was lost.

    Raises:
        NotClosedError: One has, or one was.
    """
    kept = int(after.loc[after["conf_status"] == CONFIDENTIAL, "obs_value"].notna().sum())
    if kept or len(before) != len(after):
        raise NotClosedError(
            f"{kept} confidential figures kept their value, {len(before) - len(after)} rows were lost.",
            next_step="Nothing is released. Report this with the versions that `keli --version` prints.",
        )
