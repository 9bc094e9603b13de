"""Coordinates become WGS 84 once, when a row is accepted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

COLUMNS = {"name": "名称", "longitude": "经度", "latitude": "纬度"}
TakeIn = Callable[..., Any]


@pytest.mark.parametrize(
    ("frame", "longitude", "latitude"),
    [
        ("wgs84", 116.404, 39.915),
        # Published approximate inverses: within two metres of the exact one.
        ("gcj02", 116.39775549316407, 39.913596801757805),
        ("bd09", 116.3913836995125, 39.907253214522164),
    ],
)
def test_coordinates_in_the_frame_that_keli_yaml_names(
    take_in: TakeIn, frame: str, longitude: float, latitude: float
) -> None:
    text = "名称,经度,纬度\n甲,116.404,39.915\n乙,,39.915\n丙,,\n"
    rows = take_in("register", text, COLUMNS, coordinates=frame).accepted
    assert (rows[0]["longitude"], rows[0]["latitude"]) == pytest.approx((longitude, latitude), abs=2e-5)
    assert [(row["longitude"], row["name"]) for row in rows[1:]] == [(None, "乙"), (None, "丙")]
    assert rows[2]["latitude"] is None
