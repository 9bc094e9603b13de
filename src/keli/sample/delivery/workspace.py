"""What the workspace holds beside the deliveries: keli.yaml, README, plates and a map, all marked SYNTHETIC."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from keli.model.catalogue import Catalogue
from keli.model.thresholds.above_scale import PARAMETER
from keli.sample.delivery.facts import subdistrict_names
from keli.sample.truth.conventions import LAST_YEAR

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
MAP_FILE = "subdistricts.geojson"
PLATE_HEAD = "plate,name_zh,activity,weight,remark"
PLATE_NAMES = ("板块一", "板块二", "板块三", "板块四", "板块五", "板块六")
# Placeholders: which middle classes a real plate would take is for the district to say.
PLATE_ACTIVITIES = (("0301",), ("0303", "0304"), ("0105",), ("0104", "0106"), ("0401", "0403"), ("0404",))
# A box about the district, in degrees, cut into a grid: not its true shape.
WEST, SOUTH, WIDTH, HEIGHT = 113.98, 22.50, 0.024, 0.05
COLUMNS_OF_GRID = 5


def write_settings(folder: Path, units: int, seed: int, frame_file: str) -> None:
    """Write keli.yaml and README.md from their templates."""
    head_rows, skip_rows = (2, 1) if frame_file.endswith(".xlsx") else (1, 0)
    fields = {
        "{{units}}": str(units),
        "{{seed}}": str(seed),
        "{{frame_file}}": frame_file,
        "{{frame_head_rows}}": str(head_rows),
        "{{frame_skip_rows}}": str(skip_rows),
    }
    for name in ("keli.yaml", "README.md"):
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        for field, value in fields.items():
            text = text.replace(field, value)
        (folder / name).write_text(text, encoding="utf-8")


def write_plates(folder: Path) -> None:
    """Write the six placeholder plates of the local catalogue, and the place of local parameters."""
    lines = [PLATE_HEAD]
    for number, (name, activities) in enumerate(zip(PLATE_NAMES, PLATE_ACTIVITIES, strict=True), start=1):
        lines += [f"P{number},{name},{activity},1,placeholder SYNTHETIC" for activity in activities]
    (folder / "plates.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    parameters = folder / "parameters"
    parameters.mkdir()
    text = (TEMPLATES / "parameters.md").read_text(encoding="utf-8")
    (parameters / "README.md").write_text(text, encoding="utf-8")


def write_thresholds(catalogue: Catalogue, folder: Path, scale: float) -> None:
    """Write the thresholds of a district whose units are larger or smaller than those of the reference size.

    Args:
        catalogue: The official thresholds.
        folder: Folder of local parameters.
        scale: Factor on the amounts; nothing is written where it is 1.
    """
    if scale == 1:
        return
    parameter = catalogue.parameter(PARAMETER)
    amounts = ("revenue_min", "asked_from")
    entries = [
        {name: round(value * scale, 2) if name in amounts and value else value for name, value in entry.items()}
        for entry in parameter.at(LAST_YEAR)
    ]
    value = {
        "valid_from": parameter.values[0].valid_from.isoformat(),
        "value": entries,
        "reference": f"SYNTHETIC: the official amounts times {scale:g}, as the sample's units are that much larger.",
        "verified": False,
    }
    local = {"name": PARAMETER, "label_zh": parameter.label_zh, "description": parameter.description,
             "unit": parameter.unit, "values": [value]}  # fmt: skip
    path = folder / f"{PARAMETER}.yaml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(local, allow_unicode=True, sort_keys=False), encoding="utf-8")


def write_map(catalogue: Catalogue, path: Path) -> None:
    """Write a map of the subdistricts: proper codes and names, made-up rectangles (CRS84)."""
    features = [
        _rectangle(code, name, *divmod(place, COLUMNS_OF_GRID))
        for place, (code, name) in enumerate(subdistrict_names(catalogue))
    ]
    layer = {
        "type": "FeatureCollection",
        "name": "subdistricts SYNTHETIC",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
        "features": features,
    }
    path.write_text(json.dumps(layer, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _rectangle(code: str, name: str, row: int, column: int) -> dict[str, Any]:
    west, south = round(WEST + column * WIDTH, 6), round(SOUTH + row * HEIGHT, 6)
    east, north = round(WEST + (column + 1) * WIDTH, 6), round(SOUTH + (row + 1) * HEIGHT, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name, "note": "SYNTHETIC"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
