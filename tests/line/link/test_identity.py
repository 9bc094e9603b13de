"""Which unit a row is about: code, exact unique name, own unit, unregistered."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

import ibis
import pytest
from tests.line.link.conftest import CODES, Linked, Row

from keli.base.errors import NotClosedError
from keli.line.link.closing import check_one_unit_a_row

Link = Callable[..., Linked]


def matches(linked: Linked) -> dict[tuple[str, int], tuple[int, str]]:
    return {(row["source"], row["row"]): (row["unit_id"], row["match"]) for row in linked.rows("unit_rows")}


def test_a_return_without_code_finds_the_one_bearer_of_its_name(link: Link) -> None:
    linked = link(
        register=[{"name": "深圳市（福田）甲公司", "uscc": CODES[0]}],
        annual_return=[{"name": "深圳市(福田) 甲公司", "year": 2020, "revenue": 5}],
    )
    unit = linked.unit(f"code:{CODES[0]}")
    assert matches(linked) == {
        ("register", 2): (unit["unit_id"], "code"),
        ("annual_return", 2): (unit["unit_id"], "name"),
    }
    [annual] = linked.rows("returns")
    assert (annual["unit_id"], annual["period"], annual["revenue"]) == (unit["unit_id"], 2020, Decimal("5.00"))


def test_a_name_with_two_codes_identifies_nobody(link: Link) -> None:
    linked = link(
        register=[{"name": "甲公司", "uscc": CODES[0]}, {"name": "甲公司", "uscc": CODES[1]}],
        annual_return=[{"name": "甲公司", "year": 2020, "revenue": 5}],
    )
    assert {row["identity"] for row in linked.rows("units")} == {f"code:{CODES[0]}", f"code:{CODES[1]}", "name:甲公司"}
    unit = linked.unit("name:甲公司")
    assert unit["registered"] is False
    assert matches(linked)["annual_return", 2] == (unit["unit_id"], "unregistered")


def test_a_register_row_without_code_is_a_registered_unit_of_its_name(link: Link) -> None:
    linked = link(
        register=[{"name": "小食店"}, {"name": " 小食店"}],
        tax=[{"name": "小食店", "year": 2020, "taxable_revenue": 7}],
    )
    [unit] = linked.rows("units")
    assert (unit["identity"], unit["registered"], unit["uscc"]) == ("name:小食店", True, None)
    assert {match for _, match in matches(linked).values()} == {"name"}


@pytest.mark.parametrize(
    ("row", "identity"),
    [({"name": "无名", "uscc": CODES[0]}, f"code:{CODES[0]}"), ({"name": "无名"}, "name:无名")],
)
def test_what_no_register_and_no_frame_names_is_unregistered(link: Link, row: Row, identity: str) -> None:
    for kind, figures in (("annual_return", {"revenue": 5}), ("tax", {"taxable_revenue": 5})):
        linked = link(**{kind: [row | {"year": 2020} | figures]})
        assert linked.unit(identity)["registered"] is False
        assert [match for _, match in matches(linked).values()] == ["unregistered"]


def test_a_row_with_an_empty_name_is_a_unit_by_itself(link: Link) -> None:
    linked = link(register=[{"name": "\u3000"}, {"name": " "}])
    found = {row["identity"] for row in linked.rows("units")}
    assert found == {"row:register/inputs/register.csv/2", "row:register/inputs/register.csv/3"}


def test_the_surrogate_of_an_identity_never_changes(link: Link) -> None:
    linked = link(register=[{"name": "甲公司"}])
    # The lower 60 bits of md5("name:甲公司"), as every run on every machine must find them.
    assert linked.rows("units")[0]["unit_id"] == surrogate_by_hand("name:甲公司")


def surrogate_by_hand(identity: str) -> int:
    [row] = ibis.duckdb.connect().sql(f"SELECT md5_number_lower('{identity}') AS number").to_pyarrow().to_pylist()
    return int(row["number"]) % 2**60


def test_the_order_of_rows_does_not_matter(link: Link) -> None:
    ledger = {"file": "inputs/one.csv"}
    register = [
        {"row": number, "name": f"公司{number % 7}", "uscc": CODES[number % 3] if number % 2 else None,
         "registered_capital": number, "scope": f"范围{number}" if number % 3 else None, **ledger}
        for number in range(2, 20)
    ]  # fmt: skip
    returns = [
        {"row": number, "name": f"公司{number % 8}", "year": 2020 + number % 2, "revenue": number, **ledger}
        for number in range(2, 20)
    ]
    tables = ("units", "unit_rows", "returns", "revenue_bases", "superseded")
    results = []
    for seed in range(3):
        shuffled = [random.Random(seed).sample(rows, len(rows)) for rows in (register, returns)]  # noqa: S311
        linked = link(register=shuffled[0], annual_return=shuffled[1])
        results.append({table: linked.rows(table) for table in tables})
    assert len(results[0]["superseded"]) > 0
    assert results[0] == results[1] == results[2]


def test_a_row_that_is_lost_stops_the_run(link: Link) -> None:
    linked = link(register=[{"name": "甲"}, {"name": "乙"}])
    written = linked.context.read("unit_rows")
    accepted = {"register": linked.context.read("accepted_register")}
    check_one_unit_a_row(written, accepted)
    with pytest.raises(NotClosedError, match="2 rows of kind register were accepted, 1 are linked"):
        check_one_unit_a_row(written.filter(written.row == 2), accepted)


def test_statements_on_a_class_are_about_no_unit(link: Link) -> None:
    statement = {"activity": "030101", "year": 2020, "tier": "coefficient", "share": 0.4}
    linked = link(
        register=[{"name": "甲", "uscc": CODES[0]}],
        split_evidence=[
            statement | {"gbt_code": "6429"},
            statement | {"uscc": CODES[0], "gbt_code": "6429", "tier": "visited", "design": "take_all"},
        ],
    )
    unit = linked.unit(f"code:{CODES[0]}")["unit_id"]
    found = {(row["unit_id"], row["gbt_code"], row["tier"], row["design"]) for row in linked.rows("split_evidence")}
    assert found == {(None, "6429", "coefficient", "purposive"), (unit, None, "visited", "take_all")}
    assert {row["evidence_id"] for row in linked.rows("split_evidence")} == {0, 1}
    assert len(linked.rows("unit_rows")) == 2
