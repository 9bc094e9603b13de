"""Errors say what, where, a right example and what to do next; a bare one says what."""

from __future__ import annotations

from keli.base.errors import KeliError, Place


def test_an_error_is_four_lines() -> None:
    error = KeliError(
        "The year is missing.", where=Place("a.csv", 3, "year"), example="2021", next_step="Fill in the year."
    )
    assert str(error).splitlines() == [
        "The year is missing.",
        '  where:   a.csv:3, column "year"',
        "  example: 2021",
        "  next:    Fill in the year.",
    ]


def test_what_is_not_known_is_left_out() -> None:
    assert str(KeliError("The year is missing.")) == "The year is missing."
    assert str(Place("a.csv")) == "a.csv"
