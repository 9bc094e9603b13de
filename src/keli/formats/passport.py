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
_SHARED = ("time_period", "ref_area", "activity", "size_class", "ownership")
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
        example=" ".join(f"{column}={values[0]}" for column, values in still_open.items() if len(values) > 1),
    )


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
        *_parts("components 收入法构成", row, origins.components, table.manifest, ("price_base", "measure")),
        *_parts("evidence 证据层级", row, origins.evidence, table.manifest, ("basis", "split_evidence", "measure")),
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


def _parts(
    title: str, row: dict[str, Any], parts: pa.Table, manifest: Manifest, named_by: tuple[str, ...]
) -> list[str]:
    """Free rows of another table on the same period, area and activity; withheld ones are only counted."""
    same = [part for part in parts.to_pylist() if all(part[column] == row[column] for column in _SHARED)]
    if not same:
        return [f"{title}: not published for this cell"]
    lines = []
    for part in same:
        figure = printed_figure(part, manifest.rounding)
        if figure is not None:
            name = " ".join(str(part[column]) for column in named_by)
            lines.append(f"  {name}: {figure} {unit_name(part['unit_measure'], part['unit_mult'])}")
    withheld = sum(part["conf_status"] == CONFIDENTIAL for part in same)
    return [title + ":", *lines, *([f"  {withheld} confidential"] if withheld else [])]


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
