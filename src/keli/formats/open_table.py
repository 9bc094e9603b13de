"""An open table as it is handed out: its rows, and the release that it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keli.model.release.manifest import Manifest, TableEntry

CONFIDENTIAL = "C"
SYNTHETIC_MARK = "SYNTHETIC 合成数据"
NOT_A_CENSUS_MARK = "not a census 非全面数据"
DRAFT_MARK = "secondary: none 未做次级抑制，不得对外"


@dataclass(frozen=True)
class OpenTable:
    """Rows of one open table with the account of their release.

    Args:
        name: Name of the table, such as value_added.
        rows: The rows, unrounded, in the order of the key.
        manifest: The release's account of itself.
    """

    name: str
    rows: pa.Table
    manifest: Manifest

    @property
    def entry(self) -> TableEntry:
        """Title, grain and key of the table."""
        return self.manifest.tables[self.name]

    def where(self, **values: tuple[str, ...]) -> list[dict[str, Any]]:
        """Rows that have one of the values in each column named, in their order.

        Args:
            values: Column -> values.
        """
        masks = [pc.is_in(self.rows[column], pa.array(some, type=pa.string())) for column, some in values.items()]
        found: list[dict[str, Any]] = self.rows.filter(reduce(pc.and_, masks)).to_pylist()
        return found


def marks(manifest: Manifest) -> tuple[str, ...]:
    """What every output of a release says first: synthetic, not a census, a draft."""
    stated = (
        (manifest.synthetic, SYNTHETIC_MARK),
        (not manifest.census, NOT_A_CENSUS_MARK),
        (manifest.is_draft, DRAFT_MARK),
    )
    return tuple(mark for holds, mark in stated if holds)
