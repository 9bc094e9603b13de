"""The passport of one number: how it came about, from open tables only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from keli.base.errors import KeliError
from keli.formats.explained.breakdowns import Around, breakdown_lines
from keli.formats.explained.layout import INDENT, aligned, wrapped
from keli.formats.explained.parameters import CONSTANT, named_parameters, parameter_lines, period_year, rested_on
from keli.formats.explained.recipes import related_lines
from keli.formats.explained.sums import MISSING
from keli.formats.explained.words import COLUMNS, OBSERVED, PRICES, WHOLE, code_name
from keli.formats.open_table import CONFIDENTIAL, OpenTable, marks
from keli.formats.printed import printed_figure, unit_name
from keli.formats.selection import listed, selected, values_of
from keli.model.release.manifest import Manifest

WIDTH = 80
"""Columns of a page where no other width is asked for."""

_OWN_FILES = "_workspace"
_SHORT_HASH = 12
# Measures whose base_period is the period that they compare with, not the base of their prices.
_COMPARED = ("GROWTH", "SHARE_GDP_CHANGE", "CONTRIBUTION", "PULL")
_AREAS = {"not stated": "未注明 not stated"}
# Value added is empty for one reason only where it is not withheld.
_EMPTY = {"VA": "不适用 not applicable, no industry code belongs to this class"}
_ANSWERS = {"INSIDE_INTERVAL": {0: "no 否, the control lies outside", 1: "yes 是, the control lies inside"}}
_SUPPLIED = {
    "label_zh": "地区生产总值",
    "label_en": "GDP of the district",
    "formula": "Supplied from outside the account, as a control; nothing in it is computed here.",
    "reference": "docs/methods/benchmarking.md",
    "release_parameters": ("rounding/convention", "rounding/decimals"),
    "inputs": ("controls",),
}


@dataclass(frozen=True)
class Origins:
    """What a release holds to explain a figure with.

    Args:
        indicators: The release's indicators by code.
        labels: Column -> code -> official name.
        components: Rows of the table components.
        evidence: Rows of the table evidence.
    """

    indicators: dict[str, dict[str, Any]]
    labels: dict[str, dict[str, str]]
    components: pa.Table
    evidence: pa.Table


@dataclass(frozen=True)
class _Page:
    """One passport under way: the row, its table, what explains it, the columns of the page."""

    row: dict[str, Any]
    table: OpenTable
    origins: Origins
    width: int
    full: bool

    @property
    def manifest(self) -> Manifest:
        """The release's account of itself."""
        return self.table.manifest

    @property
    def around(self) -> Around:
        """The figure and the tables around it."""
        of = self.origins
        return Around(self.row, self.table, of.components, of.evidence, of.indicators, of.labels, self.width)

    @property
    def indicator(self) -> dict[str, Any]:
        """The entry of the measure; GDP stands in value_added, but it is a control."""
        if self.table.name == "value_added" and self.row["activity"] == WHOLE:
            return _SUPPLIED
        return self.origins.indicators.get(self.row["measure"], {})


