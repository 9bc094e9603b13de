"""Digital value added of each unit by core class: parts that add up in both directions."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY, money
from keli.line.account.digital.classes import SLOTS
from keli.line.account.digital.evidence import FULL, PROBABILITY, SAMPLE
from keli.line.account.unit.rates import RATED_COMPONENTS
from keli.methods.split_ratio import digital_part, digital_parts, digital_quotas

_NO = ibis.literal(value=False)
_DIMENSIONS = ("unit_id", "period", "area", "activity", "gbt_code", "size_class", "ownership", "basis",
               "matched_previous", "matched_next", "holder_id", "grouped", "revenue")  # fmt: skip
_PARTED = (*RATED_COMPONENTS, "value_added")


def unit_splits(accounts: ir.Table, own: ir.Table, core_shares: ir.Table) -> ir.Table:
    """Value added of the district's units by digital-economy core class.

    Method: a class without star belongs to one core class with its whole value added (`full`). In a starred class the
    unit's own shares come first, then the coefficients of the class. Parts are rounded by largest remainder; the
    surplus of a part is its value added less its other components.

    Args:
        accounts: One unit in one year (`unit_account`), in yuan.
        own: One unit in one year with evidence of its own (`own_shares`).
        core_shares: One core code, digital class and year.

    Returns:
        One unit, year and core class, the columns of `unit_split` and the number of the class; amounts in yuan.
    """
    valued = accounts.filter(accounts.core, accounts.in_district, ~accounts.consolidated, accounts.valued)
    # Apart from each other: in a class of its own a unit's part is one product, and most units are in one class.
    single = _with_shares(valued, own, core_shares.filter(core_shares.classes == 1))
    many = _with_shares(valued, own, core_shares.filter(core_shares.classes > 1))
    splits = _columns(_single_part(single)).union(_columns(_own_part(many)))
    surplus = splits.value_added - sum(splits[name] for name in RATED_COMPONENTS)
    return splits.mutate(surplus=surplus.cast(MONEY))


def _with_shares(rows: ir.Table, own: ir.Table, core_shares: ir.Table) -> ir.Table:
    """Units once for each digital class of their code, with the shares that hold for them."""
    shares = core_shares.rename(s_period="period", s_code="gbt_code")
    rows = rows.inner_join(shares, [rows.period == shares.s_period, rows.gbt_code == shares.s_code])
    own = own.rename(o_unit="unit_id", o_period="period")
    rows = rows.left_join(own, [rows.unit_id == own.o_unit, rows.period == own.o_period])
    told = rows.own_tier.notnull()
    return rows.mutate(**{f"share_{slot}": told.ifelse(rows[f"own_{slot}"], rows[f"class_{slot}"]) for slot in SLOTS})


def _single_part(rows: ir.Table) -> ir.Table:
    """The digital part of units with one class; without a star it is the whole."""
    full = rows.class_tier == FULL
    parts = {name: money(digital_part(rows[name].cast("float64"), rows.share_1)) for name in _PARTED}
    return rows.mutate(**{_part(name): full.ifelse(rows[name], part) for name, part in parts.items()})


def _own_part(rows: ir.Table) -> ir.Table:
    """The part of each row's class in units with several classes: quotas first, so that each is formed once."""
    shares = [rows[f"share_{slot}"] for slot in SLOTS]
    quotas = {
        f"{name}_quota_{place}": quota
        for name in _PARTED
        for place, quota in enumerate(digital_quotas(rows[name].cast("float64"), shares))
    }
    quoted = rows.mutate(**quotas)
    parts = {
        name: digital_parts([quoted[f"{name}_quota_{place}"] for place in range(len(SLOTS) + 1)]) for name in _PARTED
    }
    return quoted.mutate(**{_part(name): money(_slot(quoted, parts[name])) for name in _PARTED})


def _part(name: str) -> str:
    return f"{name}_part"


def _columns(rows: ir.Table) -> ir.Table:
    sampled = (rows.own_design == PROBABILITY) & (rows.class_tier == SAMPLE)
    unstated = rows.own_tier.isnull() & (rows.class_tier != FULL)
    return rows.select(
        *_DIMENSIONS,
        "slot",
        "classes",
        share=_slot(rows, [rows[f"share_{slot}"] for slot in SLOTS]),
        split_evidence=rows.own_tier.coalesce(rows.class_tier),
        scaled=rows.scaled.fill_null(_NO),
        remainder=(unstated | sampled).fill_null(_NO),
        unit_value_added=rows.value_added,
        **{name: rows[_part(name)] for name in _PARTED},
    )


def _slot(rows: ir.Table, values: list[ir.Value]) -> ir.Value:
    """The value of the row's own slot."""
    return ibis.cases(*((rows["slot"] == slot, value) for slot, value in zip(SLOTS, values, strict=True)))
