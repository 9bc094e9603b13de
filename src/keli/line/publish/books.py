"""The books of every source in the release: rows in = accepted + quarantined."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyarrow as pa

from keli.base.errors import NotClosedError

_MEASURES = {
    "ROWS_IN": "rows_in",
    "ROWS_ACCEPTED": "rows_accepted",
    "ROWS_REPAIRED": "rows_repaired",
    "ROWS_QUARANTINED": "rows_quarantined",
}


def coverage_books(coverage: pa.Table) -> list[dict[str, Any]]:
    """Return the row counts of every source, in the order of their names.

    Args:
        coverage: The open table coverage.

    Raises:
        NotClosedError: Rows in differ from accepted and quarantined rows together.
    """
    books: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_MEASURES.values(), 0))
    for row in coverage.to_pylist():
        if row["measure"] in _MEASURES:
            books[row["source"]][_MEASURES[row["measure"]]] = int(row["obs_value"])
    for source, counts in books.items():
        if counts["rows_in"] != counts["rows_accepted"] + counts["rows_quarantined"]:
            raise NotClosedError(
                f'The books of "{source}" do not close: {counts["rows_in"]} rows in, {counts["rows_accepted"]} '
                f"accepted, {counts['rows_quarantined']} quarantined."
            )
    return [{"source": source, **books[source]} for source in sorted(books)]
