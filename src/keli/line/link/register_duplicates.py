"""Duplicates in registers and frames: rows of one source that say the same about the same unit."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.line.link.replaced import DUPLICATE, statement, with_reason

APART = (
    "source",
    "file",
    "row",
    "received",
    "consolidated",
    "repaired",
    "kind",
    "identity",
    "code",
    "unit_id",
    "linked",
)


def register_duplicates(rows: ir.Table) -> ir.Table:
    """Rows that repeat an earlier row of the same source in every value, as table `superseded` has them.

    Rows of a unit that differ are merged, not replaced: each may know what the other does not.

    Args:
        rows: Identified rows of a register or frame.
    """
    counted = rows.group_by("source", "unit_id").agg(copies=rows.count())
    several = rows.semi_join(counted.filter(counted.copies > 1), ("source", "unit_id"))
    items = tuple(column for column in several.columns if column not in APART)
    said = several.mutate(said=statement(several, items))
    order = ibis.window(group_by=("source", "unit_id", "said"), order_by=(said.file, said.row))
    repeated = said.mutate(repetition=ibis.row_number().over(order))
    repeated = repeated.filter(repeated.repetition > 0)
    return with_reason(repeated.mutate(period=ibis.null("int32").cast("int32"), rule=ibis.literal(DUPLICATE)))
