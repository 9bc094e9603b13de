"""Conditions select rows; what is not there is answered with what is."""

from __future__ import annotations

import pyarrow as pa
import pytest

from keli.base.errors import KeliError
from keli.formats.selection import conditions_of, selected

ROWS = pa.table(
    {
        "activity": ["01", "01", "02", "DE"],
        "time_period": ["2020", "2021", "2021", "2021"],
        "base_period": [None, "2020", "2020", None],
        "decimals": pa.array([2, 2, 4, 2], pa.int32()),
        "obs_value": [1.0, 2.0, 3.0, 4.0],
    }
)


@pytest.mark.parametrize(
    ("conditions", "figures"),
    [
        ([], [1.0, 2.0, 3.0, 4.0]),
        (["activity=01"], [1.0, 2.0]),
        (["activity=01", "activity=DE"], [1.0, 2.0, 4.0]),
        (["activity=01", "time_period=2021"], [2.0]),
        (["activity = 01 "], [1.0, 2.0]),
        (["base_period="], [1.0, 4.0]),
        (["decimals=4"], [3.0]),
        (["activity=02", "time_period=2020"], []),
    ],
)
def test_rows_that_meet_every_condition(conditions: list[str], figures: list[float]) -> None:
    assert selected(ROWS, conditions_of(conditions)).column("obs_value").to_pylist() == figures


@pytest.mark.parametrize(
    ("condition", "message", "example"),
    [
        ("activty=01", 'no column "activty".*activity, time_period, base_period, decimals', "activity=01"),
        ("obs_value=1", 'no column "obs_value"', None),
        ("activity=03", 'activity "03".*01, 02, DE', "activity=01"),
        ("activity", '"activity" is not a condition', "activity=DE"),
        ("=01", '"=01" is not a condition', "activity=DE"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(condition: str, message: str, example: str | None) -> None:
    with pytest.raises(KeliError, match=message) as caught:
        selected(ROWS, conditions_of([condition]))
    if example is not None:
        assert caught.value.example == example


def test_many_values_are_cut_short() -> None:
    rows = pa.table({"activity": [f"{number:04d}" for number in range(100)]})
    with pytest.raises(KeliError, match=r"0039 \.\.\. and 60 more"):
        selected(rows, {"activity": ("x",)})


def test_table_without_rows_has_no_unknown_values() -> None:
    assert selected(ROWS.slice(0, 0), {"activity": ("03",)}).num_rows == 0
