"""What a figure is made up of in the open tables: components, evidence, classes, books, kinds of units."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keli.formats.explained.layout import aligned
from keli.formats.explained.sums import Part, Row, part_lines, shown
from keli.formats.explained.words import WHOLE, code_name, code_rank
from keli.formats.open_table import OpenTable

CORE = "DE"
_MAJOR_DIGITS = 2
_PLACE = ("time_period", "ref_area", "activity", "size_class", "ownership")
_COMPONENTS = {"CE": "劳动者报酬", "NTP": "生产税净额", "CFC": "固定资产折旧", "OS": "营业盈余"}
_LEVEL = ("VA", "V")
_RECEIVED, _ACCEPTED, _HELD = "ROWS_IN", "ROWS_ACCEPTED", "ROWS_QUARANTINED"
_TIERS = {"basis": "by basis 按数据来源", "split_evidence": "by split evidence 按切分证据"}
_KINDS = {"status": "by status 按状态", "size_class": "by size 按规模"}
_NOT_PUBLISHED = "not published for this cell 本单元不公布"


@dataclass(frozen=True)
class Around:
    """A figure and the tables around it.

    Args:
        row: The row of the figure.
        table: Its open table.
        components: Rows of the table components.
        evidence: Rows of the table evidence.
        indicators: Indicators of its table by code.
        labels: Column -> code -> official name.
        width: Columns of the page.
    """

    row: Row
    table: OpenTable
    components: pa.Table
    evidence: pa.Table
    indicators: dict[str, dict[str, Any]]
    labels: dict[str, dict[str, str]]
    width: int

    @property
    def is_level(self) -> bool:
        """The figure is value added at current prices."""
        return (self.row["measure"], self.row["price_base"]) == _LEVEL

    def term(self, code: str) -> str:
        """Official term of a measure of the table."""
        return str(self.indicators.get(code, {}).get("label_zh", ""))

    def name(self, column: str, code: str) -> str:
        """Official name of a code."""
        return code_name(column, code, self.table.name, self.labels)

    def parts(self, title: str, parts: Sequence[Part], whole: Row | None) -> list[str]:
        """Lines of a section of parts."""
        return part_lines(title, parts, whole, self.table.manifest.rounding, self.width)

    def rows(self, title: str, rows: Sequence[Row]) -> list[str]:
        """Lines of a section of measures that add up to nothing."""
        rounding = self.table.manifest.rounding
        listed = [[f"{row['measure']}:", shown(row, rounding), self.term(row["measure"])] for row in rows]
        return [f"{title}:", *aligned(listed, self.width, right=(1,))] if listed else []


def breakdown_lines(around: Around) -> list[str]:
    """Sections of what the figure is made up of, as far as it may be shown."""
    sections = _SECTIONS.get(around.table.name)
    return sections(around) if sections is not None else []


def _of_value_added(around: Around) -> list[str]:
    """Components and evidence of value added, majors of the core total."""
    if around.row["activity"] == WHOLE:
        return []
    if around.row["measure"] == "VA_UNBENCHMARKED":
        return ["components and evidence 构成与证据:", "  published after benchmarking, with the measure VA"]
    made_of = [*_components(around), *_evidence(around)] if around.is_level else []
    return [*made_of, *_majors(around)]


def _components(around: Around) -> list[str]:
    """The four components of income, their shares, and that they add up to value added."""
    rows = {row["measure"]: row for row in _same(around.components, around.row, _PLACE)}
    parts = [
        Part(code, rows.get(code), rows.get(f"SHARE_{code}"), name)
        for code, name in _COMPONENTS.items()
        if code in rows or f"SHARE_{code}" in rows
    ]
    whole = around.row if around.is_level else rows.get("VA")
    title = "components 收入法构成"
    return around.parts(title, parts, whole) or [f"{title}: {_NOT_PUBLISHED}"]


def _evidence(around: Around) -> list[str]:
    """Shares of the value by what it rests on; of a figure of evidence its own breakdown only."""
    rows = _same(around.evidence, around.row, _PLACE)
    own = around.table.name == "evidence"
    lines: list[str] = []
    for column, title in _TIERS.items():
        if own and around.row[column] == WHOLE:
            continue
        found = _by(rows, column)
        parts = [
            Part(code, found[code].get("VA") if own else None, found[code].get("SHARE_VA"), around.name(column, code))
            for code in sorted(found, key=lambda code: code_rank(column, code))
        ]
        lines += around.parts(title, parts, None) or [f"{title}: {_NOT_PUBLISHED}"]
    return lines


def _majors(around: Around) -> list[str]:
    """The majors of the core total: their levels, or their pulls for its growth, add up to it."""
    row = around.row
    if row["activity"] != CORE or row["measure"] not in {"VA", "GROWTH"}:
        return []
    measure = "VA" if row["measure"] == "VA" else "PULL"
    alike = [column for column in (*_PLACE, "measure", "price_base") if column != "activity"]
    rows = _same(around.table.rows, row | {"measure": measure}, alike)
    majors = [other for other in rows if other["activity"].isdigit() and len(other["activity"]) == _MAJOR_DIGITS]
    parts = [Part(other["activity"], other, None, around.name("activity", other["activity"])) for other in majors]
    return around.parts("by major 按大类" if measure == "VA" else "by major, pull 各大类拉动", parts, row)


def _of_coverage(around: Around) -> list[str]:
    """The books of a source, which close; or the units of a place."""
    if around.row["source"] == WHOLE:
        return _beside(around, "units of the same place 同一范围的单位")
    rows = {row["measure"]: row for row in _same(around.table.rows, around.row, (*_PLACE, "source"))}
    parts = [Part(code, rows[code], None, around.term(code)) for code in (_ACCEPTED, _HELD) if code in rows]
    among = [row for code, row in rows.items() if code not in {_RECEIVED, _ACCEPTED, _HELD}]
    return [
        *around.parts("rows received 收到行数", parts, rows.get(_RECEIVED)),
        *around.rows("among the accepted 接收行中", among),
    ]


def _of_enterprises(around: Around) -> list[str]:
    """The count by status and by size, and the other counts of the same units."""
    row, lines = around.row, []
    for column, title in _KINDS.items():
        alike = [name for name in around.table.entry.key if name != column]
        rows = [other for other in _same(around.table.rows, row, alike) if other[column] != WHOLE]
        rows.sort(key=lambda other, column=column: code_rank(column, other[column]))  # type: ignore[misc]
        parts = [Part(other[column], other, None, around.name(column, other[column])) for other in rows]
        lines += around.parts(title, parts, row) if row[column] == WHOLE else []
    return [*lines, *_beside(around, "other counts of the same place 同一范围的其他指标")]


def _of_reconciliation(around: Around) -> list[str]:
    return _beside(around, "control and estimate 控制数与测算数")


def _beside(around: Around, title: str) -> list[str]:
    """Other measures of the same cell."""
    key = [column for column in around.table.entry.key if column not in {"measure", "price_base"}]
    rows = _same(around.table.rows, around.row, key)
    return around.rows(title, [row for row in rows if row["measure"] != around.row["measure"]])


def _same(rows: pa.Table, row: Row, columns: Iterable[str]) -> list[Row]:
    """Rows that agree with a row in some columns, in their order."""
    mask = pa.array([True] * rows.num_rows, type=pa.bool_())
    for column in columns:
        mask = pc.and_(mask, pc.equal(rows[column], row[column]))
    found: list[Row] = rows.filter(mask).to_pylist()
    return found


def _by(rows: list[Row], column: str) -> dict[str, dict[str, Row]]:
    """Rows that a column breaks down, by its code and measure."""
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        if row[column] != WHOLE:
            found.setdefault(row[column], {})[row["measure"]] = row
    return found


_SECTIONS: dict[str, Callable[[Around], list[str]]] = {
    "value_added": _of_value_added,
    "components": _components,
    "evidence": _evidence,
    "coverage": _of_coverage,
    "enterprises": _of_enterprises,
    "reconciliation": _of_reconciliation,
}
