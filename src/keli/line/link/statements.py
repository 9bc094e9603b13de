"""Statements that pass through: control totals, price indices, split evidence and decisions on open cases."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.line.link.replaced import Settled, latest_first, settled, superseded

CURRENT_PRICES, PURPOSIVE = "V", "purposive"
CONTROL = ("year", "area", "activity", "measure", "price_base")
PRICE = ("series", "year")
EVIDENCE = ("subject", "activity", "year", "tier")
CASE = ("list", "case_id")
OPEN = "open"
APART = ("source", "file", "row", "received", "consolidated", "repaired", "place", "name", "uscc")


def controls(rows: ir.Table) -> Settled:
    """Control figures, one for each of the same year, area, activity, measure and price base."""
    told = rows.mutate(price_base=rows.price_base.fill_null(CURRENT_PRICES), unit_id=ibis.null("int64").cast("int64"))
    return settled(told, CONTROL, latest_first)


def prices(rows: ir.Table) -> Settled:
    """Price indices, one for each series and year."""
    told = rows.mutate(unit_id=ibis.null("int64").cast("int64"))
    return settled(told, PRICE, latest_first)


def evidence(about_units: ir.Table, about_classes: ir.Table) -> Settled:
    """Statements on the digital share, one for each unit or class, activity, year and tier.

    A statement without a design rests on no draw and is purposive.

    Args:
        about_units: Identified rows of split evidence; the class is the unit's own and is not repeated.
        about_classes: Accepted rows that name no unit.
    """
    units = about_units.mutate(gbt_code=ibis.null("string").cast("string")).drop("kind", "identity", "code", "linked")
    classes = about_classes.mutate(unit_id=ibis.null("int64").cast("int64")).select(*units.columns)
    told = units.union(classes)
    subject = ibis.coalesce(told.unit_id.cast("string"), told.gbt_code)
    told = told.mutate(design=told.design.fill_null(PURPOSIVE), subject=subject)
    return settled(told, EVIDENCE, latest_first)


def decisions(rows: ir.Table) -> Settled:
    """Decisions, one for each case: the one received last; one that leaves the case open gives way to any other."""
    told = rows.mutate(unit_id=ibis.null("int64").cast("int64"), year=ibis.null("int32").cast("int32"))
    return settled(told, CASE, lambda some: (some.decision == OPEN, *latest_first(some)))


def control_totals(chosen: Settled) -> ir.Table:
    """Table `control_totals` from the controls that stand."""
    kept = chosen.standing
    return kept.select("area", "activity", "measure", "price_base", "value", "stage", "reference", period="year")


def price_indices(chosen: Settled) -> ir.Table:
    """Table `price_indices` from the prices that stand."""
    kept = chosen.standing
    return kept.select("series", "index_previous_year", "reference", period="year")


def split_evidence(chosen: Settled) -> ir.Table:
    """Table `split_evidence` from the statements that stand, numbered in source, file and row order."""
    kept = chosen.standing
    number = ibis.row_number().over(ibis.window(order_by=[kept.source, kept.file, kept.row]))
    return kept.select(
        "unit_id", "gbt_code", "activity", "tier", "design", "weight", "share", "digital_revenue", "revenue",
        "evidence_date", "reference", period="year", evidence_id=number,
    )  # fmt: skip


def decision_table(chosen: Settled) -> ir.Table:
    """Table `decisions` from the decisions that stand."""
    kept = chosen.standing
    value = ibis.coalesce(kept.corrected, kept.proposed)
    return kept.select("list", "case_id", "proposed", "decision", "received", "note", value=value)


def replaced_statements(chosen: Settled, keys: tuple[str, ...]) -> list[ir.Table]:
    """The statements that another one replaces, as table `superseded` has them; none where all stand."""
    return [
        superseded(rows, keys, tuple(column for column in rows.columns if column not in {*APART, *keys}), rows.year)
        for rows in chosen.disputed
    ]
