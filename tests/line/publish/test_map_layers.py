"""Map layers: two squares of Futian side by side are right; each thing that can be wrong names layer and feature."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keli.base.errors import ConfigurationError
from keli.line.publish.map_layers import read_layers
from keli.model.catalogue import Catalogue


def _square(west: float, south: float, code: str, name: str, **properties: Any) -> dict[str, Any]:
    ring = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.01], [west, south + 0.01], [west, south]]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name, **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def _right() -> list[dict[str, Any]]:
    return [_square(114.05, 22.54, "440304001", "南园街道"), _square(114.06, 22.54, "440304002", "园岭街道")]


def _write(folder: Path, features: list[Any], **more: Any) -> dict[str, Path]:
    path = folder / "subdistricts.geojson"
    collection = {"type": "FeatureCollection", "features": features, **more}
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    return {"subdistricts": path}


def test_squares_that_touch_are_right(tmp_path: Path, catalogue: Catalogue) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    files = _write(tmp_path, _right(), crs=crs)
    (layer,) = read_layers(files, catalogue)
    assert (layer.name, layer.features) == ("subdistricts", 2)
    assert layer.contents == files["subdistricts"].read_bytes()


def test_codes_that_are_no_areas_are_free(tmp_path: Path, catalogue: Catalogue) -> None:
    features = [_square(114.05, 22.54, "B1", "大厦一"), _square(114.06, 22.54, "B2", "大厦二")]
    (layer,) = read_layers(_write(tmp_path, features), catalogue)
    assert layer.features == 2


def test_adcode_names_the_area_too(tmp_path: Path, catalogue: Catalogue) -> None:
    feature = _square(114.05, 22.54, "", "福田区", adcode="440304")
    (layer,) = read_layers(_write(tmp_path, [feature]), catalogue)
    assert layer.features == 1


def _moved(index: int, west: float, south: float) -> list[dict[str, Any]]:
    features = _right()
    code, name = features[index]["properties"]["code"], features[index]["properties"]["name"]
    features[index] = _square(west, south, code, name)
    return features


def _with(index: int, **properties: Any) -> list[dict[str, Any]]:
    features = _right()
    features[index]["properties"] |= properties
    return features


def _without_code() -> list[dict[str, Any]]:
    features = _right()
    del features[0]["properties"]["code"]
    return features


def _bow_tie() -> list[dict[str, Any]]:
    features = _right()
    ring = [[114.0, 22.5], [114.1, 22.6], [114.1, 22.5], [114.0, 22.6], [114.0, 22.5]]
    features[0]["geometry"]["coordinates"] = [ring]
    return features


@pytest.mark.parametrize(
    ("features", "message"),
    [
        (_with(1, name="南园街道"), 'Feature 2 of the map layer calls 440304002 "南园街道"'),
        (_with(1, code="440304099"), 'Feature 2 of the map layer .* has the code "440304099", which is no area'),
        (_with(1, code="440304001"), "Feature 2 of the map layer has the code 440304001 of feature 1"),
        (_without_code(), "Feature 1 of the map layer has no code"),
        (_with(0, name=None), "Feature 1 of the map layer has no code .* or no name"),
        (_moved(1, 114.055, 22.54), "Feature 2 .*440304002.* overlaps feature 1 .*440304001.* by 50.0 %"),
        (_moved(0, 22.54, 114.05), "Feature 1 .*440304001.* reaches 22.54..22.55 east"),
        (_bow_tie(), "Feature 1 .* invalid geometry: Self-intersection"),
        ([{"type": "Feature", "properties": {"code": "1", "name": "x"}, "geometry": None}], "no readable geometry"),
        (["no feature"], "Feature 1 of the map layer has no code"),
        ([], "has no features"),
    ],
)
def test_wrong_features_are_named(tmp_path: Path, catalogue: Catalogue, features: list[Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        read_layers(_write(tmp_path, features), catalogue)
    assert "subdistricts.geojson" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "not a GeoJSON FeatureCollection"),
        ('{"type": "Feature"}', "not a GeoJSON FeatureCollection"),
        (
            '{"type": "FeatureCollection", "features": [1], "crs": {"properties": {"name": "EPSG:4547"}}}',
            'coordinate system "EPSG:4547"',
        ),
        ('{"type": "FeatureCollection", "features": [1], "crs": "none"}', 'coordinate system "none"'),
    ],
)
def test_wrong_files_are_refused(tmp_path: Path, catalogue: Catalogue, text: str, message: str) -> None:
    path = tmp_path / "layer.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=message):
        read_layers({"layer": path}, catalogue)


def test_borders_that_cross_a_little_are_tolerated(tmp_path: Path, catalogue: Catalogue) -> None:
    """Shifted by 0.00005 of 0.01 degrees: 0.5 % of either square, the tolerance is 1 %."""
    (layer,) = read_layers(_write(tmp_path, _moved(1, 114.05995, 22.54)), catalogue)
    assert layer.features == 2


@pytest.mark.real
def test_published_district_borders_are_right(shared: Path, catalogue: Catalogue) -> None:
    (layer,) = read_layers({"districts": shared / "data/map/sz_districts_wgs84.geojson"}, catalogue)
    assert layer.features == 10
