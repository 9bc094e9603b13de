"""Books of intake: for every file, rows in = rows accepted + rows quarantined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.base.errors import NotClosedError, Place, SourceError

KEYS = ("source", "file")
REGISTER = "register"


def rows_by_file(accepted: Sequence[ir.Table], quarantine: ir.Table) -> dict[tuple[str, str], dict[str, int]]:
    """Return accepted, repaired and quarantined rows of every file.

    Args:
        accepted: Accepted rows of all kinds.
        quarantine: Problems of rows that were held back; a row may have several.
    """
    kept = ibis.union(*(table.select(*KEYS, "row", "repaired") for table in accepted))
    going = kept.group_by(*KEYS).aggregate(rows_accepted=kept.count(), rows_repaired=kept.repaired.sum())
    rows = quarantine.select(*KEYS, "row").distinct()
    held = rows.group_by(*KEYS).aggregate(rows_quarantined=rows.count())
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for table in (going, held):
        for entry in table.to_pyarrow().to_pylist():
            counts.setdefault((entry["source"], entry["file"]), {}).update(
                {name: int(entry[name]) for name in table.columns if name not in KEYS}
            )
    return counts


def check_closed(intake: Sequence[dict[str, Any]]) -> None:
    """Assert that every row of every file was accepted or quarantined.

    Raises:
        NotClosedError: The books of a file do not close.
    """
    for entry in intake:
        accounted = entry["rows_accepted"] + entry["rows_quarantined"]
        if entry["rows_in"] != accounted:
            raise NotClosedError(
                f"{entry['rows_in']} rows came in, but {entry['rows_accepted']} were accepted and "
                f"{entry['rows_quarantined']} quarantined.",
                where=Place(entry["file"]),
                next_step="This is a fault of Keli: please report it with the file's head and the rules involved.",
            )


def check_population(intake: Sequence[dict[str, Any]]) -> None:
    """Assert that registers which are delivered name at least one unit: without them every unit is unregistered.

    Raises:
        SourceError: All of them have a head and no rows.
    """
    registers = [entry for entry in intake if entry["kind"] == REGISTER]
    if registers and not any(entry["rows_in"] for entry in registers):
        raise SourceError(
            "The register has a head and no rows: the district would have no unit.",
            where=Place(registers[0]["file"], 2),
            example="统一社会信用代码,单位名称\n           9144030071526726XG,深圳市某某科技有限公司",
            next_step="See that the export of the register ran to its end, then run again; nothing was released.",
        )
