"""Every control figure beside what the account finds."""

from __future__ import annotations

import pandas as pd

from keli.line.analyse.account import PLACE, Account, addresses
from keli.line.analyse.tables.rows import ESTIMATED, HUNDRED_MILLION, MISSING, figures


def reconciliation(account: Account, value_added: pd.DataFrame) -> list[pd.DataFrame]:
    """Control, estimate, difference and factor of every control, and whether it lies inside the interval.

    Args:
        account: Controls and cells.
        value_added: The figures of value added: estimate, bounds and benchmarked figure.

    Returns:
        Figures by control: VA is held against VA_UNBENCHMARKED and its interval, VA_PUBLISHED against the
        benchmarked VA of the same year, GDP against nothing. What the account has no figure for has no estimate.
        The comparison rests on what the compared figure rests on. A control of VA rests on the cell of its place:
        benchmarked VA equals it. GDP and published figures are free.
    """
    controls = account.controls[account.controls["price_base"] == "V"].sort_values([*PLACE, "measure"])
    controls = controls.rename(columns={"measure": "control", "value": "supplied"}).reset_index(drop=True)
    supplied = controls["supplied"] / HUNDRED_MILLION
    found = [figures(controls, "CONTROL", supplied, _control_cells(account, controls), control=controls["control"])]
    for control, measure in (("VA", "VA_UNBENCHMARKED"), ("VA_PUBLISHED", "VA")):
        pairs = controls[controls["control"] == control].merge(_estimates(value_added, measure), on=PLACE)
        if control == "VA":
            pairs = pairs.merge(_estimates(value_added, "VA_LOWER"), on=PLACE, how="left", suffixes=("", "_lower"))
            pairs = pairs.merge(_estimates(value_added, "VA_UPPER"), on=PLACE, how="left", suffixes=("", "_upper"))
        found += _compared(pairs, control)
    return found


def _control_cells(account: Account, controls: pd.DataFrame) -> list[list[str]]:
    """Return the cell of the place of each control of VA, where there is one."""
    known = frozenset(account.cells_of("VA")["cell_id"])
    return [
        [address] if control == "VA" and address in known else []
        for control, address in zip(controls["control"], addresses(controls), strict=True)
    ]


def _estimates(value_added: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return period, area, activity and the account's figure at current prices with the cells that it rests on."""
    current = (value_added["price_base"] == "V") & (value_added["rests_on"].str.len() > 0)
    chosen = value_added[current & (value_added["measure"] == measure)]
    renamed = chosen.rename(columns={"time_period": "period", "ref_area": "area", "obs_value": "estimate"})
    return renamed.astype({"period": "int32"})[[*PLACE, "estimate", "rests_on"]]


def _compared(pairs: pd.DataFrame, control: str) -> list[pd.DataFrame]:
    """Return the comparison of each pair, every measure of it; one that has no meaning stands as missing.

    An absent factor would tell that an estimate withheld is not positive.
    """
    supplied = pairs["supplied"] / HUNDRED_MILLION
    values = {
        "ESTIMATE": pairs["estimate"],
        "DIFFERENCE": pairs["estimate"] - supplied,
        "FACTOR": supplied / pairs["estimate"].where(pairs["estimate"] > 0),
    }
    if "estimate_lower" in pairs:
        known = pairs["estimate_lower"].notna() & pairs["estimate_upper"].notna()
        inside = (pairs["estimate_lower"] <= supplied) & (supplied <= pairs["estimate_upper"])
        values["INSIDE_INTERVAL"] = inside.astype("float64").where(known)
    return [
        figures(pairs, measure, value, pairs["rests_on"], control=control, obs_status=_status(value))
        for measure, value in values.items()
    ]


def _status(value: pd.Series) -> pd.Series:
    return value.isna().map({True: MISSING, False: ESTIMATED}).astype(object)
