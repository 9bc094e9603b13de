"""Coverage counts: how many units there are, are classified, report, and cannot be valued."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.line.account.holders import holders_of_several, marked_several

UNCLASSIFIED = "_U"
_LEAF = ("period", "area", "gbt_code")


def counted_units(accounts: ir.Table) -> ir.Table:
    """The district's units of a year, whatever their basis.

    Method: UNITS and UNITS_CLASSIFIED are counts of the register: a registered unit counts even where all that is told
    of its money is a consolidated group's. The other measures are about figures and leave consolidated units out.

    Args:
        accounts: One unit in one year (`unit_account`).

    Returns:
        One unit in one year with one truth value for each coverage measure.
    """
    units = accounts.filter(accounts.in_district, accounts.registered | ~accounts.consolidated)
    own = ~units.consolidated
    rows = units.select(
        "unit_id", "period", "holder_id", "area",
        gbt_code=units.gbt_code.fill_null(UNCLASSIFIED),
        UNITS=ibis.literal(value=True),
        UNITS_CLASSIFIED=units.gbt_code.notnull(),
        UNITS_WITH_RETURNS=own & units.has_return,
        UNITS_UNREGISTERED=own & ~units.registered,
        UNITS_PARTIAL=own & (units.basis == "partial"),
        UNITS_NO_BASIS=own & (units.basis == "no_basis"),
    )  # fmt: skip
    return marked_several(rows, holders_of_several(rows, []).cache())


def count_leaf_rows(units: ir.Table) -> ir.Table:
    """Counts by year, area and GB/T code, the columns of `count_leaves`.

    Method: units are counted once, by what is true of them; the measures are sums of those counts.
    """
    alike = units.group_by(*_LEAF, *_measures(units), "several").agg(number=units.count())
    wide = alike.group_by(*_LEAF).agg(
        **{name: alike.number.sum(where=alike[name]).fill_null(0) for name in _measures(units)},
        **{
            f"{name}_lone": alike.number.sum(where=alike[name] & ~alike.several).fill_null(0)
            for name in _measures(units)
        },
    )
    cells = ibis.array([
        ibis.struct({"measure": name, "units": wide[name], "lone_units": wide[f"{name}_lone"]})
        for name in _measures(units)
    ])  # fmt: skip
    rows = wide.select(*_LEAF, cell=cells.unnest()).unpack("cell")
    return rows.filter(rows.units > 0).order_by(*_LEAF, "measure")


def count_contributor_rows(units: ir.Table) -> ir.Table:
    """Counts of holders with several units by leaf, the columns of `count_contributors`."""
    held = units.filter(units.several)
    wide = held.group_by(*_LEAF, "holder_id").agg(**{name: held[name].sum() for name in _measures(held)})
    cells = ibis.array([ibis.struct({"measure": name, "units": wide[name]}) for name in _measures(held)])
    rows = wide.select(*_LEAF, "holder_id", cell=cells.unnest()).unpack("cell")
    return rows.filter(rows.units > 0).order_by(*_LEAF, "measure", "holder_id")


def _measures(units: ir.Table) -> list[str]:
    return [name for name in units.columns if name.startswith("UNITS")]
