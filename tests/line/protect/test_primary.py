"""Which base cells are sensitive, by which rule, and what was measured."""

from __future__ import annotations

import pandas as pd
import pytest

from keli.base.errors import ConfigurationError
from keli.line.protect.primary import Rules, primary_reasons, rules_of
from keli.model.catalogue import Catalogue

DEFAULT = Rules(3, 1, 85, 10)


def cells(*rows: tuple[str, list[float]]) -> pd.DataFrame:
    """Base cells from contributions by holder."""
    records = []
    for address, contributions in rows:
        sizes = [*sorted(contributions, reverse=True), 0.0, 0.0]
        records.append(
            {"cell_id": address, "measure": address.split("|")[0], "holders": len(contributions),
             "x1": sizes[0], "x2": sizes[1], "absolute": sum(contributions)}
        )  # fmt: skip
    return pd.DataFrame(records)


def broken(frame: pd.DataFrame, rules: Rules = DEFAULT) -> dict[tuple[str, str], float]:
    reasons = primary_reasons(frame, rules)
    return {(a, b): value for a, b, value in zip(reasons["cell_id"], reasons["rule"], reasons["measured"], strict=True)}


def test_the_defaults_of_the_line(catalogue: Catalogue) -> None:
    assert rules_of(catalogue, 2021) == DEFAULT


def test_the_worked_cells_under_the_rule_of_two() -> None:
    frame = cells(("VA|a", [90, 5, 3, 2]), ("VA|b", [40, 30, 20, 10]), ("VA|c", [60, 28, 8, 4]), ("VA|d", [50, 45, 5]))
    assert broken(frame, Rules(3, 2, 85, 10)) == pytest.approx(
        {
            ("VA|a", "dominance"): 95,
            ("VA|a", "p_percent"): 500 / 90,
            ("VA|c", "dominance"): 88,
            ("VA|d", "dominance"): 95,
        }
    )


def test_two_contributors_are_too_few_whatever_their_size() -> None:
    assert broken(cells(("VA|a", [50, 50]))) == {("VA|a", "min_count"): 2, ("VA|a", "p_percent"): 0}


def test_a_count_of_units_is_held_against_the_minimum_only() -> None:
    assert broken(cells(("UNITS_PARTIAL|a", [90, 1, 1]), ("UNITS_PARTIAL|b", [1, 1]))) == {
        ("UNITS_PARTIAL|b", "min_count"): 2
    }


def test_an_empty_cell_is_not_sensitive_but_one_of_zeros_is() -> None:
    assert broken(cells(("VA|a", []), ("VA|b", [0.0, 0.0, 0.0]))) == {("VA|b", "dominance"): 100}


def test_ties_in_fen_are_exact() -> None:
    """0.85 of 1.00 dominates; 0.10 left beside 1.00 is not closer than 10 %."""
    assert broken(cells(("VA|a", [0.85, 0.05, 0.05, 0.05]))) == {("VA|a", "dominance"): pytest.approx(85)}
    tie = cells(("VA|b", [1.00, 0.40, 0.07, 0.03]))
    assert broken(tie) == {}


def test_a_rule_of_three_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="dominance_n"):
        primary_reasons(cells(("VA|a", [1, 1, 1])), Rules(3, 3, 85, 10))
