"""Coefficients of starred classes: what units without evidence of their own use."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from keli.line.account.digital.classes import SLOTS, CoreClasses
from keli.line.account.digital.evidence import FULL, PROBABILITY, SAMPLE, TIERS
from keli.methods.split_ratio import combined_ratio, scale_of_shares

Coefficients = dict[tuple[int, str], dict[str, Any]]
_REVENUES = ("return_revenue", "quarters_revenue", "taxable_revenue")
# Units of a class without star are digital as a whole.
_WHOLE = {"class_tier": FULL, "class_1": 1.0, "class_2": 0.0, "class_3": 0.0}
# A sample of one unit says nothing about its own error.
_FEWEST_SAMPLED = 2


def sampled_units(usable: ir.Table, units: ir.Table) -> ir.Table:
    """Units of the probability samples of starred classes with their revenue and digital revenue.

    Args:
        usable: One statement and year of the account.
        units: One unit in one year with its class and revenue bases (`accounted_units`).

    Returns:
        One sampled unit, year of the account and digital class: the year of the sample, weight, revenue in yuan as
        stated, else the unit's own revenue base, share.
    """
    sample = usable.filter(usable.unit_id.notnull(), usable.design == PROBABILITY).select(
        "activity", "evidence_id", "year", "stated", "weight",
        e_unit="unit_id", e_period="period", stated_revenue="revenue",
    )  # fmt: skip
    starred = units.filter(units.starred, units.in_district, ~units.consolidated, ~units.covered)
    starred = starred.select("unit_id", "period", *_REVENUES, code="gbt_code")
    drawn = sample.inner_join(starred, [sample.e_unit == starred.unit_id, sample.e_period == starred.period])
    revenue = ibis.coalesce(drawn.stated_revenue, *(drawn[name] for name in _REVENUES)).cast("float64")
    return drawn.select(
        "year", "period", "code", "unit_id", "activity", "evidence_id", "stated",
        weight=drawn.weight.fill_null(1.0), revenue=revenue,
    ).order_by("year", "code", "period", "unit_id", "activity", "evidence_id")  # fmt: skip


def class_statements(usable: ir.Table) -> ir.Table:
    """Statements on whole classes by the year of the account that may use them, in a fixed order."""
    stated = usable.filter(usable.unit_id.isnull(), usable.gbt_code.notnull())
    return stated.select(
        "year", "period", "gbt_code", "activity", "tier", "rank", "stated", "dated", "evidence_id", "reference"
    ).order_by("year", "gbt_code", "rank", "period", "dated", "evidence_id")


def class_coefficients(
    statements: list[dict[str, Any]], sample: list[dict[str, Any]], classes: CoreClasses
) -> Coefficients:
    """Digital shares of starred classes from the best tier that has evidence in each year.

    Method: statements on the class in the order visited, catalogue, census, coefficient, sample, default; the combined
    ratio of the district's probability sample stands at `sample`. Within a tier the latest year, then the latest date.
    Where nothing is known there is no coefficient.

    Args:
        statements: Statements on classes (`class_statements`).
        sample: Sampled units (`sampled_units`).
        classes: Core classes of GB/T codes.

    Returns:
        Year and GB/T code -> tier, shares by digital class, number of sampled units, reference, and the sample itself.
    """
    found: Coefficients = {}
    keys = sorted({(row["year"], row["gbt_code"]) for row in statements}
                  | {(row["year"], row["code"]) for row in sample})  # fmt: skip
    for year, code in keys:
        if code not in classes.starred:
            continue
        own = [row for row in statements if (row["year"], row["gbt_code"]) == (year, code)]
        drawn = [row for row in sample if (row["year"], row["code"]) == (year, code)]
        best = _best(own, _sample_shares(drawn), classes.activities[code])
        if best is not None:
            found[year, code] = best
    return found


def _best(
    statements: list[dict[str, Any]], sample: dict[str, Any] | None, activities: tuple[str, ...]
) -> dict[str, Any] | None:
    for tier in TIERS:
        if tier == SAMPLE and sample is not None:
            return sample
        told = [row for row in statements if row["tier"] == tier and row["activity"] in activities]
        if told:
            return _stated(told, tier)
    return None


def _stated(told: list[dict[str, Any]], tier: str) -> dict[str, Any]:
    latest = max(row["period"] for row in told)
    # Rows come in the order of date and row: the last statement on a digital class stands.
    kept = {row["activity"]: row for row in told if row["period"] == latest}
    factor = scale_of_shares(sum(row["stated"] for row in kept.values()))
    references = sorted({row["reference"] for row in kept.values() if row["reference"]})
    return {
        "tier": tier,
        "shares": {activity: row["stated"] * factor for activity, row in sorted(kept.items())},
        "units": None,
        "reference": "; ".join(references) or None,
        "sample": None,
    }


def _sample_shares(drawn: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Combined ratios of the latest sample, or None where it is too small."""
    latest = max((row["period"] for row in drawn), default=None)
    rows = [row for row in drawn if row["period"] == latest and (row["revenue"] or 0) > 0]
    units = {row["unit_id"]: (row["revenue"], row["weight"]) for row in rows}
    if len(units) < _FEWEST_SAMPLED:
        return None
    stated = {(row["unit_id"], row["activity"]): row["stated"] for row in rows}
    sample = {
        activity: [
            (revenue, revenue * stated.get((unit, activity), 0.0), weight)
            for unit, (revenue, weight) in sorted(units.items())
        ]
        for activity in sorted({row["activity"] for row in rows})
    }
    shares = {activity: _ratio(values, len(units)).share for activity, values in sample.items()}
    factor = scale_of_shares(sum(shares.values()))
    return {"tier": SAMPLE, "shares": {activity: share * factor for activity, share in shares.items()},
            "units": len(units), "reference": None, "sample": sample}  # fmt: skip


