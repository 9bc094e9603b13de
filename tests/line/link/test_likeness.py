"""Rows without a common code find their unit by likeness; what is doubtful goes to people and what they say holds."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable

import pytest
from tests.line.link.conftest import CODES, Linked, Row

Link = Callable[..., Linked]

ADDRESS = "深圳市福田区深南大道6008号特区报业大厦21楼"
FIRM = {
    "name": "深圳市云帆数桥科技有限公司", "uscc": CODES[0], "address": ADDRESS, "established": dt.date(2015, 3, 2),
    "registered_capital": 5_000_000, "scope": "软件开发",
}  # fmt: skip
OTHERS = [
    {"name": "深圳市智川电子有限公司", "uscc": CODES[1], "address": "深圳市福田区福华路88号"},
    {"name": "深圳市微澜物流有限公司", "uscc": CODES[2], "address": "深圳市南山区科苑路15号"},
]
# The firm as its return names it: turned into a company limited by shares, its name as it was.
RETURN = {"name": "深圳云帆数桥科技股份有限公司", "address": ADDRESS, "year": 2020, "revenue": 700}
# A firm of another name in another house: nobody can tell.
DOUBTFUL = {"name": "深圳市云帆数桥信息技术有限公司", "address": None, "year": 2020, "revenue": 900}


def match_of(linked: Linked, source: str, row: int = 2) -> str:
    [found] = [one for one in linked.rows("unit_rows") if (one["source"], one["row"]) == (source, row)]
    return str(found["match"])


def outcomes(linked: Linked) -> list[tuple[str, str]]:
    return [(row["relation"], row["outcome"]) for row in linked.rows("unit_links")]


def answered(linked: Linked, said: str, received: dt.date, **more: str) -> list[Row]:
    """The work list of a run as a person hands it in, filled."""
    path = linked.context.vault.path("link_queue").with_suffix(".csv")
    with path.open(encoding="utf-8-sig") as file:
        cases = list(csv.DictReader(file))
    return [
        {name: case[name] or None for name in ("list", "case_id", "proposed", "corrected", "note")}
        | {"decision": said, "source": f"decisions-{received}", "received": received} | more
        for case in cases
    ]  # fmt: skip


def test_a_return_in_a_changed_name_at_the_same_address_joins_the_registered_unit(link: Link) -> None:
    linked = link(register=[FIRM, *OTHERS], annual_return=[RETURN])
    unit = linked.unit(f"code:{CODES[0]}")
    [annual] = linked.rows("returns")
    [row] = [row for row in linked.rows("unit_rows") if row["source"] == "annual_return"]
    assert (annual["unit_id"], row["match"], row["own_id"] != row["unit_id"]) == (unit["unit_id"], "linked", True)
    assert row["probability"] >= 0.99
    assert unit["name"] == FIRM["name"], "the row that was linked speaks last"
    [found] = linked.rows("unit_links")
    assert found["reason"] == "same name but for place or legal form; same address, of no other"
    assert {row["origin"] for row in linked.rows("link_weights")} == {"given"}, "too few pairs to learn from"
    assert len(linked.rows("units")) == 3


def test_where_all_have_codes_nothing_is_compared(link: Link) -> None:
    linked = link(register=[FIRM, *OTHERS], annual_return=[RETURN | {"uscc": CODES[3]}])
    assert [linked.rows(table) for table in ("unit_links", "link_weights", "link_queue", "link_decisions")] == [[]] * 4
    assert linked.unit(f"code:{CODES[3]}")["registered"] is False, "two codes are two units, however alike"


def test_a_misspelt_copy_without_code_in_a_register_is_the_same_unit(link: Link) -> None:
    copy = FIRM | {"name": "深圳市云帆数乔科技有限公司", "uscc": None, "scope": None}
    linked = link(register=[FIRM, *OTHERS, copy])
    assert (outcomes(linked), len(linked.rows("units"))) == ([("repeated", "linked")], 3)
    assert match_of(linked, "register", 5) == "linked"


def test_shop_88_is_not_shop_89(link: Link) -> None:
    shops = [
        {"name": f"深圳市云帆便利连锁第{number}店", "established": dt.date(2015, 3, number - 80)} for number in (88, 89)
    ]
    linked = link(register=[shops[0] | {"uscc": CODES[0]}, shops[1]])
    assert ("repeated", "linked") not in outcomes(linked)
    assert len(linked.rows("units")) == 2


def test_the_circle_of_the_work_list(link: Link) -> None:
    """Run, list, decide, run again; later decisions win; a decision rests while its case is away."""
    given = {"register": [FIRM, *OTHERS], "annual_return": [DOUBTFUL]}
    first = link(**given)
    [case] = first.rows("link_queue")
    unit, other = first.unit(f"code:{CODES[0]}"), first.unit("name:深圳市云帆数桥信息技术有限公司")
    assert case["case_id"] == f"{unit['unit_id']}-{other['unit_id']}"
    assert (case["list"], case["proposed"], case["largest_revenue"]) == ("links", CODES[0], 900)
    assert (case["decision"], match_of(first, "annual_return")) == (None, "unregistered")

    march, april = dt.date(2022, 3, 1), dt.date(2022, 4, 1)
    yes, no = answered(first, "yes", march), answered(first, "no", april)
    second = link(**given, decision=yes)
    assert [row["unit_id"] for row in second.rows("returns")] == [unit["unit_id"]]
    assert (match_of(second, "annual_return"), second.rows("link_queue")) == ("decided", [])
    assert [row["effect"] for row in second.rows("link_decisions")] == ["merged"]

    third = link(**given, decision=yes + no)
    assert [row["unit_id"] for row in third.rows("returns")] == [other["unit_id"]]
    assert (outcomes(third), third.rows("link_queue")) == ([("unmatched", "refused")], [])
    assert [row["effect"] for row in third.rows("link_decisions")] == ["kept_apart"]

    gone = link(register=[FIRM, *OTHERS], decision=yes)
    [told] = gone.rows("link_decisions")
    assert (told["effect"], told["received"]) == ("vanished", march)
    assert "in no source" in told["explanation"]


def test_no_keeps_apart_what_the_machine_would_merge(link: Link) -> None:
    given = {"register": [FIRM, *OTHERS], "annual_return": [RETURN]}
    [pair] = link(**given).rows("unit_links")
    said = {"list": "links", "case_id": pair["case_id"], "decision": "no", "source": "decisions-1"}
    linked = link(**given, decision=[said])
    assert (outcomes(linked), match_of(linked, "annual_return")) == ([("unmatched", "refused")], "unregistered")


def test_a_correction_names_the_unit_that_it_is(link: Link) -> None:
    given = {"register": [FIRM, *OTHERS], "annual_return": [DOUBTFUL]}
    linked = link(**given, decision=answered(link(**given), "yes", dt.date(2022, 3, 1), corrected=CODES[1]))
    assert [row["unit_id"] for row in linked.rows("returns")] == [linked.unit(f"code:{CODES[1]}")["unit_id"]]


def test_one_register_with_two_codes_for_one_firm_is_asked_about_and_merged_by_people_only(link: Link) -> None:
    twin = FIRM | {"uscc": CODES[1]}
    branch = {"name": "云帆分部", "parent_uscc": CODES[1], "unit_type": "local_activity"}
    given = {"register": [FIRM, twin, OTHERS[1], branch]}
    first = link(**given)
    assert ("two_codes", "listed") in outcomes(first)
    assert len(first.rows("units")) == 4
    yes = [row for row in answered(first, "yes", dt.date(2022, 3, 1)) if row["proposed"] in CODES[:2]]
    second = link(**given, decision=yes)
    kept = {row["uscc"] for row in second.rows("units")} & set(CODES[:2])
    assert len(kept) == 1
    [unit] = [row for row in second.rows("units") if row["uscc"] in kept]
    [part] = [row for row in second.rows("units") if row["name"] == "云帆分部"]
    assert part["parent_id"] == unit["unit_id"], "the branch of either code is the unit's"


@pytest.mark.parametrize("kind", ["annual_return", "tax", "quarterly_return"])
def test_one_row_alone_and_no_register_at_all(link: Link, kind: str) -> None:
    figures = {
        "annual_return": {"revenue": 5},
        "tax": {"taxable_revenue": 5},
        "quarterly_return": {"quarter": 1, "revenue": 5},
    }
    linked = link(**{kind: [{"name": "深圳市云帆数桥科技有限公司", "year": 2020} | figures[kind]]})
    assert (len(linked.rows("units")), linked.rows("unit_links")) == (1, [])
