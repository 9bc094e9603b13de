"""The passport of one number: how it came about, from open tables only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from keli.base.errors import KeliError
from keli.formats.open_table import CONFIDENTIAL, OpenTable, marks
from keli.formats.printed import printed_figure, unit_name
from keli.formats.selection import listed, selected, values_of
from keli.model.release.manifest import Manifest

# A part of a figure is the row that agrees with it in these dimensions.
WHOLE = "_T"
_SHARED = ("time_period", "ref_area", "activity", "size_class", "ownership")
# Figures of value_added that the formula of a measure names.
_OPERANDS = {
    "VA": ("VA_UNBENCHMARKED", "BENCHMARK_FACTOR"),
    **dict.fromkeys(("GROWTH", "GROWTH_PUBLISHED", "SHARE_GDP", "SHARE_GDP_CHANGE", "CONTRIBUTION", "PULL"), ("VA",)),
}
_PRICES = {"V": "current prices 现价", "Q": "constant prices 不变价", "_Z": "no price basis"}


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


def one_row(table: OpenTable, conditions: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """The one row that the conditions name.

    Args:
        table: An open table.
        conditions: Column -> values.

    Raises:
        KeliError: None or several rows meet them; the dimensions that are still open are listed with their values.
    """
    rows = selected(table.rows, conditions)
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


def passport(row: dict[str, Any], table: OpenTable, origins: Origins) -> list[str]:
    """Lines of the passport: figure, formula, components, evidence, parameters, inputs, release.

    A confidential figure says that it is confidential, and nothing else about itself.

    Args:
        row: One row of the table.
        table: The open table of the row.
        origins: What the release holds to explain it with.
    """
    if row["conf_status"] == CONFIDENTIAL:
        return [*_name(row, table, origins), "figure: confidential 保密，不公布", *_release(table.manifest)]
    return [
        *_name(row, table, origins),
        *_figure(row, table.manifest),
        *_formula(row, origins),
        *_operands(row, table),
        *_breakdowns(row, origins, table.manifest),
        *_parameters(table.manifest),
        *_inputs(table.manifest),
        *_release(table.manifest),
    ]


def _name(row: dict[str, Any], table: OpenTable, origins: Origins) -> list[str]:
    """Which figure it is, code and official name of each dimension."""
    lines = [f"{table.name} {table.entry.title_zh}"]
    for column in table.entry.key:
        name = origins.labels.get(column, {}).get(str(row[column]), "")
        lines.append(f"  {column}: {row[column]} {name}".rstrip())
    return lines


def _figure(row: dict[str, Any], manifest: Manifest) -> list[str]:
    figure = printed_figure(row, manifest.rounding)
    shown = "missing" if figure is None else f"{figure} {unit_name(row['unit_measure'], row['unit_mult'])}"
    base = f", base {row['base_period']}" if row["base_period"] else ""
    return [
        f"figure: {shown}",
        f"  price basis: {_PRICES.get(row['price_base'], row['price_base'])}{base}",
        f"  vintage: {manifest.stage}, inputs received to {manifest.received.isoformat()}, status {row['obs_status']}",
    ]


def _formula(row: dict[str, Any], origins: Origins) -> list[str]:
    indicator = origins.indicators.get(row["measure"])
    if indicator is None:
        return []
    names = f"{indicator['label_zh']} {indicator['label_en']}"
    return [
        f"formula: {names}",
        f"  {indicator['formula']}",
        f"  reference: {indicator['reference']}",
    ]


def _operands(row: dict[str, Any], table: OpenTable) -> list[str]:
    """The figures that the formula names: of the same place, of this year and the year before; GDP for its share."""
    operands = _OPERANDS.get(row["measure"], ()) if table.name == "value_added" else ()
    if not operands:
        return []
    years = (row["time_period"], str(int(row["time_period"]) - 1))
    activities = (row["activity"], WHOLE) if row["measure"].startswith("SHARE") else (row["activity"],)
    lines = [
        f"  {other['time_period']} {other['activity']} {other['measure']} {other['price_base']}: "
        f"{_shown(other, table.manifest)}"
        for other in table.rows.to_pylist()
        if other["measure"] in operands
        and other["activity"] in activities
        and other["ref_area"] == row["ref_area"]
        and other["time_period"] in years
    ]
    return ["figures in it:", *lines]


def _shown(row: dict[str, Any], manifest: Manifest) -> str:
    figure = printed_figure(row, manifest.rounding)
    if figure is None:
        return "confidential" if row["conf_status"] == CONFIDENTIAL else "missing"
    return f"{figure} {unit_name(row['unit_measure'], row['unit_mult'])}"


def _breakdowns(row: dict[str, Any], origins: Origins, manifest: Manifest) -> list[str]:
    """Components and evidence of value added at current prices; nothing for other figures."""
    if (row["measure"], row["price_base"]) != ("VA", "V"):
        return []
    components = _same_place(row, origins.components)
    evidence = _same_place(row, origins.evidence)
    by_basis = [part for part in evidence if part["basis"] != WHOLE]
    by_tier = [part for part in evidence if part["split_evidence"] != WHOLE]
    return [
        *_parts("components 收入法构成", components, manifest, "measure"),
        *_parts("by basis 按数据来源", by_basis, manifest, "basis"),
        *_parts("by split evidence 按切分证据", by_tier, manifest, "split_evidence"),
    ]


def _same_place(row: dict[str, Any], parts: pa.Table) -> list[dict[str, Any]]:
    return [part for part in parts.to_pylist() if all(part[column] == row[column] for column in _SHARED)]


def _parts(title: str, parts: list[dict[str, Any]], manifest: Manifest, named_by: str) -> list[str]:
    """Rows of another table on the same place that may be shown; none where the only withheld part is their rest."""
    if not parts:
        return [f"{title}: not published for this cell"]
    withheld = {part[named_by].removeprefix("SHARE_") for part in parts if part["conf_status"] == CONFIDENTIAL}
    if len(withheld) == 1:
        return [f"{title}: confidential"]
    lines = [
        f"  {part[named_by]}{'' if named_by == 'measure' else ' ' + part['measure']}: {_shown(part, manifest)}"
        for part in parts
        if part["conf_status"] != CONFIDENTIAL
    ]
    return [f"{title}:", *lines, *([f"  {len(withheld)} parts confidential"] if withheld else [])]


def _parameters(manifest: Manifest) -> list[str]:
    lines = ["parameters 参数:"]
    for entry in manifest.contents["parameters"]:
        verified = "verified" if entry["verified"] else "NOT VERIFIED"
        lines.append(
            f"  {entry['name']} = {_short(entry['value'])} ({entry['unit']}, from {entry['valid_from']}; {verified}; "
            f"{entry['reference']})"
        )
    return lines


def _short(value: Any) -> str:
    """A parameter's value in a line; the release's catalogue holds long ones in full."""
    if isinstance(value, list | dict) and len(value) > 4:  # noqa: PLR2004 - what fits a line
        return f"{len(value)} entries, see catalogue/parameters.json"
    return str(value)


def _inputs(manifest: Manifest) -> list[str]:
    entries = manifest.contents["inputs"]
    return ["inputs 来源文件:", *(f"  {entry['source']} {entry['file']} sha256 {entry['sha256']}" for entry in entries)]


def _release(manifest: Manifest) -> list[str]:
    code = manifest.contents["code"]
    return [
        f"release: {manifest.release_id} {manifest.title}",
        *(f"  {mark}" for mark in marks(manifest)),
        f"  code version: {code['version']} sha256 {code['sha256']}",
    ]
