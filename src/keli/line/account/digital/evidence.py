"""Evidence of their own that units of starred classes have on their digital part."""

from __future__ import annotations

from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir

from keli.base.periods import MONTHS_IN_YEAR
from keli.line.account.digital.classes import SLOTS, CoreClasses

TIERS = ("visited", "catalogue", "census", "coefficient", "sample", "default")
SAMPLE, FULL = "sample", "full"
PROBABILITY = "probability"
# Orders of a tie: the better tier within a year, the later row within a date.
_YEAR_STEP = 10
_DAY_STEP = 10**10


def stated_shares(split_evidence: ir.Table) -> ir.Table:
    """Statements that say a share, as stated or as digital over total revenue; others say nothing and are left.

    Args:
        split_evidence: One statement on a unit or a class.

    Returns:
        The same grain with `stated`, the share, and `rank`, the place of its tier.
    """
    ratio = split_evidence.digital_revenue.cast("float64") / split_evidence.revenue.nullif(0).cast("float64")
    ranks = {tier: rank for rank, tier in enumerate(TIERS)}
    told = split_evidence.mutate(
        stated=split_evidence.share.coalesce(ratio),
        rank=ibis.cases(*((split_evidence.tier == tier, rank) for tier, rank in ranks.items())),
        dated=split_evidence.evidence_date.coalesce(ibis.date(split_evidence.period, 12, 31)),
    )
    return told.filter(told.stated >= 0, told.rank.notnull())


def usable_statements(told: ir.Table, max_months: dict[int, int]) -> ir.Table:
    """Statements by the year of the account that may use them: of the year itself, or earlier and still in force.

    Method: a statement on a unit lapses at the highest age, counted in whole months from the month of the evidence to
    December of the year; a statement on a class (census share, coefficient of a higher-level bureau) stands until a
    later one replaces it.

    Args:
        told: One statement with its date.
        max_months: Year of the account -> highest age in months.

    Returns:
        One statement and year of the account (`year`).
    """
    schema = {"year": "int32", "max_months": "int32"}
    years = ibis.memtable([{"year": y, "max_months": m} for y, m in sorted(max_months.items())], schema=schema)
    paired = told.cross_join(years)
    age = (paired.year - paired.dated.year()) * MONTHS_IN_YEAR + MONTHS_IN_YEAR - paired.dated.month()
    return paired.filter(paired.period <= paired.year, paired.unit_id.isnull() | (age <= paired.max_months)).drop(
        "max_months"
    )


def own_shares(usable: ir.Table, units: ir.Table, classes: CoreClasses) -> ir.Table:
    """Digital shares of units of starred classes by evidence of their own, one column for each class of the unit.

    Method: evidence of the year before evidence of earlier years, the latest first; within a year by tier (visited,
    catalogue, census, coefficient, sample, default); within a tier the statement with the latest date. Shares that add
    up to more than the whole unit are scaled down to it and marked.

    Args:
        usable: One statement on a unit and year of the account.
        units: One unit in one year with its class.
        classes: Core classes of GB/T codes.

    Returns:
        One unit in one year: `own_1`..`own_3`, `own_tier`, `own_design`, `scaled`.
    """
    placed = _in_class(usable.filter(usable.unit_id.notnull()), units, classes)
    placed = placed.mutate(order=placed.period * _YEAR_STEP - placed["rank"])
    best = placed.group_by("unit_id", "year").agg(best=placed.order.max())
    best = best.rename(k_unit="unit_id", k_year="year")
    chosen = placed.inner_join(
        best,
        [placed.unit_id == best.k_unit, placed.year == best.k_year, placed.order == best.best],
    )
    age = chosen.dated.epoch_days().cast("int64") * _DAY_STEP + chosen.evidence_id
    latest = (
        chosen.mutate(age=age)
        .group_by("unit_id", "year", "slot")
        .agg(
            stated=lambda t: t.stated.argmax(t.age),
            own_tier=lambda t: t.tier.max(),
            own_design=lambda t: t.design.argmax(t.age),
        )
    )
    wide = latest.group_by("unit_id", "year").agg(
        own_tier=latest.own_tier.max(),
        own_design=latest.own_design.max(),
        **{f"own_{slot}": latest.stated.max(where=latest["slot"] == slot).fill_null(0.0) for slot in SLOTS},
    )
    total = reduce(add, [wide[f"own_{slot}"] for slot in SLOTS])
    factor = (total > 1).ifelse(1 / total, 1.0)
    return wide.select(
        "unit_id", "own_tier", "own_design", period="year", scaled=total > 1,
        **{f"own_{slot}": wide[f"own_{slot}"] * factor for slot in SLOTS},
    )  # fmt: skip


def _in_class(usable: ir.Table, units: ir.Table, classes: CoreClasses) -> ir.Table:
    """Statements on units whose class of the year is starred and has the digital class of the statement."""
    starred = units.filter(units.starred).select(a_unit="unit_id", a_period="period", code="gbt_code")
    joined = usable.inner_join(starred, [usable.unit_id == starred.a_unit, usable.year == starred.a_period])
    slots = classes.table().rename(c_activity="activity")
    return joined.inner_join(slots, [joined.code == slots.c_code, joined.activity == slots.c_activity])
