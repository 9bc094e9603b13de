"""Digital value added of each unit by core class: parts that add up in both directions."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY, money
from keli.line.account.digital.classes import SLOTS, CoreClasses
from keli.line.account.digital.evidence import PROBABILITY, SAMPLE
from keli.line.account.unit.accounts import VALUED
from keli.line.account.unit.rates import RATED_COMPONENTS
from keli.methods.split_ratio import digital_part, digital_parts, digital_quotas

FULL = "full"
_NO = ibis.literal(value=False)
_DIMENSIONS = ("unit_id", "period", "area", "activity", "gbt_code", "size_class", "ownership", "basis",
               "matched_previous", "matched_next", "holder_id", "revenue")  # fmt: skip
_PARTED = (*RATED_COMPONENTS, "value_added")


def unit_splits(accounts: ir.Table, own: ir.Table, coefficients: ir.Table, classes: CoreClasses) -> ir.Table:
    """Value added of the district's units by digital-economy core class.

    Method: a class without star belongs to one core class with its whole value added (`full`). In a starred class the
    unit's own shares come first, then the coefficients of the class. Parts are rounded by largest remainder; the
    surplus of a part is its value added less its other components.

    Args:
        accounts: One unit in one year (`unit_account`), in yuan.
        own: One unit in one year with evidence of its own.
        coefficients: One year and starred class.
        classes: Core classes of GB/T codes.

    Returns:
        One unit, year and core class, the columns of `unit_split`; amounts in yuan.
    """
    valued = accounts.filter(accounts.in_district, ~accounts.consolidated, accounts.basis.isin(VALUED))
    whole = _in_classes(valued.filter(valued.core, ~valued.starred), classes)
    parted = _with_shares(_in_classes(valued.filter(valued.starred), classes), own, coefficients)
    single, many = parted.filter(parted.classes == 1), parted.filter(parted.classes > 1)
    splits = ibis.union(_full(whole), _columns(_single_part(single)), _columns(_own_part(many)))
    surplus = splits.value_added - sum(splits[name] for name in RATED_COMPONENTS)
    return splits.mutate(surplus=surplus.cast(MONEY))


def _in_classes(accounts: ir.Table, classes: CoreClasses) -> ir.Table:
    codes = classes.table()
    return accounts.inner_join(codes, accounts.gbt_code == codes.c_code).drop("c_code")


def _full(rows: ir.Table) -> ir.Table:
    """Units of classes without star: their whole value added."""
    return rows.select(
        *_DIMENSIONS,
        share=ibis.literal(1.0),
        split_evidence=ibis.literal(FULL),
        scaled=_NO,
        remainder=_NO,
        unit_value_added=rows.value_added,
        **{name: rows[name] for name in _PARTED},
    )


def _with_shares(rows: ir.Table, own: ir.Table, coefficients: ir.Table) -> ir.Table:
    """Units of starred classes with the shares that hold for them."""
    own = own.rename(o_unit="unit_id", o_period="period")
    rows = rows.left_join(own, [rows.unit_id == own.o_unit, rows.period == own.o_period])
    rows = rows.left_join(coefficients, [rows.period == coefficients.f_period, rows.gbt_code == coefficients.f_code])
    told = rows.own_tier.notnull()
    return rows.mutate(**{f"share_{slot}": told.ifelse(rows[f"own_{slot}"], rows[f"class_{slot}"]) for slot in SLOTS})


def _single_part(rows: ir.Table) -> ir.Table:
    """The digital part of units with one class."""
    return rows.mutate(**{_part(name): digital_part(rows[name].cast("float64"), rows.share_1) for name in _PARTED})


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
    return quoted.mutate(**{_part(name): _slot(quoted, parts[name]) for name in _PARTED})


def _part(name: str) -> str:
    return f"{name}_part"


def _columns(rows: ir.Table) -> ir.Table:
    sampled = (rows.own_design == PROBABILITY) & (rows.class_tier == SAMPLE)
    return rows.select(
        *_DIMENSIONS,
        share=_slot(rows, [rows[f"share_{slot}"] for slot in SLOTS]),
        split_evidence=rows.own_tier.coalesce(rows.class_tier),
        scaled=rows.scaled.fill_null(_NO),
        remainder=(rows.own_tier.isnull() | sampled).fill_null(_NO),
        unit_value_added=rows.value_added,
        **{name: money(rows[_part(name)]) for name in _PARTED},
    )


def _slot(rows: ir.Table, values: list[ir.Value]) -> ir.Value:
    """The value of the row's own slot."""
    return ibis.cases(*((rows["slot"] == slot, value) for slot, value in zip(SLOTS, values, strict=True)))


def remainder_populations(splits: ir.Table) -> dict[tuple[int, str], int]:
    """Units that the coefficient of a starred class stands for, sampled and not, by year and GB/T code.

    Args:
        splits: One unit, year and core class (`unit_split`).
    """
    rows = splits.filter(splits.remainder).group_by("period", "gbt_code")
    counts = rows.agg(units=splits.unit_id.nunique()).to_pyarrow().to_pylist()
    return {(row["period"], row["gbt_code"]): row["units"] for row in counts}
