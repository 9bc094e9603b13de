"""One return a unit and year; quarters add up; what is replaced is kept with the reason."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from tests.line.link.conftest import CODES, Linked, Row

from keli.model.workspace import Workspace

Link = Callable[..., Linked]
UNIT = {"uscc": CODES[0], "year": 2021}


def quarter(number: int, revenue: int, accumulation: str | None = "D", **more: object) -> Row:
    return UNIT | {"quarter": number, "revenue": revenue, "accumulation": accumulation} | more


def test_the_return_received_last_stands_and_then_the_lower_row(link: Link) -> None:
    early, late = dt.date(2022, 1, 1), dt.date(2022, 5, 1)
    linked = link(
        annual_return=[
            UNIT | {"revenue": 10, "received": early, "file": "a.csv", "row": 9},
            UNIT | {"revenue": 20, "received": late, "file": "b.csv", "row": 2},
            UNIT | {"revenue": 30, "received": late, "file": "b.csv", "row": 3},
            UNIT | {"revenue": 30, "received": late, "file": "b.csv", "row": 1},
        ]
    )
    [annual] = linked.rows("returns")
    assert (annual["revenue"], annual["file"], annual["row"]) == (Decimal("30.00"), "b.csv", 3)
    rules = {(row["file"], row["row"]): row["rule"] for row in linked.rows("superseded")}
    assert rules == {("a.csv", 9): "replaced_row", ("b.csv", 2): "replaced_row", ("b.csv", 1): "duplicate_row"}
    assert all(row["period"] == 2021 and row["reason"] and row["suggestion"] for row in linked.rows("superseded"))


@pytest.mark.parametrize(
    ("quarters", "revenue", "covered"),
    [
        ([quarter(1, 10), quarter(2, 20), quarter(3, 30), quarter(4, 40)], 100, 4),
        ([quarter(1, 10), quarter(2, 20, None)], 30, 2),
        ([quarter(4, 100, "Y")], 100, 4),
        ([quarter(1, 10, "Y"), quarter(2, 30, "Y"), quarter(3, 60, "Y")], 60, 3),
        ([quarter(1, 10), quarter(2, 30, "Y"), quarter(3, 25)], 55, 3),
    ],
)
def test_quarters_add_up_and_a_year_to_date_covers_what_came_before(
    link: Link, quarters: list[Row], revenue: int, covered: int
) -> None:
    [base] = link(quarterly_return=quarters).rows("revenue_bases")
    assert (base["quarterly_revenue"], base["quarters"]) == (Decimal(revenue), covered)


def test_a_quarter_that_is_sent_twice_counts_once(link: Link) -> None:
    linked = link(quarterly_return=[quarter(1, 10), quarter(1, 12)])
    [base] = linked.rows("revenue_bases")
    assert (base["quarterly_revenue"], base["quarters"]) == (Decimal(12), 1)
    assert [row["row"] for row in linked.rows("superseded")] == [2]


@pytest.mark.parametrize(("precedence", "revenue"), [((), 70), (("second",), 80)])
def test_tax_lists_speak_by_precedence(
    link: Link, workspace: Workspace, precedence: tuple[str, ...], revenue: int
) -> None:
    chosen = dataclasses.replace(workspace, precedence={"taxable_revenue": precedence})
    linked = link(
        chosen,
        tax=[
            UNIT | {"source": "first", "taxable_revenue": 70, "gbt_code": "6513"},
            UNIT | {"source": "second", "taxable_revenue": 80, "employees": 4.0},
        ],
    )
    [base] = linked.rows("revenue_bases")
    assert (base["taxable_revenue"], base["quarters"]) == (Decimal(revenue), 0)
    assert base["employees"] == (None if revenue == 70 else 4.0)
    assert len(linked.rows("superseded")) == 1


def test_a_register_row_that_repeats_another_is_a_duplicate_and_one_that_adds_is_merged(link: Link) -> None:
    row = {"name": "甲", "uscc": CODES[0]}
    linked = link(register=[row, row, row | {"scope": "软件开发"}])
    assert [(one["row"], one["rule"], one["period"]) for one in linked.rows("superseded")] == [
        (3, "duplicate_row", None)
    ]
    assert linked.unit(f"code:{CODES[0]}")["scope"] == "软件开发"


def test_statements_keep_the_last_word(link: Link) -> None:
    control = {"area": "440304", "activity": "DE", "measure": "VA", "year": 2021, "value": 5}
    linked = link(
        controls=[control, control | {"value": 6}],
        prices=[{"series": "PPI", "year": 2021, "index_previous_year": 101.0}] * 2,
        split_evidence=[
            {"gbt_code": "6429", "activity": "030101", "year": 2021, "tier": "coefficient", "share": share}
            for share in (0.3, 0.4)
        ],
    )
    [total] = linked.rows("control_totals")
    assert (total["value"], total["price_base"], total["period"]) == (Decimal(6), "V", 2021)
    assert [row["share"] for row in linked.rows("split_evidence")] == [0.4]
    assert len(linked.rows("price_indices")) == 1
    rules = {(row["source"], row["rule"], row["unit_id"]) for row in linked.rows("superseded")}
    assert rules == {
        ("controls", "replaced_row", None), ("prices", "duplicate_row", None), ("split_evidence", "replaced_row", None)
    }  # fmt: skip
