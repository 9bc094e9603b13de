"""Coverage counts: how many units there are, are classified, report, and cannot be valued."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.line.account.holders import holders_of_several, marked_several

UNCLASSIFIED = "_U"
_LEAF = ("period", "area", "gbt_code")
_ALIKE = (*_LEAF, "in_district", "registered", "consolidated", "has_return", "basis")


def counted_alike(accounts: ir.Table) -> ir.Table:
    """Numbers of units that are alike in all that coverage counts; those of holders of several units, by holder.

    Args:
        accounts: One unit in one year (`unit_accounts`).

    Returns:
        One combination: `number`, and `holder`, where some unit names it as another than itself.
    """
    rows = accounts.mutate(holder=accounts.grouped.ifelse(accounts.holder_id, None))
    return rows.group_by(*_ALIKE, "holder").agg(number=rows.count())


def counted_units(alike: ir.Table) -> ir.Table:
    """The district's units of a year, whatever their basis.

    Method: UNITS and UNITS_CLASSIFIED are counts of the register: a registered unit counts even where all that is told
    of its money is a consolidated group's. The other measures are about figures and leave consolidated units out.

    Args:
        alike: Numbers of units that are alike (`counted_alike`).

    Returns:
        The same grain with one truth value for each coverage measure, and whether the holder has `several` units.
    """
    units = alike.filter(alike.in_district, alike.registered | ~alike.consolidated)
    own = ~units.consolidated
    rows = units.select(
        "period", "area", "number",
        holder_id="holder",
        gbt_code=units.gbt_code.fill_null(UNCLASSIFIED),
        UNITS=ibis.literal(value=True),
        UNITS_CLASSIFIED=units.gbt_code.notnull(),
        UNITS_WITH_RETURNS=own & units.has_return,
        UNITS_UNREGISTERED=own & ~units.registered,
        UNITS_PARTIAL=own & (units.basis == "partial"),
        UNITS_NO_BASIS=own & (units.basis == "no_basis"),
    )  # fmt: skip
    held = rows.filter(rows.holder_id.notnull())
    return marked_several(rows, holders_of_several(held, held.number))


def count_leaf_rows(units: ir.Table) -> ir.Table:
    """Counts by year, area and GB/T code, the columns of `count_leaves`.

    Args:
        units: Numbers of units that are alike, with what is true of them (`counted_units`).
    """
    lone = {f"{name}_lone": units[name] & ~units.several for name in _measures(units)}
    told = {name: units[name] for name in _measures(units)} | lone
    wide = units.group_by(*_LEAF).agg(
        **{name: units.number.sum(where=true).fill_null(0) for name, true in told.items()}
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
    wide = held.group_by(*_LEAF, "holder_id").agg(
        **{name: held.number.sum(where=held[name]).fill_null(0) for name in _measures(held)}
    )
    cells = ibis.array([ibis.struct({"measure": name, "units": wide[name]}) for name in _measures(held)])
    rows = wide.select(*_LEAF, "holder_id", cell=cells.unnest()).unpack("cell")
    return rows.filter(rows.units > 0).order_by("period", "holder_id", "area", "gbt_code", "measure")


def _measures(units: ir.Table) -> list[str]:
    return [name for name in units.columns if name.startswith("UNITS")]
