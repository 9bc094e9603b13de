"""Closing of the books: every accepted row is about one unit and is either used or replaced."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.base.errors import NotClosedError
from keli.engine.context import StageContext

NEXT_STEP = "This is a fault of Keli: nothing is released. Report it with keli.yaml and the row counts above."


def check_one_unit_a_row(unit_rows: ir.Table, accepted: dict[str, ir.Table]) -> None:
    """Check that every accepted row of a kind about units has exactly one row in `unit_rows`.

    Args:
        unit_rows: One row for each accepted row.
        accepted: Accepted rows about units, by kind.

    Raises:
        NotClosedError: A row has no unit, or several.
    """
    delivered = ibis.union(
        *(rows.agg(rows=rows.count(), linked=ibis.literal(0, type="int64"), places=ibis.literal(0, type="int64"))
          .mutate(kind=ibis.literal(kind)) for kind, rows in accepted.items())
    )  # fmt: skip
    by_kind = unit_rows.group_by("kind").agg(
        rows=ibis.literal(0, type="int64"), linked=unit_rows.count(), places=_distinct_places(unit_rows)
    )
    both = delivered.select("kind", "rows", "linked", "places").union(by_kind)
    totals = both.group_by("kind").agg(rows=both.rows.sum(), linked=both.linked.sum(), places=both.places.sum())
    for counts in totals.order_by("kind").to_pyarrow().to_pylist():
        if not counts["rows"] == counts["linked"] == counts["places"]:
            raise NotClosedError(
                f"{counts['rows']} rows of kind {counts['kind']} were accepted, {counts['linked']} are linked to "
                f"units, {counts['places']} of them different.",
                next_step=NEXT_STEP,
            )


def check_closed(context: StageContext) -> None:
    """Check that every accepted annual return stands in `returns` or in `superseded`.

    Raises:
        NotClosedError: The two do not add up.
    """
    rows, kept = context.read("accepted_annual_return"), context.read("returns")
    replaced = context.read("superseded").semi_join(rows, ("source", "file", "row"))
    counts = [int(table.count().execute()) for table in (rows, kept, replaced)]
    if counts[0] != counts[1] + counts[2]:
        raise NotClosedError(
            f"{counts[0]} annual returns were accepted, {counts[1]} stand and {counts[2]} are replaced.",
            next_step=NEXT_STEP,
        )


def _distinct_places(rows: ir.Table) -> ir.IntegerScalar:
    return ibis.struct({"source": rows.source, "file": rows.file, "row": rows.row}).nunique()
