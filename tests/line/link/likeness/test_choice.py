"""Which pairs the machine merges: one partner, one row for each seat, no groups of firms, no crowds."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from keli.line.link.likeness.choice import KIN, MANY, REPEATED, RIVAL, SAME_PERIOD, chosen

BOUNDS = {"merge": 0.99, "merge_repeated": 0.999, "ask": 0.2, "partners": 2, "cluster_records": 3}
# Numbers of units have up to 18 digits: more than a float holds.
CODED, OTHER, BARE, SECOND = 10**18 + 1, 10**18 + 2, 10**18 + 3, 10**18 + 4


def pair(left: int, right: int, weight: float, **more: Any) -> dict[str, Any]:
    """A pair whose odds are 2 to the weight."""
    chance = 2**weight / (1 + 2**weight)
    return {"left_id": left, "right_id": right, "coded": right in (CODED, OTHER), "probability": chance,
            "weight": weight, "reason": "similar names", "kin": False} | more  # fmt: skip


def outcomes(
    pairs: list[dict[str, Any]], seats: tuple[tuple[int, str, bool], ...] = (), **given: Any
) -> dict[tuple[int, int], tuple[str, str | None]]:
    held = pd.DataFrame(list(seats), columns=["own_id", "seat", "registering"])
    found = chosen(
        pd.DataFrame(pairs), held, given.get("refused", set()), given.get("registered", {CODED, OTHER}), BOUNDS
    )
    return {
        (row.unit_id, row.other_id): (row.outcome, None if pd.isna(row.obstacle) else row.obstacle)
        for row in found.itertuples()
    }


@pytest.mark.parametrize(
    ("weight", "outcome"),
    # odds 128 : 1 are 0.9922, 64 : 1 are 0.9846, 1 : 2 are a third, 1 : 8 a ninth
    [(7, "linked"), (6, "listed"), (-1, "listed"), (-3, "apart")],
)
def test_likely_pairs_are_merged_doubtful_ones_listed(weight: float, outcome: str) -> None:
    assert outcomes([pair(BARE, CODED, weight)]) == {(CODED, BARE): (outcome, None)}


def test_two_equally_likely_units_share_the_certainty_and_are_both_listed() -> None:
    found = outcomes([pair(BARE, CODED, 20), pair(BARE, OTHER, 20)])
    assert found == {(CODED, BARE): ("listed", None), (OTHER, BARE): ("listed", None)}


def test_a_unit_that_is_found_leaves_no_question_on_the_others() -> None:
    found = outcomes([pair(BARE, CODED, 20), pair(BARE, OTHER, 8)])
    assert found == {(CODED, BARE): ("linked", None), (OTHER, BARE): ("apart", None)}


def test_a_person_keeps_a_sure_pair_apart() -> None:
    refused = {frozenset((BARE, CODED))}
    assert outcomes([pair(BARE, CODED, 20)], refused=refused) == {(CODED, BARE): ("refused", None)}


def test_units_of_one_group_are_left_to_people() -> None:
    assert outcomes([pair(BARE, CODED, 20, kin=True)]) == {(CODED, BARE): ("listed", KIN)}


def test_two_rows_of_one_register_need_more_and_two_returns_of_one_year_are_never_merged() -> None:
    register = ((BARE, "register", True), (CODED, "register", True))
    assert outcomes([pair(BARE, CODED, 8)], register) == {(CODED, BARE): ("listed", REPEATED)}
    assert outcomes([pair(BARE, CODED, 11)], register) == {(CODED, BARE): ("linked", None)}
    year = ((BARE, "annual/2020", False), (CODED, "annual/2020", False))
    assert outcomes([pair(BARE, CODED, 30)], year) == {(CODED, BARE): ("listed", SAME_PERIOD)}


def test_of_two_rows_of_one_frame_the_more_probable_joins_the_unit() -> None:
    frame = ((BARE, "frame", True), (SECOND, "frame", True))
    found = outcomes([pair(BARE, CODED, 12), pair(SECOND, CODED, 14)], frame)
    assert found == {(CODED, SECOND): ("linked", None), (CODED, BARE): ("listed", RIVAL)}


def test_no_unit_takes_in_more_identities_than_the_limit() -> None:
    bare = [10**18 + number for number in (11, 12, 13, 14)]
    found = outcomes([pair(number, CODED, 20) for number in bare])
    assert [found[CODED, number] for number in bare] == [("linked", None)] * 3 + [("listed", MANY)]


def test_identities_without_a_code_become_one_where_none_has_a_unit() -> None:
    found = outcomes([pair(BARE, SECOND, 20)], registered={SECOND})
    assert found == {(SECOND, BARE): ("linked", None)}
    both = outcomes([pair(BARE, SECOND, 20), pair(BARE, CODED, 20)])
    assert both == {(CODED, BARE): ("linked", None), (BARE, SECOND): ("apart", None)}


def test_a_group_of_names_holds_no_year_twice() -> None:
    third = SECOND + 1
    years = ((BARE, "tax/2020", False), (third, "tax/2020", False))
    found = outcomes([pair(BARE, SECOND, 20), pair(SECOND, third, 18)], years, registered=set())
    assert found == {(BARE, SECOND): ("linked", None), (SECOND, third): ("apart", RIVAL)}