def _ratio(values: list[tuple[float, float, float]], population: int) -> Any:
    revenue, digital, weight = zip(*values, strict=True)
    return combined_ratio(revenue, digital, weight, population)


def core_share_rows(found: Coefficients, classes: CoreClasses, years: range) -> list[dict[str, Any]]:
    """Rows of `core_shares`: the digital classes of every core code and what units without own evidence use.

    Args:
        found: Coefficients by year and GB/T code.
        classes: Core classes of GB/T codes.
        years: Years of the account.
    """
    return [
        {"period": year, "gbt_code": code, "activity": activity, "slot": slot, "classes": len(activities)} | told
        for year in years
        for code, activities in sorted(classes.activities.items())
        for told in [_class_shares(found.get((year, code)), activities) if code in classes.starred else _WHOLE]
        for slot, activity in zip(SLOTS, activities, strict=False)
    ]


def _class_shares(coefficient: dict[str, Any] | None, activities: tuple[str, ...]) -> dict[str, Any]:
    if coefficient is None:
        return {"class_tier": None}
    shares = [coefficient["shares"].get(activity, 0.0) for activity in activities]
    shares += [0.0] * (len(SLOTS) - len(shares))
    return {"class_tier": coefficient["tier"]} | {
        f"class_{slot}": share for slot, share in zip(SLOTS, shares, strict=True)
    }


def coefficient_rows(
    found: Coefficients, populations: dict[tuple[int, str], int], classes: CoreClasses
) -> list[dict[str, Any]]:
    """Rows of `split_coefficients`: shares with the variance that the size of the sampled remainder gives.

    Args:
        found: Coefficients by year and GB/T code.
        populations: Year and GB/T code -> units of the remainder, sampled and not.
        classes: Core classes of GB/T codes.
    """
    return [
        {"period": year, "gbt_code": code, "activity": activity, "share": entry["shares"].get(activity, 0.0),
         "tier": entry["tier"], "variance": _variance(entry, activity, populations.get((year, code), 0)),
         "units": entry["units"], "reference": entry["reference"]}
        for (year, code), entry in sorted(found.items())
        for activity in classes.activities[code]
    ]  # fmt: skip


def _variance(entry: dict[str, Any], activity: str, population: int) -> float | None:
    if entry["sample"] is None:
        return None
    values = entry["sample"].get(activity)
    return 0.0 if values is None else _ratio(values, max(population, entry["units"])).variance
