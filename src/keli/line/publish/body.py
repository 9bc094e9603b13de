"""What release.json says: what the figures are, and what they were made from. No times of day, no machine."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

import keli
from keli.engine.fingerprint import catalogue_sha256, code_sha256, engine_versions
from keli.line.publish.catalogue_copy import used_parameters
from keli.line.publish.map_layers import Layer
from keli.line.publish.notes import release_footnotes, release_notes
from keli.line.publish.tables import PREFIX, confidential_rows
from keli.model.catalogue import Catalogue
from keli.model.release.manifest import NO_SECONDARY
from keli.model.workspace import Workspace


def release_body(
    workspace: Workspace,
    catalogue: Catalogue,
    *,
    tables: dict[str, pa.Table],
    inputs: list[dict[str, Any]],
    books: list[dict[str, Any]],
    coder: dict[str, Any],
    layers: list[Layer],
) -> dict[str, Any]:
    """Return the contents of release.json without its id and files.

    Args:
        workspace: The settings.
        catalogue: Facts, with the workspace's own.
        tables: Open tables by name.
        inputs: Every input with its hash.
        books: Row counts of every source.
        coder: The industry coder of the run, with the hash of its bytes.
        layers: Map layers.
    """
    return {
        **_identity(workspace, catalogue, inputs),
        "secondary": NO_SECONDARY,
        "rounding": catalogue.parameter("rounding/convention").at(workspace.last_year),
        "notes": release_notes(workspace, catalogue),
        "footnotes": release_footnotes(workspace, tables["value_added"]),
        "classifications": _classifications(workspace, catalogue),
        "tables": [_table(catalogue, name, tables[name]) for name in sorted(tables)],
        "map_layers": [{"name": layer.name, "features": layer.features} for layer in layers],
        "coverage": books,
        "inputs": inputs,
        "coder": coder,
        "parameters": _parameters(workspace, catalogue),
        "catalogue": {"sha256": catalogue_sha256()},
        "code": {"version": keli.__version__, "sha256": code_sha256()},
        "engine": engine_versions(),
    }


def _identity(workspace: Workspace, catalogue: Catalogue, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    """Title, area, years, vintage."""
    received = [entry["received"] for entry in inputs if entry["received"] is not None]
    return {
        "title": workspace.title,
        "synthetic": workspace.synthetic,
        "census": workspace.census,
        "area": {"code": workspace.area, "name_zh": catalogue.areas[workspace.area].name_zh},
        "years": list(workspace.years),
        "stage": workspace.stage,
        "received": max(received),
    }


def _classifications(workspace: Workspace, catalogue: Catalogue) -> dict[str, str]:
    return {
        "activity_version": catalogue.digital.version,
        "industry_version": catalogue.gbt.version,
        "area_version": catalogue.areas.version,
        "method_version": keli.__version__,
        "vintage": workspace.stage,
    }


def _table(catalogue: Catalogue, name: str, rows: pa.Table) -> dict[str, Any]:
    spec = catalogue.tables[f"{PREFIX}{name}"]
    return {
        "name": name,
        "title_zh": spec.title_zh,
        "grain": spec.grain,
        "key": list(spec.key),
        "rows": rows.num_rows,
        "confidential": confidential_rows(rows),
    }


def _parameters(workspace: Workspace, catalogue: Catalogue) -> list[dict[str, Any]]:
    """A line for each value in use: what it is, value, unit, date, reference, verified."""
    return [
        {
            "name": parameter.name,
            "label_zh": parameter.label_zh,
            "description": parameter.description,
            "value": value.value,
            "unit": parameter.unit,
            "valid_from": value.valid_from.isoformat(),
            "reference": value.reference,
            "verified": value.verified,
        }
        for parameter, values in used_parameters(workspace, catalogue)
        for value in values
    ]