def one_row(table: OpenTable, conditions: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """The one row that the conditions name.

    Args:
        table: An open table.
        conditions: Column -> values.

    Raises:
        KeliError: The table is empty, or none or several rows meet them; the dimensions that are still open are
            listed with their values.
    """
    rows = selected(table.rows, conditions)
    if table.rows.num_rows == 0:
        raise KeliError(
            f"The table {table.name} of this release has no rows: nothing could be counted or valued.",
            next_step="The table coverage tells how many rows came in and how many units there are.",
        )
    if rows.num_rows == 1:
        only: dict[str, Any] = rows.to_pylist()[0]
        return only
    if rows.num_rows == 0:
        raise KeliError("No row meets all the conditions together.", next_step="Leave one out to see what there is.")
    still_open = {column: values_of(rows, column) for column in table.entry.key}
    lines = [f"{column}: {listed(values)}" for column, values in still_open.items() if len(values) > 1]
    raise KeliError(
        f"{rows.num_rows} rows meet the conditions. Still open are:\n    " + "\n    ".join(lines),
        example=_example(rows.to_pylist(), [column for column, values in still_open.items() if len(values) > 1]),
    )


def _example(rows: list[dict[str, Any]], still_open: list[str]) -> str:
    """Conditions that one of the rows meets, the one that is broken down least."""
    whole = max(rows, key=lambda row: sum(row[column] == WHOLE for column in still_open))
    return " ".join(f"{column}={whole[column]}" for column in still_open)


def passport(
    row: dict[str, Any], table: OpenTable, origins: Origins, *, width: int = WIDTH, full: bool = False
) -> list[str]:
    """Lines of the passport: figure, formula, figures in it, parts, parameters, inputs, release.

    A confidential figure says that it is confidential, and nothing that it could be computed from.

    Args:
        row: One row of the table.
        table: The open table of the row.
        origins: What the release holds to explain it with.
        width: Columns of the page.
        full: Print hashes in full, not their first 12 digits.
    """
    page = _Page(row, table, origins, width, full)
    sections = [_name(page), _withheld(page), _release(page)]
    if row["conf_status"] != CONFIDENTIAL:
        sections = [
            _name(page),
            _figure(page),
            _formula(page),
            _related(page),
            breakdown_lines(page.around),
            _parameters(page),
            _inputs(page),
            _release(page),
        ]
    spaced = [["", *section] for section in sections if section]
    return [line for section in spaced for line in section][1:]


def _name(page: _Page) -> list[str]:
    """Which figure it is: code and official name of each dimension."""
    row, table = page.row, page.table
    named = {"measure": _label(page)}
    lines = []
    for column in table.entry.key:
        code = str(row[column])
        name = named.get(column) or code_name(column, code, table.name, page.origins.labels)
        lines.append([column, COLUMNS.get(column, ""), code, name])
    return [f"{table.name} {table.entry.title_zh}", *aligned(lines, page.width)]


def _label(page: _Page) -> str:
    indicator = page.indicator
    return f"{indicator['label_zh']} {indicator['label_en']}" if indicator else ""


def _withheld(page: _Page) -> list[str]:
    """What a confidential figure says of itself."""
    said = (
        "What a surveyed unit reported could be inferred from it, alone or with other figures (统计法). Neither the "
        "figure nor anything that it could be recomputed from is shown, and why it is withheld is not told. "
        "由该数据可能推断出调查对象资料，依法不予公布。"
    )
    return ["figure: confidential 不予公布", *wrapped(said, page.width)]


def _figure(page: _Page) -> list[str]:
    row, manifest = page.row, page.manifest
    figure = printed_figure(row, manifest.rounding)
    unit = unit_name(row["unit_measure"], row["unit_mult"])
    answer = _ANSWERS.get(row["measure"], {}).get(row["obs_value"])
    empty = _EMPTY.get(row["measure"], MISSING)
    shown = empty if figure is None else answer or f"{figure} {unit}"
    vintage = f"{manifest.stage}, inputs received to {manifest.received.isoformat()}"
    lines = [
        ["price basis 价格:", PRICES.get(row["price_base"], row["price_base"]) + _base(row)],
        ["vintage 数据阶段:", vintage],
        ["status 数据状态:", OBSERVED.get(row["obs_status"], row["obs_status"])],
    ]
    return [f"figure: {shown}", *aligned(lines, page.width)]


def _base(row: dict[str, Any]) -> str:
    """What base_period says: the base of the prices, or the period that is compared with."""
    if not row["base_period"]:
        return ""
    base = row["base_period"]
    compared = row["measure"].startswith(_COMPARED)
    return f", compared with {base}" if compared else f", in prices of {base} 按 {base} 年价格"


def _formula(page: _Page) -> list[str]:
    indicator = page.indicator
    if not indicator:
        return []
    other_way = indicator.get("constant_price_formula") if page.row["price_base"] == CONSTANT else None
    return [
        *wrapped(f"formula 计算方法: {_label(page)}", page.width, "", INDENT),
        *wrapped(other_way or indicator["formula"], page.width),
        *wrapped(f"reference 依据: {indicator['reference']}", page.width, INDENT, INDENT * 2),
    ]


def _related(page: _Page) -> list[str]:
    """The figures of value_added that the formula names."""
    return related_lines(page.row, page.table, page.width) if page.table.name == "value_added" else []


def _parameters(page: _Page) -> list[str]:
    """The parameters that the figure rests on, then those that hold for the whole release."""
    entries, measure = page.manifest.contents["parameters"], page.row["measure"]
    last_year = page.manifest.years[-1]
    year = period_year(page.row, last_year)
    own, common = named_parameters(page.indicator, page.row["price_base"])
    found = rested_on(entries, own, year)
    lines = [line for entry in found for line in parameter_lines(entry, measure, page.width, described=True)]
    rules = rested_on(entries, common, last_year)
    more = [line for entry in rules for line in parameter_lines(entry, measure, page.width, described=False)]
    return [
        *([f"parameters 参数, as valid in {year}:", *lines] if lines else []),
        *([f"parameters of the whole release 全部数据通用参数, as valid in {last_year}:", *more] if more else []),
    ]


def _inputs(page: _Page) -> list[str]:
    """The files that the figure rests on, with their hashes."""
    chosen = [entry for entry in page.manifest.contents["inputs"] if _rests_on(page, entry)]
    files = [[_source(entry), entry["file"], entry["sha256"]] for entry in chosen]
    if not page.full:
        rows = [[source, file, f"sha256 {digest[:_SHORT_HASH]}"] for source, file, digest in files]
        return ["inputs 来源文件:", *aligned(rows, page.width)]
    lines = [
        line for source, file, digest in files for line in (f"{INDENT}{source} {file}", f"{INDENT * 2}sha256 {digest}")
    ]
    return ["inputs 来源文件:", *lines]


def _source(entry: dict[str, Any]) -> str:
    return "workspace" if entry["source"] == _OWN_FILES else str(entry["source"])


def _rests_on(page: _Page, entry: dict[str, Any]) -> bool:
    """Tell whether the figure rests on a file."""
    row, kind = page.row, entry["kind"]
    if entry["source"] == _OWN_FILES:
        return _own_file_matters(page, kind, entry["file"])
    if row.get("source", WHOLE) != WHOLE:
        return bool(entry["source"] == row["source"])
    further = page.indicator.get("constant_price_inputs", ()) if row["price_base"] == CONSTANT else ()
    return kind in {*page.indicator.get("inputs", ()), *further}


def _own_file_matters(page: _Page, kind: str, file: str) -> bool:
    """Tell whether a figure rests on a file of the workspace's own facts; on keli.yaml all do."""
    if kind == "parameter":
        own, common = named_parameters(page.indicator, page.row["price_base"])
        return any(file.endswith(f"{name}.yaml") for name in (*own, *common))
    return kind == "configuration" or (kind == "plates" and str(page.row["activity"]).startswith("P"))


def _release(page: _Page) -> list[str]:
    manifest = page.manifest
    code, versions = manifest.contents["code"], manifest.contents["classifications"]
    digest = code["sha256"] if page.full else code["sha256"][:_SHORT_HASH]
    lines = [
        ["activity version 数字经济分类:", f"数字经济及其核心产业统计分类（{versions['activity_version']}）"],
        ["industry version 行业分类:", f"GB/T 4754-{versions['industry_version']}"],
        ["area version 区划:", _AREAS.get(versions["area_version"], versions["area_version"])],
        ["vintage 数据阶段:", f"{manifest.stage}, years {manifest.years[0]}-{manifest.years[-1]}"],
        ["code version 程序:", f"{code['version']} sha256 {digest}"],
    ]
    said = [line for mark in marks(manifest) for line in wrapped(mark, page.width)]
    return [f"release: {manifest.release_id} {manifest.title}", *said, *aligned(lines, page.width)]
