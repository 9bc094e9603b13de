"""Coverage: what became of the rows of each source, and of the units of the district."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd

from keli.line.analyse.ancestors import ALL
from keli.line.analyse.base_cells import FREE_COUNTS, PROTECTED_COUNTS
from keli.line.analyse.small import small_frame
from keli.line.analyse.tables.rows import NOT_APPLICABLE, figures

BOOKS = ("ROWS_IN", "ROWS_ACCEPTED", "ROWS_REPAIRED", "ROWS_QUARANTINED")


def row_books(intake: ir.Table, superseded: ir.Table, repairs: ir.Table, district: str) -> list[pd.DataFrame]:
    """Rows received, accepted, repaired and quarantined of each source, all years together.

    Args:
        intake: One row a delivered file.
        superseded: Accepted rows that another row about the same unit and period replaces.
        repairs: Values that a rule changed.
        district: Area code that the figures stand under.

    Returns:
        Free figures: a replaced row counts as quarantined, so that in = accepted + quarantined still holds.
    """
    row = ["source", "file", "row"]
    replaced = superseded.select(row).distinct()
    mended = repairs.select(row).distinct().semi_join(replaced, row)
    files = intake.group_by("source").aggregate(
        rows_in=intake.rows_in.sum(),
        accepted=intake.rows_accepted.sum(),
        repaired=intake.rows_repaired.sum(),
        quarantined=intake.rows_quarantined.sum(),
    )
    files = files.left_join(replaced.group_by("source").aggregate(replaced=ibis._.count()), "source").drop(
        "source_right"
    )
    files = files.left_join(mended.group_by("source").aggregate(mended=ibis._.count()), "source").drop("source_right")
    books = small_frame(files, ["source"]).fillna({"replaced": 0, "mended": 0})
    places = pd.DataFrame({"period": ALL, "area": district, "activity": ALL, "source": books["source"]})
    values = (
        books["rows_in"],
        books["accepted"] - books["replaced"],
        books["repaired"] - books["mended"],
        books["quarantined"] + books["replaced"],
    )
    return [
        figures(places, measure, value, [[] for _ in value], price_base=NOT_APPLICABLE, source=places["source"])
        for measure, value in zip(BOOKS, values, strict=True)
    ]


def rows_unregistered(unit_rows: ir.Table, units: ir.Table, intake: ir.Table, district: str) -> list[pd.DataFrame]:
    """Accepted rows of each source about units that stand in no register or frame, all years together.

    Args:
        unit_rows: The unit of every accepted row.
        units: The units.
        intake: One row a delivered file; its sources all get a figure.
        district: Area code that the figures stand under.

    Returns:
        Free figures; rows about consolidated groups count here, though no total holds them.
    """
    unknown = unit_rows.semi_join(units.filter(~units.registered), "unit_id")
    sources = intake.select("source").distinct()
    counted = sources.left_join(unknown.group_by("source").aggregate(unregistered=ibis._.count()), "source")
    books = small_frame(counted.drop("source_right"), ["source"]).fillna({"unregistered": 0})
    places = pd.DataFrame({"period": ALL, "area": district, "activity": ALL, "source": books["source"]})
    free: list[list[str]] = [[] for _ in range(len(books))]
    return [
        figures(
            places, "ROWS_UNREGISTERED", books["unregistered"], free,
            price_base=NOT_APPLICABLE, source=places["source"],
        )
    ]  # fmt: skip


def unit_coverage(counts: pd.DataFrame) -> list[pd.DataFrame]:
    """Units of the district by year, area and activity: register facts, and what reporting tells.

    Args:
        counts: Cells of units.

    Returns:
        UNITS and UNITS_CLASSIFIED rest on nothing confidential; the others rest on their own cells.
    """
    found = []
    for measure in (*FREE_COUNTS, *PROTECTED_COUNTS):
        cells = counts[counts["measure"] == measure].reset_index(drop=True)
        rests_on = [[] if measure in FREE_COUNTS else [address] for address in cells["cell_id"]]
        found.append(figures(cells, measure, cells["value"], rests_on, price_base=NOT_APPLICABLE))
    return found
