"""What comes of decisions on links: merged, kept apart, vanished, contradicted, unreadable."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from keli.line.link.likeness.decided import Decided, judged

FIRST, SECOND = 10**18 + 1, 10**18 + 3
BARE, OTHER = 10**18 + 5, 10**18 + 7
KNOWN = ((FIRST, "code", True), (SECOND, "code", True), (BARE, None, False), (OTHER, None, True))


def decided(*cases: tuple[Any, Any, str]) -> Decided:
    """Decisions in the order in which the line reads them, the one received last first."""
    rows = [
        {"case_id": f"{one}-{two}", "decision": said, "received": dt.date(2022, 3, 9 - place), "one": one, "two": two}
        for place, (one, two, said) in enumerate(cases)
    ]
    columns = ["own_id", "code", "registered"]
    return judged(pd.DataFrame(rows, dtype=object), pd.DataFrame(KNOWN, columns=columns, dtype=object))


def effects(found: Decided) -> list[str]:
    return list(found.cases.effect)


def test_yes_merges_into_the_unit_with_a_code_whatever_the_order() -> None:
    found = decided((BARE, FIRST, "yes"))
    assert (effects(found), found.root) == (["merged"], {BARE: FIRST, FIRST: FIRST})


def test_names_without_a_code_are_merged_into_the_registered_one() -> None:
    assert decided((BARE, OTHER, "yes")).root == {BARE: OTHER, OTHER: OTHER}


def test_no_keeps_apart_the_units_that_the_identities_came_to() -> None:
    found = decided((FIRST, OTHER, "no"), (OTHER, BARE, "yes"))
    assert effects(found) == ["kept_apart", "merged"]
    assert found.refused == {frozenset((FIRST, OTHER))}


def test_an_open_case_changes_nothing() -> None:
    found = decided((FIRST, BARE, "open"))
    assert (effects(found), found.root, found.refused) == (["open"], {}, set())


def test_a_case_whose_identity_left_the_sources_is_vanished() -> None:
    assert effects(decided((FIRST, 5, "yes"), (FIRST, FIRST, "yes"), (None, BARE, "no"))) == [
        "vanished", "unreadable", "unreadable"
    ]  # fmt: skip


def test_of_two_codes_for_one_name_the_later_decision_holds() -> None:
    found = decided((SECOND, BARE, "yes"), (FIRST, BARE, "yes"))
    assert effects(found) == ["merged", "contradicted"]
    assert found.root == {BARE: SECOND, SECOND: SECOND}


def test_two_codes_become_one_unit_only_by_a_decision_on_the_two() -> None:
    through_names = decided((BARE, OTHER, "yes"), (FIRST, BARE, "yes"), (SECOND, OTHER, "yes"))
    assert effects(through_names) == ["merged", "merged", "contradicted"]
    assert decided((FIRST, SECOND, "yes")).root == {FIRST: FIRST, SECOND: FIRST}
