"""Digital value added of each unit by core class: parts that add up in both directions."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY
from keli.line.account.digital.classes import SLOTS, CoreClasses
from keli.line.account.digital.evidence import PROBABILITY
from keli.line.account.unit.accounts import VALUED
from keli.line.account.unit.rates import RATED_COMPONENTS
from keli.methods.split_ratio import digital_part, digital_parts

FULL = "full"
_DIMENSIONS = ("unit_id", "period", "area", "activity", "gbt_code", "size_class", "ownership", "basis",
               "matched_previous", "matched_next", "holder_id", "revenue")  # fmt: skip
_PARTED = (*RATED_COMPONENTS, "value_added")


def unit_splits(
    accounts: ir.Table, own: ir.Table, coefficients: ir.Table, classes: CoreClasses
) -> ir.Table:
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
    shared = _with_shares(accounts, own, coefficients, classes)
    star = shared.starred
    amounts = {name: star.ifelse(_part(shared, name), shared[name]) for name in _PARTED}
    splits = shared.select(
        *_DIMENSIONS,
        share=star.ifelse(_slot(shared, [shared[f"share_{slot}"] for slot in SLOTS]), 1.0),
        split_evidence=star.ifelse(shared.own_tier.coalesce(shared.class_tier), FULL),
        scaled=shared.scaled.fill_null(False),
        remainder=star & (shared.own_tier.isnull() | (shared.own_design == PROBABILITY)),
        unit_value_added=shared.value_added,
        **amounts,
    )
    surplus = splits.value_added - sum(splits[name] for name in RATED_COMPONENTS)
    return splits.mutate(surplus=surplus.cast(MONEY))


def _with_shares(
    accounts: ir.Table, own: ir.Table, coefficients: ir.Table, classes: CoreClasses
) -> ir.Table:
    rows = accounts.filter(accounts.in_district, ~accounts.consolidated, accounts.basis.isin(VALUED))
    codes = classes.table()
    rows = rows.inner_join(codes, rows.gbt_code == codes.c_code).drop("c_code")
    own = own.rename(o_unit="unit_id", o_period="period")
    rows = rows.left_join(own, [rows.unit_id == own.o_unit, rows.period == own.o_period])
    rows = rows.left_join(
        coefficients, [rows.period == coefficients.f_period, rows.gbt_code == coefficients.f_code]
    )
    has_own = rows.own_tier.notnull()
    return rows.mutate(
        starred=rows.gbt_code.isin(sorted(classes.starred)),
        **{f"share_{slot}": has_own.ifelse(rows[f"own_{slot}"], rows[f"class_{slot}"]) for slot in SLOTS},
    )


def _part(rows: ir.Table, name: str) -> ir.Value:
    """The part of the row's class in an amount of the unit."""
    total = rows[name].cast("float64")
    shares = [rows[f"share_{slot}"] for slot in SLOTS]
    several = _slot(rows, digital_parts(total, shares))
    return (rows.classes == 1).ifelse(digital_part(total, shares[0]), several).round(2).cast(MONEY)


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
