"""The years in which a unit exists, its birth and its death."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from tests.line.register.conftest import Row

Register = Callable[..., dict[tuple[int, int], Row]]


def years(rows: dict[tuple[int, int], Row]) -> list[int]:
    return sorted(period for _, period in rows)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ({"established": dt.date(2010, 5, 1)}, [2020, 2021]),
        ({"established": dt.date(2021, 12, 31)}, [2021]),
        ({"established": dt.date(2022, 1, 1)}, []),
        ({"established": dt.date(2010, 5, 1), "cancelled": dt.date(2020, 1, 1)}, [2020]),
        ({"established": dt.date(2010, 5, 1), "cancelled": dt.date(2019, 12, 31)}, []),
    ],
)
def test_a_unit_exists_from_establishment_to_cancellation(register: Register, unit: Row, expected: list[int]) -> None:
    assert years(register([{"unit_id": 1} | unit])) == expected


@pytest.mark.parametrize(("received", "expected"), [(2020, [2020, 2021]), (2021, [2021]), (2022, [2021])])
def test_an_undated_register_unit_exists_from_the_receipt_of_the_register(
    register: Register, received: int, expected: list[int]
) -> None:
    unit = {"unit_id": 1, "established": None}
    assert years(register([unit], received=dt.date(received, 6, 1))) == expected


def test_an_undated_unit_exists_from_the_first_source_that_speaks_of_it(register: Register) -> None:
    unit = {"unit_id": 1, "established": None}
    assert years(register([unit], revenue_bases=[{"unit_id": 1, "period": 2020}])) == [2020, 2021]
    assert years(register([unit], frame=[{"unit_id": 1, "entry_date": dt.date(2018, 1, 1)}])) == [2020, 2021]


def test_an_unregistered_unit_exists_only_in_the_years_of_its_sources(register: Register) -> None:
    unit = {"unit_id": 1, "registered": False, "established": None}
    for table in ("returns", "revenue_bases", "split_evidence"):
        assert years(register([unit], **{table: [{"unit_id": 1, "period": 2020}]})) == [2020]


def test_a_return_after_cancellation_is_never_dropped(register: Register) -> None:
    unit = {"unit_id": 1, "cancelled": dt.date(2020, 6, 30)}
    rows = register([unit], returns=[{"unit_id": 1, "period": 2021}])
    assert {period: (row["status"], row["died"]) for (_, period), row in rows.items()} == {
        2020: ("closed", True), 2021: ("closed", False)
    }  # fmt: skip
    assert (rows[1, 2020]["has_return"], rows[1, 2021]["has_return"]) == (False, True)


def test_birth_is_the_year_of_establishment(register: Register) -> None:
    rows = register([{"unit_id": 1, "established": dt.date(2020, 3, 1)}])
    assert [(rows[1, year]["born"], rows[1, year]["status"]) for year in (2020, 2021)] == [
        (True, "active"), (False, "active")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "leaving", "members"),
    [
        (dt.date(2021, 1, 1), None, (False, True, True)),
        (dt.date(2015, 1, 1), dt.date(2020, 12, 31), (True, False, False)),
        (dt.date(2015, 1, 1), dt.date(2021, 1, 1), (True, True, False)),
        (dt.date(2020, 12, 31), dt.date(2022, 6, 1), (True, True, True)),
    ],
)
def test_a_member_of_the_frame_on_any_day_is_a_member_in_the_year(
    register: Register, entry: dt.date, leaving: dt.date | None, members: tuple[bool, bool, bool]
) -> None:
    row = register([{"unit_id": 1}], frame=[{"unit_id": 1, "entry_date": entry, "exit_date": leaving}])[1, 2021]
    assert (row["in_frame_previous"], row["in_frame"], row["in_frame_next"]) == members


def test_a_unit_that_left_and_came_back_is_a_member_in_both_years(register: Register) -> None:
    stays = [(dt.date(2018, 1, 1), dt.date(2019, 12, 31)), (dt.date(2021, 1, 1), None)]
    frame = [{"unit_id": 1, "entry_date": entry, "exit_date": leaving} for entry, leaving in stays]
    rows = register([{"unit_id": 1}], frame=frame)
    assert [rows[1, 2020][flag] for flag in ("in_frame_previous", "in_frame", "in_frame_next")] == [True, False, True]
