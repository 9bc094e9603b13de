"""The release's own copy of the catalogue: tables, indicators, labels and parameters that it used."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keli.engine.release import as_json
from keli.line.publish.tables import PREFIX
from keli.model.catalogue import Catalogue
from keli.model.indicators import indicators
from keli.model.parameters import Parameter, ParameterValue
from keli.model.workspace import Workspace

# Parameters of the synthetic sample calibrate its truth; no figure of a release is computed with them.
_NOT_USED = "sample/"


def catalogue_files(workspace: Workspace, catalogue: Catalogue, tables: dict[str, pa.Table]) -> dict[str, bytes]:
    """Return the documents of the copy by their path in the release.

    Args:
        workspace: The settings.
        catalogue: Facts, with the workspace's own.
        tables: Open tables by name.
    """
    documents = {
        "tables": [dataclasses.asdict(catalogue.tables[f"{PREFIX}{name}"]) | {"name": name} for name in sorted(tables)],
        "indicators": used_indicators(tables),
        "labels": used_labels(catalogue, tables),
        "parameters": [_documented(parameter, values) for parameter, values in used_parameters(workspace, catalogue)],
    }
    return {f"catalogue/{name}.json": as_json(document) for name, document in documents.items()}


def used_indicators(tables: dict[str, pa.Table]) -> list[dict[str, Any]]:
    """Return the entries of the measures that the tables hold, in the order of the catalogue."""
    used = {(name, measure) for name, rows in tables.items() for measure in _codes(rows, "measure")}
    return [dataclasses.asdict(entry) for key, entry in indicators().items() if key in used]


def used_labels(catalogue: Catalogue, tables: dict[str, pa.Table]) -> dict[str, dict[str, str]]:
    """Return the official names of the codes that the tables hold, by column."""
    names = {
        "ref_area": {code.code: code.name_zh for code in catalogue.areas.codes.values()},
        "activity": {code.code: code.name_zh for code in catalogue.digital.codes.values()}
        | {plate.plate: plate.name_zh for plate in catalogue.plates},
        "size_class": {code.code: code.name_zh for code in catalogue.sizes.codes.values()},
        "ownership": {code.code: code.name_zh for code in catalogue.ownership.codes.values()},
    }
    used = {column: {code for rows in tables.values() for code in _codes(rows, column)} for column in names}
    return {
        column: {code: known[code] for code in sorted(used[column]) if code in known} for column, known in names.items()
    }


def used_parameters(workspace: Workspace, catalogue: Catalogue) -> list[tuple[Parameter, list[ParameterValue]]]:
    """Return the parameters and those of their values that hold in a year of the account."""
    first, last = dt.date(workspace.first_year, 12, 31), dt.date(workspace.last_year, 12, 31)
    used = []
    for name, parameter in sorted(catalogue.parameters.items()):
        ends = [later.valid_from for later in parameter.values[1:]] + [dt.date.max]
        held = [
            value for value, end in zip(parameter.values, ends, strict=True) if value.valid_from <= last and end > first
        ]
        if held and not name.startswith(_NOT_USED):
            used.append((parameter, held))
    return used


def _documented(parameter: Parameter, values: list[ParameterValue]) -> dict[str, Any]:
    """A parameter in full."""
    return {
        "name": parameter.name,
        "label_zh": parameter.label_zh,
        "description": parameter.description,
        "unit": parameter.unit,
        "values": [dataclasses.asdict(value) | {"valid_from": value.valid_from.isoformat()} for value in values],
    }


def _codes(rows: pa.Table, column: str) -> list[str]:
    codes: list[str] = pc.unique(rows.column(column)).to_pylist() if column in rows.column_names else []
    return codes
