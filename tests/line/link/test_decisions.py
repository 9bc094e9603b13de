"""Decisions on open cases: of several on one case the last received stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from tests.line.link.conftest import Linked, Row

Link = Callable[..., Linked]


def decision(case: str, said: str, day: int, **more: str) -> Row:
    given = {"list": "codes", "case_id": case, "decision": said, "proposed": "6513", "corrected": None, "note": None}
    return given | {"source": f"decisions-{day}", "received": dt.date(2022, 3, day)} | more


def standing(linked: Linked) -> dict[str, tuple[str, str]]:
    return {row["case_id"]: (row["decision"], row["value"]) for row in linked.rows("decisions")}


def test_the_decision_received_last_stands_and_the_others_are_listed(link: Link) -> None:
    linked = link(decision=[decision("1", "yes", 1), decision("1", "no", 2), decision("2", "yes", 1, corrected="6520")])
    assert standing(linked) == {"1": ("no", "6513"), "2": ("yes", "6520")}
    [replaced] = linked.rows("superseded")
    assert (replaced["source"], replaced["rule"]) == ("decisions-1", "replaced_row")


def test_a_case_handed_in_open_again_keeps_its_decision(link: Link) -> None:
    linked = link(decision=[decision("1", "yes", 1), decision("1", "open", 2), decision("2", "open", 2)])
    assert standing(linked) == {"1": ("yes", "6513"), "2": ("open", "6513")}
