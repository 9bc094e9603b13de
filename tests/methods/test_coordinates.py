"""Frames of Chinese maps against published vectors, and inverses closed to less than a centimetre."""

from __future__ import annotations

import numpy as np
import pytest

from keli.methods.coordinates import bd09_of_gcj02, gcj02_of_bd09, gcj02_of_wgs84, wgs84, wgs84_of_gcj02

CENTIMETRE = 0.01 / 111_320  # degrees


def point(longitude: float, latitude: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([longitude]), np.array([latitude])


# Test vectors of eviltransform (Shanghai, Shenzhen, Beijing; its semi-major axis is 108 m shorter: up to a centimetre),
# and of coordtransform (116.404, 39.915; the same constants).
@pytest.mark.parametrize(
    ("longitude", "latitude", "to_longitude", "to_latitude", "tolerance"),
    [
        (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597, 2 * CENTIMETRE),
        (113.912316, 22.543847, 113.9171764808363, 22.540796131694766, 2 * CENTIMETRE),
        (116.377817, 39.911954, 116.38404722455657, 39.91334545536069, 2 * CENTIMETRE),
        (116.404, 39.915, 116.41024449916938, 39.91640428150164, 1e-9),
        (-104.9903, 39.7392, -104.9903, 39.7392, 0),
    ],
)
def test_gcj02_as_published(
    longitude: float, latitude: float, to_longitude: float, to_latitude: float, tolerance: float
) -> None:
    x, y = gcj02_of_wgs84(*point(longitude, latitude))
    assert abs(x[0] - to_longitude) <= tolerance
    assert abs(y[0] - to_latitude) <= tolerance


def test_bd09_as_published() -> None:
    x, y = bd09_of_gcj02(*point(116.404, 39.915))
    assert (x[0], y[0]) == pytest.approx((116.41036949371029, 39.92133699351022), abs=1e-9)


def test_the_inverse_of_bd09_is_closer_than_the_published_approximation() -> None:
    x, y = gcj02_of_bd09(*point(116.404, 39.915))
    assert (x[0], y[0]) == pytest.approx((116.39762729119315, 39.90865673957631), abs=1e-6)
    back = bd09_of_gcj02(x, y)
    assert (back[0][0], back[1][0]) == pytest.approx((116.404, 39.915), abs=1e-9)


def test_inverses_are_closed_over_shenzhen() -> None:
    x, y = (grid.ravel() for grid in np.meshgrid(np.linspace(113.7, 114.7, 21), np.linspace(22.4, 22.9, 21)))
    for forward, back in ((gcj02_of_wgs84, wgs84_of_gcj02), (bd09_of_gcj02, gcj02_of_bd09)):
        to_x, to_y = back(*forward(x, y))
        assert np.abs(to_x - x).max() < CENTIMETRE
        assert np.abs(to_y - y).max() < CENTIMETRE


def test_an_edge_point_that_no_point_is_moved_to_stays_near() -> None:
    # Points inside the rectangle are moved, those outside are not: just inside its edge no point is moved to.
    west, north = wgs84_of_gcj02(*point(72.00401, 35.0))
    assert abs(west[0] - 72.00401) < 0.01
    assert abs(north[0] - 35.0) < 0.01


def test_frames_by_name() -> None:
    at = point(114.06, 22.54)
    assert wgs84(*at, "wgs84") == at
    assert wgs84(*gcj02_of_wgs84(*at), "gcj02")[0][0] == pytest.approx(114.06, abs=CENTIMETRE)
    assert wgs84(*bd09_of_gcj02(*gcj02_of_wgs84(*at)), "bd09")[1][0] == pytest.approx(22.54, abs=CENTIMETRE)
    with pytest.raises(ValueError, match="cgcs"):
        wgs84(*at, "cgcs")
