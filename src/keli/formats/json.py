"""Open tables as JSON: what the figures are, then the rows; a withheld figure is null."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, BinaryIO

from keli.formats.open_table import OpenTable, marks
from keli.formats.printed import printed_rows


def write_json(table: OpenTable, target: BinaryIO) -> None:
    """Write the table with its metadata, figures rounded to their decimals.

    Args:
        table: Rows of an open table.
        target: Where the bytes go.
    """
    rows = [row | {"obs_value": _number(row["obs_value"], row["decimals"])} for row in printed_rows(table)]
    document = {"table": metadata(table), "rows": rows}
    target.write((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


def metadata(table: OpenTable) -> dict[str, Any]:
    """What the figures of a table are: title, grain, release, vintage, marks, notes."""
    manifest, entry = table.manifest, table.entry
    return {
        "name": table.name,
        "title_zh": entry.title_zh,
        "grain": entry.grain,
        "key": list(entry.key),
        "release": manifest.release_id,
        "title": manifest.title,
        "area": manifest.area,
        "vintage": manifest.stage,
        "marks": list(marks(manifest)),
        "notes": list(manifest.notes),
        "versions": manifest.contents["classifications"],
    }


def _number(figure: Decimal | None, decimals: int) -> float | int | None:
    """A printed figure as a JSON number: whole figures without a point."""
    if figure is None:
        return None
    return float(figure) if decimals > 0 else int(figure)
