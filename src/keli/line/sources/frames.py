"""Frames: delivered coordinates become WGS 84 once, when a row is accepted."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from keli.methods.coordinates import wgs84

LONGITUDE, LATITUDE = "longitude", "latitude"
WGS84 = "wgs84"
_POINT = "struct<longitude: float64, latitude: float64>"
# Degrees; a unit in the last place is about a millimetre on the ground.
_PLACES = 8


@ibis.udf.scalar.pyarrow(signature=(("float64", "float64", "string"), _POINT))  # type: ignore[untyped-decorator]
def _wgs84(longitude: pa.Array, latitude: pa.Array, frame: pa.Array) -> pa.Array:
    frames = frame.unique().to_pylist()
    x, y = (values.to_numpy(zero_copy_only=False) for values in (longitude, latitude))
    to_x, to_y = wgs84(x, y, frames[0] if frames else WGS84)
    points = [pa.array(values.round(_PLACES), from_pandas=True) for values in (to_x, to_y)]
    return pa.StructArray.from_arrays(points, [LONGITUDE, LATITUDE])


def in_wgs84(values: dict[str, ir.Value], frame: str | None) -> dict[str, ir.Value]:
    """The values of a row with longitude and latitude in WGS 84.

    Args:
        values: Accepted values by canonical column.
        frame: Frame of the source's coordinates: wgs84, gcj02, bd09, or None where it has none.
    """
    if frame in (None, WGS84) or not {LONGITUDE, LATITUDE} <= set(values):
        return values
    x, y = values[LONGITUDE], values[LATITUDE]
    both = x.notnull() & y.notnull()
    point = _wgs84(ibis.ifelse(both, x, 0.0), ibis.ifelse(both, y, 0.0), ibis.literal(frame))
    moved = {LONGITUDE: ibis.ifelse(both, point[LONGITUDE], None), LATITUDE: ibis.ifelse(both, point[LATITUDE], None)}
    return values | moved
