"""Statements that pass through: control totals, price indices and split evidence."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.line.link.replaced import latest_first, placed, standing, superseded

CURRENT_PRICES, PURPOSIVE = "V", "purposive"
CONTROL = ("year", "area", "activity", "measure", "price_base")
PRICE = ("series", "year")
EVIDENCE = ("unit_id", "gbt_code", "activity", "year", "tier")


def controls(rows: ir.Table) -> ir.Table:
    """Control figures with their place among those of the same year, area, activity, measure and price base."""
    told = rows.mutate(price_base=rows.price_base.fill_null(CURRENT_PRICES), unit_id=ibis.null("int64").cast("int64"))
    return placed(told, CONTROL, latest_first(told))


def prices(rows: ir.Table) -> ir.Table:
    """Price indices with their place among those of the same series and year."""
    told = rows.mutate(unit_id=ibis.null("int64").cast("int64"))
    return placed(told, PRICE, latest_first(told))


def evidence(about_units: ir.Table, about_classes: ir.Table) -> ir.Table:
    """Statements on the digital share with their place among those of the same unit or class, activity, year and tier.

    A statement without a design rests on no draw and is purposive.

    Args:
        about_units: Identified rows of split evidence; the class is the unit's own and is not repeated.
        about_classes: Accepted rows that name no unit.
    """
    units = about_units.mutate(gbt_code=ibis.null("string").cast("string")).drop("kind", "identity", "code")
    classes = about_classes.mutate(unit_id=ibis.null("int64").cast("int64")).select(*units.columns)
    told = units.union(classes)
    told = told.mutate(design=told.design.fill_null(PURPOSIVE))
    return placed(told, EVIDENCE, latest_first(told))


def control_totals(rows: ir.Table) -> ir.Table:
    """Table `control_totals` from the controls with their place."""
    kept = standing(rows)
    return kept.select("area", "activity", "measure", "price_base", "value", "stage", "reference", period="year")


def price_indices(rows: ir.Table) -> ir.Table:
    """Table `price_indices` from the prices with their place."""
    kept = standing(rows)
    return kept.select("series", "index_previous_year", "reference", period="year")


def split_evidence(rows: ir.Table) -> ir.Table:
    """Table `split_evidence` from the statements with their place, numbered in source, file and row order."""
    kept = standing(rows)
    number = ibis.row_number().over(ibis.window(order_by=[kept.source, kept.file, kept.row]))
    return kept.select(
        "unit_id", "gbt_code", "activity", "tier", "design", "weight", "share", "digital_revenue", "revenue",
        "evidence_date", "reference", period="year", evidence_id=number,
    )  # fmt: skip


def replaced_statements(rows: ir.Table, keys: tuple[str, ...]) -> ir.Table:
    """The statements that another one replaces, as table `superseded` has them."""
    apart = {"source", "file", "row", "received", "consolidated", "repaired", "place", "copies", "name", "uscc"}
    items = tuple(column for column in rows.columns if column not in {*apart, *keys})
    return superseded(rows, keys, items, rows.year)
