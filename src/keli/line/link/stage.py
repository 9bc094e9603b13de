"""Link: every accepted row finds its unit; sources are merged with the provenance of each attribute."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.line.link import returns, statements
from keli.line.link.closing import check_closed, check_one_unit_a_row
from keli.line.link.holders import with_holder, with_parent
from keli.line.link.likeness.linking import moved_identities
from keli.line.link.precedence import file_ranks
from keli.line.link.register_duplicates import register_duplicates
from keli.line.link.rows import (
    REGISTERING_KINDS,
    UNIT_KINDS,
    accepted_rows,
    identified_rows,
    linked_rows,
    unique_names,
    unit_rows,
)  # fmt: skip
from keli.line.link.units import ATTRIBUTES, attribute_rows, merged_units, with_ownership, with_unit_type

NAME = "link"
READS = (*(f"accepted_{kind}" for kind in UNIT_KINDS), "accepted_prices", "accepted_controls", "accepted_decision")
WRITES = (
    "unit_rows", "units", "returns", "revenue_bases", "split_evidence", "control_totals", "price_indices", "decisions",
    "superseded", "unit_links", "link_weights", "link_queue", "link_decisions",
)  # fmt: skip
STEPS = 7


def run(context: StageContext) -> None:
    """Find the unit of every accepted row and write units, returns, bases and statements."""
    context.report.expect(STEPS)
    decisions = statements.decisions(context.read("accepted_decision"))
    decided = context.write("decisions", statements.decision_table(decisions))
    names = unique_names(context)
    own = {kind: _view(context, f"own_{kind}", identified_rows(context, kind, names)) for kind in UNIT_KINDS}
    moved = moved_identities(context, own, decided)
    write_unit_rows(context, own, moved)
    rows = {kind: _view(context, f"identified_{kind}", linked_rows(own[kind], moved)) for kind in UNIT_KINDS}
    context.report.step("rows of units")
    units = write_units(context, rows, moved)
    context.report.step("units")
    replaced = write_returns(context, rows, units) + write_bases(context, rows, units)
    context.report.step("returns")
    replaced += write_statements(context, rows) + [register_duplicates(rows[kind]) for kind in REGISTERING_KINDS]
    replaced += statements.replaced_statements(decisions, statements.CASE)
    context.report.step("statements")
    context.write("superseded", ibis.union(*replaced))
    context.vault.write_sheet("superseded")
    check_closed(context)
    context.report.step("rows closed")


def write_unit_rows(context: StageContext, rows: dict[str, ir.Table], moved: ir.Table) -> None:
    """Write the unit of every accepted row."""
    common = ("source", "kind", "file", "row", "unit_id", "uscc")
    delivered = ibis.union(*(rows[kind].select(*common) for kind in UNIT_KINDS))
    written = context.write("unit_rows", unit_rows(delivered, moved))
    check_one_unit_a_row(written, {kind: accepted_rows(context, kind) for kind in UNIT_KINDS})


def write_units(context: StageContext, rows: dict[str, ir.Table], moved: ir.Table) -> ir.Table:
    """Write the units with their merged attributes."""
    told = ibis.union(*(attribute_rows(rows[kind], kind) for kind in UNIT_KINDS))
    units = with_unit_type(merged_units(told, file_ranks(context, tuple(ATTRIBUTES))))
    units = with_holder(with_parent(with_ownership(units, context.catalogue), moved))
    columns = (*context.catalogue.tables["units"].column_names,)
    return context.write("units", units.select(*columns))


def write_returns(context: StageContext, rows: dict[str, ir.Table], units: ir.Table) -> list[ir.Table]:
    """Write the annual returns; return the rows that others replace."""
    delivered = rows["annual_return"]
    chosen = returns.annual_returns(returns.own_rows(delivered, units))
    context.write("returns", returns.return_table(chosen))
    return [*returns.replaced_rows(chosen, returns.UNIT_YEAR), returns.replaced_group_rows(delivered, units)]


def write_bases(context: StageContext, rows: dict[str, ir.Table], units: ir.Table) -> list[ir.Table]:
    """Write the revenue bases; return the rows that others replace."""
    quarters = returns.quarterly_returns(returns.own_rows(rows["quarterly_return"], units))
    tax = returns.tax_rows(context, returns.own_rows(rows["tax"], units))
    context.write("revenue_bases", returns.revenue_bases(quarters, tax))
    return [
        *returns.replaced_rows(quarters, returns.UNIT_QUARTER),
        *returns.replaced_rows(tax, returns.UNIT_YEAR),
        *(returns.replaced_group_rows(rows[kind], units) for kind in ("quarterly_return", "tax")),
    ]


def write_statements(context: StageContext, rows: dict[str, ir.Table]) -> list[ir.Table]:
    """Write control totals, price indices and split evidence; return the rows that others replace."""
    controls = statements.controls(context.read("accepted_controls"))
    prices = statements.prices(context.read("accepted_prices"))
    delivered = context.read("accepted_split_evidence")
    about_classes = delivered.filter(delivered.uscc.isnull() & delivered.name.isnull())
    evidence = statements.evidence(rows["split_evidence"], about_classes)
    context.write("control_totals", statements.control_totals(controls))
    context.write("price_indices", statements.price_indices(prices))
    context.write("split_evidence", statements.split_evidence(evidence))
    return [
        *statements.replaced_statements(controls, statements.CONTROL),
        *statements.replaced_statements(prices, statements.PRICE),
        *statements.replaced_statements(evidence, statements.EVIDENCE),
    ]


def _view(context: StageContext, name: str, rows: ir.Table) -> ir.Table:
    """The rows as a view of the engine: many expressions build on them, and each would carry the whole of theirs."""
    return context.connection.create_view(name, rows, overwrite=True)
