"""Which local activity units the figures of their parent cover."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from tests.line.register.conftest import Row

Register = Callable[..., dict[tuple[int, int], Row]]
SHATOU, NANSHAN = "440304005", "440305007"
BRANCH: Row = {"unit_id": 2, "subdistrict": SHATOU, "unit_type": "local_activity", "parent_id": 1}
YEAR: Row = {"unit_id": 1, "period": 2021}
REVENUE: Row = {"revenue": Decimal(100)}
NO_ROWS: list[Row] = []


def covered(register: Register, parent: Row | None = None, **tables: list[Row]) -> bool:
    """Whether unit 2 is covered in 2021; it never is in 2020, and its parent, unit 1, never."""
    rows = register([{"unit_id": 1, "subdistrict": SHATOU} | (parent or {}), BRANCH], **tables)
    assert not any(rows[key]["covered_by_parent"] for key in ((1, 2020), (1, 2021), (2, 2020)))
    return bool(rows[2, 2021]["covered_by_parent"])


@pytest.mark.parametrize(
    ("parent", "expected"),
    [({}, True), ({"consolidated": True}, False), ({"subdistrict": NANSHAN}, False)],
)
def test_the_return_of_a_parent_in_the_district_covers(register: Register, parent: Row, expected: bool) -> None:
    assert covered(register, parent, returns=[YEAR | REVENUE]) is expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, False),
        (REVENUE, True),
        ({"payroll": Decimal(20)}, True),
        ({"depreciation": Decimal(0)}, True),
        # Neither item is required, so the return cannot be used.
        ({"investment_income": Decimal(5), "employees": 10.0}, False),
        (REVENUE | {"consolidated": True}, False),
    ],
)
def test_a_return_that_cannot_be_used_covers_nobody(register: Register, told: Row, expected: bool) -> None:
    assert covered(register, returns=[YEAR | told]) is expected


def test_a_blank_return_stays_a_return(register: Register) -> None:
    rows = register([{"unit_id": 1, "subdistrict": SHATOU}, BRANCH], returns=[YEAR])
    assert (rows[1, 2021]["has_return"], rows[2, 2021]["covered_by_parent"]) == (True, False)


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ({"quarters": 4, "quarterly_revenue": Decimal(100)}, True),
        ({"quarters": 3, "quarterly_revenue": Decimal(75)}, False),
        ({"taxable_revenue": Decimal(100)}, False),
    ],
)
@pytest.mark.parametrize("returns", [NO_ROWS, [YEAR]], ids=["no return", "blank return"])
def test_four_quarters_of_the_parent_cover(register: Register, returns: list[Row], base: Row, expected: bool) -> None:
    assert covered(register, returns=returns, revenue_bases=[YEAR | base]) is expected


def test_a_return_and_four_quarters_of_one_parent_keep_one_row(register: Register) -> None:
    # The fixture asserts that no unit and year comes twice.
    bases = [YEAR | {"quarters": 4, "quarterly_revenue": Decimal(100)}]
    assert covered(register, returns=[YEAR | REVENUE], revenue_bases=bases)
