"""Map layers of a workspace: valid GeoJSON in CRS84, official codes and names, areas that do not overlap."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from keli.base.errors import ConfigurationError, Place
from keli.model.catalogue import Catalogue
from keli.model.codes import CodeList

CRS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84")
CODE_PROPERTIES = ("adcode", "code")
EXAMPLE = '{"type": "Feature", "properties": {"code": "440304001", "name": "南园街道"}, "geometry": {...}}'


@dataclass(frozen=True)
class Layer:
    """One map layer: its name, the bytes of its file, how many features it has."""

    name: str
    contents: bytes = field(repr=False)
    features: int


@dataclass(frozen=True)
class _Feature:
    """One feature of a layer with its place in the file, counted from 1."""

    number: int
    code: str
    name: str
    geometry: BaseGeometry


def read_layers(files: dict[str, Path], catalogue: Catalogue) -> list[Layer]:
    """Return the layers in the order of their names, each checked.

    Args:
        files: GeoJSON file of each layer.
        catalogue: Facts: areas, the extent of the map, the tolerance for overlaps.

    Raises:
        ConfigurationError: A layer is not GeoJSON in CRS84, or a feature has a wrong code, name or geometry.
    """
    return [_layer(name, files[name], catalogue) for name in sorted(files)]


def _layer(name: str, path: Path, catalogue: Catalogue) -> Layer:
    contents = path.read_bytes()
    collection = _collection(contents, path)
    _check_crs(collection, path)
    features = [_feature(number, entry, path) for number, entry in enumerate(collection["features"], start=1)]
    _check_codes(features, catalogue.areas, path)
    _check_extent(features, catalogue.parameter("map/extent").values[-1].value, path)
    _check_overlaps(features, float(catalogue.parameter("map/overlap_tolerance").values[-1].value), path)
    return Layer(name, contents, len(features))


def _collection(contents: bytes, path: Path) -> dict[str, Any]:
    """The feature collection of a file."""
    try:
        collection = json.loads(contents.decode("utf-8-sig"))
    except ValueError as problem:
        raise ConfigurationError(
            f"The map layer is not JSON: {problem}.", where=Place(path.name), next_step="Export it as GeoJSON, UTF-8."
        ) from problem
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise ConfigurationError(
            "The map layer is not a GeoJSON FeatureCollection.",
            where=Place(path.name),
            example='{"type": "FeatureCollection", "features": [...]}',
        )
    if not isinstance(collection.get("features"), list) or not collection["features"]:
        raise ConfigurationError("The map layer has no features.", where=Place(path.name), example=EXAMPLE)
    return collection


def _check_crs(collection: dict[str, Any], path: Path) -> None:
    """GeoJSON is longitude and latitude in WGS 84 (RFC 7946); an older file may name CRS84."""
    crs = collection.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    named = properties.get("name") if isinstance(properties, dict) else crs
    if named not in CRS84:
        raise ConfigurationError(
            f'The map layer is in the coordinate system "{named}".',
            where=Place(path.name),
            example=CRS84[0],
            next_step="Transform it to longitude and latitude (WGS 84), then export it again.",
        )


def _feature(number: int, entry: Any, path: Path) -> _Feature:
    """One feature with code, name and a valid geometry."""
    properties = entry.get("properties") if isinstance(entry, dict) else None
    known: dict[str, Any] = properties if isinstance(properties, dict) else {}
    code = next((str(known[name]) for name in CODE_PROPERTIES if known.get(name)), "")
    name = str(known.get("name") or "")
    if not name or not any(name in known for name in CODE_PROPERTIES):
        raise _wrong(path, number, "has no code (adcode or code) or no name.", example=EXAMPLE)
    try:
        geometry = shape(entry["geometry"])
    except (KeyError, TypeError, ValueError, AttributeError, GEOSException) as problem:
        raise _wrong(path, number, f"({code} {name}) has no readable geometry.") from problem
    if geometry.is_empty or not geometry.is_valid:
        reason = "empty" if geometry.is_empty else shapely.is_valid_reason(geometry)
        raise _wrong(path, number, f"({code} {name}) has an invalid geometry: {reason}.")
    return _Feature(number, code, name, geometry)


def _check_codes(features: list[_Feature], areas: CodeList, path: Path) -> None:
    """Codes are unique; where a layer has area codes, all are, with their official names.

    An empty code is allowed: a functional area such as 大鹏新区 has none, and no figure is shown on it.
    """
    coded = [feature for feature in features if feature.code]
    seen: dict[str, int] = {}
    for feature in coded:
        if feature.code in seen:
            raise _wrong(path, feature.number, f"has the code {feature.code} of feature {seen[feature.code]}.")
        seen[feature.code] = feature.number
    if not any(feature.code in areas for feature in coded):
        return
    for feature in coded:
        if feature.code not in areas:
            raise _wrong(path, feature.number, f'({feature.name}) has the code "{feature.code}", which is no area.')
        official = areas[feature.code].name_zh
        if feature.name != official:
            raise _wrong(path, feature.number, f'calls {feature.code} "{feature.name}".', example=official)


def _check_extent(features: list[_Feature], extent: dict[str, float], path: Path) -> None:
    """Coordinates lie in the extent of the country, longitude first."""
    for feature in features:
        west, south, east, north = feature.geometry.bounds
        inside = extent["west"] <= west and east <= extent["east"]
        if not (inside and extent["south"] <= south and north <= extent["north"]):
            raise _wrong(
                path,
                feature.number,
                f"({feature.code}) reaches {west:g}..{east:g} east and {south:g}..{north:g} north, outside the map.",
                example="[114.05, 22.54]: longitude, then latitude, in degrees",
            )


def _check_overlaps(features: list[_Feature], tolerance: float, path: Path) -> None:
    """No two areas share more than the tolerance, in % of the smaller one."""
    areas = [feature for feature in features if feature.geometry.area > 0]
    geometries = np.array([feature.geometry for feature in areas], dtype=object)
    pairs = shapely.STRtree(geometries).query(geometries, predicate="intersects").T
    for one, other in sorted((int(one), int(other)) for one, other in pairs if one < other):
        smaller = min(geometries[one].area, geometries[other].area)
        shared = 100 * geometries[one].intersection(geometries[other]).area / smaller
        if shared > tolerance:
            raise _wrong(
                path,
                areas[other].number,
                f"({areas[other].code}) overlaps feature {areas[one].number} ({areas[one].code}) "
                f"by {shared:.1f} % of the smaller one; {tolerance:g} % are tolerated.",
            )


def _wrong(path: Path, number: int, what: str, *, example: str | None = None) -> ConfigurationError:
    return ConfigurationError(
        f"Feature {number} of the map layer {what}",
        where=Place(path.name),
        example=example,
        next_step="Mend the feature, or leave the layer out of map_layers in keli.yaml.",
    )
