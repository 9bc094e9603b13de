"""The same account in plain pandas: the honest peer of someone without an engine (vectorised, no loops over units)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from keli.line.account.digital.classes import core_classes
from keli.methods.split_ratio import digital_part, digital_parts, digital_quotas
from keli.model.catalogue import load_catalogue

KEY = ["unit_id", "period"]
LEAF = ["period", "area", "activity", "gbt_code", "size_class", "ownership", "basis", "split_evidence",
        "matched_previous", "matched_next"]  # fmt: skip
MEASURES = {"VA": "value_added", "CE": "compensation", "NTP": "net_taxes", "CFC": "depreciation", "OS": "surplus"}
RATED = ["compensation", "net_taxes", "depreciation", "value_added"]
BLANK_IS_ZERO = {"asset_impairment": 1, "credit_impairment": 1, "fair_value_gain": -1, "investment_income": -1,
                 "hedging_gain": -1, "asset_disposal_gain": -1}  # fmt: skip


def leaves_by_pandas(folder: Path) -> Path:
    """The account in plain pandas; rates and coefficients are those that the stage wrote."""
    accounts = _accounts(folder)
    splits = _splits(folder, accounts[accounts["basis"].isin(["reported", "imputed", "estimated"])])
    path = folder / "pandas_leaves.parquet"
    _leaves(splits).to_parquet(path)
    return path


def _read(folder: Path, table: str, columns: list[str]) -> pd.DataFrame:
    """A table; its decimals, which pandas would hold as objects, as floats."""
    read = pq.read_table(folder / f"{table}.parquet", columns=columns)
    amounts = [field.name for field in read.schema if pa.types.is_decimal(field.type)]
    for name in amounts:
        read = read.set_column(read.schema.get_field_index(name), name, read[name].cast(pa.float64()))
    frame = read.to_pandas()
    # The cast may be off in the last bit.
    frame[amounts] = frame[amounts].round(2)
    return frame


def _yuan(amount: pd.Series) -> pd.Series:
    """Two places, half away from zero (pandas itself rounds halves to even)."""
    return np.sign(amount) * np.floor(amount.abs() * 100 + 0.5) / 100


def _accounts(folder: Path) -> pd.DataFrame:
    items = ["payroll", "taxes_surcharges", "vat_payable", "depreciation", "operating_profit", "other_income"]
    units = _read(folder, "accounted_units", [
        *KEY, "in_district", "area", "covered", "holder_id", "ownership", "matched_previous", "matched_next",
        "gbt_code", "size_class", "quarters_revenue", "taxable_revenue", "return_revenue", *items, *BLANK_IS_ZERO,
    ])  # fmt: skip
    units = units[units["in_district"]].rename(columns={"return_revenue": "revenue"})
    names = ["period", "gbt_code", "value_added_rate", "compensation_ratio", "net_taxes_ratio", "depreciation_ratio",
             "depreciation_rate"]  # fmt: skip
    units["rate_code"] = units["gbt_code"].fillna("_N")
    rates = _read(folder, "rates", names).rename(columns={"gbt_code": "rate_code"})
    units = units.merge(rates, on=["period", "rate_code"], how="left")
    return _valued(units)


def _valued(units: pd.DataFrame) -> pd.DataFrame:
    usable = units[["revenue", "payroll", "taxes_surcharges", "vat_payable", "depreciation", "operating_profit"]]
    usable = usable.notna().any(axis=1)
    own = units["compensation"] = units["payroll"]
    units["net_taxes"] = units["taxes_surcharges"] + units["vat_payable"] - units["other_income"].fillna(0)
    blank = units["depreciation"].isna()
    units["depreciation"] = units["depreciation"].fillna(_yuan(units["revenue"] * units["depreciation_rate"]))
    surplus = units["operating_profit"] + sum(sign * units[name].fillna(0) for name, sign in BLANK_IS_ZERO.items())
    units["value_added"] = (own + units["net_taxes"] + units["depreciation"] + surplus).round(2)
    base = units["revenue"].fillna(units["quarters_revenue"]).fillna(units["taxable_revenue"])
    returned = units["value_added"].notna()
    units["basis"] = np.select(
        [units["covered"], returned & ~blank, returned, usable, base.isna()],
        ["covered", "reported", "imputed", "partial", "no_basis"],
        "estimated",
    )
    estimated = units["basis"] == "estimated"
    for name in RATED:
        rate = units["value_added_rate" if name == "value_added" else f"{name}_ratio"]
        units[name] = units[name].where(~estimated, _yuan(base * rate))
    return units


def _splits(folder: Path, accounts: pd.DataFrame) -> pd.DataFrame:
    classes = core_classes(load_catalogue())
    table = pd.DataFrame(
        [
            (code, activity, slot, len(some))
            for code, some in classes.activities.items()
            for slot, activity in enumerate(some)
        ],
        columns=["gbt_code", "activity", "slot", "classes"],
    )
    rows = accounts.merge(table, on="gbt_code")
    starred = rows["gbt_code"].isin(classes.starred)
    whole = rows[~starred].assign(split_evidence="full", share=1.0)
    part = _with_shares(folder, rows[starred], table)
    several = part["classes"] > 1
    for name in RATED:
        amount = part[name].to_numpy()
        shares = [part[f"s{slot}"].to_numpy() for slot in range(3)]
        parts = np.array(digital_parts(digital_quotas(amount, shares)))
        own = parts[part["slot"].to_numpy(), np.arange(len(part))]
        part[name] = np.where(several, own, digital_part(amount, shares[0])).round(2)
    both = pd.concat([whole, part])
    both["surplus"] = (both["value_added"] - both["compensation"] - both["net_taxes"] - both["depreciation"]).round(2)
    return both


def _with_shares(folder: Path, rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    evidence = _read(folder, "split_evidence", [*KEY, "activity", "tier", "share"]).rename(columns={"tier": "own_tier"})
    keys = rows[[*KEY, "gbt_code"]].drop_duplicates()
    own = evidence.merge(keys, on=KEY).merge(table, on=["gbt_code", "activity"])
    own = own.pivot_table(index=KEY, columns="slot", values="share", aggfunc="max").reindex(columns=range(3)).fillna(0)
    own = own.set_axis([f"o{slot}" for slot in range(3)], axis=1).reset_index().assign(own_tier="visited")
    coefficients = _read(folder, "split_coefficients", ["period", "gbt_code", "activity", "tier", "share"])
    wide = coefficients.merge(table, on=["gbt_code", "activity"])
    wide = wide.pivot_table(index=["period", "gbt_code", "tier"], columns="slot", values="share").reindex(
        columns=range(3)
    )
    wide = wide.fillna(0).set_axis([f"k{slot}" for slot in range(3)], axis=1).reset_index()
    joined = rows.merge(own, on=KEY, how="left").merge(wide, on=["period", "gbt_code"], how="left")
    joined["split_evidence"] = joined["own_tier"].fillna(joined["tier"])
    for slot in range(3):
        joined[f"s{slot}"] = joined[f"o{slot}"].where(joined["own_tier"].notna(), joined[f"k{slot}"])
    joined["share"] = joined[["s0", "s1", "s2"]].to_numpy()[np.arange(len(joined)), joined["slot"]]
    return joined[joined["split_evidence"].notna()].copy()


def _leaves(splits: pd.DataFrame) -> pd.DataFrame:
    counted = splits[splits["share"] > 0].groupby(["period", "holder_id"], as_index=False).size()
    several = counted[counted["size"] > 1][["period", "holder_id"]].assign(several=True)
    splits = splits.merge(several, on=["period", "holder_id"], how="left")
    lone = splits["several"].isna()
    found = []
    for measure, column in MEASURES.items():
        amount = splits[column]
        rows = splits[LEAF].assign(value=amount, absolute=amount.abs(), lone=amount.abs().where(lone & (amount != 0)))
        groups = rows.groupby(LEAF, sort=False)
        sums = groups.agg(
            value=("value", "sum"), absolute=("absolute", "sum"), units=("lone", "count"), x1=("lone", "max")
        )
        ranked = (
            rows.dropna(subset="lone").sort_values("lone", ascending=False).groupby(LEAF, sort=False)["lone"].nth(1)
        )
        second = rows.loc[ranked.index, LEAF].assign(x2=ranked)
        sums = sums.reset_index().merge(second, on=LEAF, how="left")
        sums.insert(len(LEAF), "measure", measure)
        found.append(sums)
    return pd.concat(found, ignore_index=True)
