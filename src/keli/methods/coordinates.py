"""Coordinates: from the frames of Chinese maps (GCJ-02, BD-09) to WGS 84."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

# Semi-major axis (metres) and first eccentricity squared of the Krasovsky 1940 ellipsoid, which the published
# transformation of GCJ-02 uses.
SEMI_MAJOR_AXIS = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
# BD-09 turns and stretches GCJ-02 by small waves and shifts it.
_BD_WAVE = math.pi * 3000.0 / 180.0
_BD_SHIFT_LONGITUDE, _BD_SHIFT_LATITUDE = 0.0065, 0.006
# Degrees: west, east, south, north of the rectangle outside of which GCJ-02 is WGS 84.
_CHINA = (72.004, 137.8347, 0.8293, 55.8271)
# Degrees; one metre on the ground is about 9e-6 degrees, so that the inverse is closed to less than 1 mm.
_TOLERANCE = 1e-9
_MOST_STEPS = 30

Degrees = npt.NDArray[np.float64]
Points = tuple[Degrees, Degrees]


def wgs84(longitude: Degrees, latitude: Degrees, frame: str) -> Points:
    """A point in WGS 84.

    Args:
        longitude: Longitude in the frame, degrees.
        latitude: Latitude in the frame, degrees.
        frame: wgs84, gcj02 or bd09.

    Returns:
        Longitude and latitude in WGS 84, degrees.

    Method: the inverse of GCJ-02 and of BD-09 by fixed-point iteration on the published forward formulas.

    Raises:
        ValueError: The frame is unknown.
    """
    if frame == "wgs84":
        return longitude, latitude
    if frame == "gcj02":
        return wgs84_of_gcj02(longitude, latitude)
    if frame == "bd09":
        return wgs84_of_gcj02(*gcj02_of_bd09(longitude, latitude))
    raise ValueError(f"{frame} is none of wgs84, gcj02, bd09")


def gcj02_of_wgs84(longitude: Degrees, latitude: Degrees) -> Points:
    """A point in GCJ-02, the frame of Chinese maps (火星坐标系); points outside China stay as they are.

    Args:
        longitude: Longitude in WGS 84, degrees.
        latitude: Latitude in WGS 84, degrees.

    Returns:
        Longitude and latitude in GCJ-02, degrees.

    Method: the published transformation (eviltransform, after the standard's reference code).
    """
    outside = outside_china(longitude, latitude)
    east, north = _offsets(longitude - 105.0, latitude - 35.0)
    radians = np.radians(latitude)
    magic = 1.0 - ECCENTRICITY_SQUARED * np.sin(radians) ** 2
    meridian = SEMI_MAJOR_AXIS * (1.0 - ECCENTRICITY_SQUARED) / (magic * np.sqrt(magic))
    normal = SEMI_MAJOR_AXIS / np.sqrt(magic) * np.cos(radians)
    to_x, to_y = longitude + np.degrees(east / normal), latitude + np.degrees(north / meridian)
    return np.where(outside, longitude, to_x), np.where(outside, latitude, to_y)


def wgs84_of_gcj02(longitude: Degrees, latitude: Degrees) -> Points:
    """A point of GCJ-02 in WGS 84.

    Args:
        longitude: Longitude in GCJ-02, degrees.
        latitude: Latitude in GCJ-02, degrees.

    Returns:
        Longitude and latitude in WGS 84, degrees, closed to less than a millimetre.

    Method: x(n+1) = x(n) + (g - f(x(n))), f the forward transformation, from x(0) = g.
    """
    x, y = _inverse(gcj02_of_wgs84, longitude, latitude)
    outside = outside_china(longitude, latitude)
    return np.where(outside, longitude, x), np.where(outside, latitude, y)


def bd09_of_gcj02(longitude: Degrees, latitude: Degrees) -> Points:
    """A point of GCJ-02 in BD-09, the frame of Baidu maps.

    Args:
        longitude: Longitude in GCJ-02, degrees.
        latitude: Latitude in GCJ-02, degrees.

    Returns:
        Longitude and latitude in BD-09, degrees.

    Method: the published transformation.
    """
    radius = np.hypot(longitude, latitude) + 0.00002 * np.sin(latitude * _BD_WAVE)
    angle = np.arctan2(latitude, longitude) + 0.000003 * np.cos(longitude * _BD_WAVE)
    return radius * np.cos(angle) + _BD_SHIFT_LONGITUDE, radius * np.sin(angle) + _BD_SHIFT_LATITUDE


def gcj02_of_bd09(longitude: Degrees, latitude: Degrees) -> Points:
    """A point of BD-09 in GCJ-02.

    Args:
        longitude: Longitude in BD-09, degrees.
        latitude: Latitude in BD-09, degrees.

    Returns:
        Longitude and latitude in GCJ-02, degrees, closed to less than a millimetre.

    Method: fixed-point iteration on the forward transformation, as in `wgs84_of_gcj02`.
    """
    return _inverse(bd09_of_gcj02, longitude, latitude)


def outside_china(longitude: Degrees, latitude: Degrees) -> npt.NDArray[np.bool_]:
    """Whether a point lies outside the rectangle in which GCJ-02 differs from WGS 84.

    >>> outside_china(np.array([114.05, -73.98]), np.array([22.54, 40.75])).tolist()
    [False, True]
    """
    west, east, south, north = _CHINA
    return ~((west <= longitude) & (longitude <= east) & (south <= latitude) & (latitude <= north))


def _inverse(forward: Callable[[Degrees, Degrees], Points], longitude: Degrees, latitude: Degrees) -> Points:
    """The points that `forward` takes to the given ones, by fixed-point iteration."""
    x, y = longitude, latitude
    for _ in range(_MOST_STEPS):
        to_x, to_y = forward(x, y)
        east, north = longitude - to_x, latitude - to_y
        x, y = x + east, y + north
        if not np.any((np.abs(east) >= _TOLERANCE) | (np.abs(north) >= _TOLERANCE)):
            break
    return x, y


def _offsets(x: Degrees, y: Degrees) -> Points:
    """Offsets to the east and to the north in metres, as waves of the distance from (105 E, 35 N)."""
    pi = math.pi
    waves = (20.0 * np.sin(6.0 * x * pi) + 20.0 * np.sin(2.0 * x * pi)) * 2.0 / 3.0
    root = np.sqrt(np.abs(x))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20.0 * np.sin(x * pi) + 40.0 * np.sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * pi) + 300.0 * np.sin(x / 30.0 * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20.0 * np.sin(y * pi) + 40.0 * np.sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * pi) + 320.0 * np.sin(y * pi / 30.0)) * 2.0 / 3.0
    return east, north
