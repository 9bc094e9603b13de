"""Starred classes: which evidence a unit's digital part rests on, and parts that add up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from keli.line.account.digital.classes import core_classes
from keli.model.catalogue import Catalogue

D = Decimal


def test_classes_without_star_have_one_core_class_and_starred_up_to_three(catalogue: Catalogue) -> None:
    classes = core_classes(catalogue)
    several = {code: len(classes.activities[code]) for code in classes.several}
    assert several == {"6429": 2, "4851": 3, "4910": 3}
    assert len(classes.starred) == 10


def test_class_without_star_is_fully_digital(district: Any) -> None:
    district.reporters(1, 1)
    row = district.run().one("unit_split")
    assert (row["activity"], row["share"], row["split_evidence"], row["value_added"]) == ("030103", 1.0, "full", 40)


def test_visited_unit_uses_its_own_share_in_all_components(district: Any) -> None:
    # Value added 40 = 20 + 5 + 5 + 10; share 0.3.
    district.reporters(1, 1, "7320")
    district.evidence(1, "040703", 0.3)
    row = district.run().one("unit_split")
    assert (row["split_evidence"], row["value_added"]) == ("visited", 12)
    assert [row[name] for name in ("compensation", "net_taxes", "depreciation", "surplus")] == [
        6,
        D("1.5"),
        D("1.5"),
        3,
    ]


def test_share_from_digital_revenue(district: Any) -> None:
    district.reporters(1, 1, "7320")
    district.evidence(1, "040703", None, digital_revenue=D(30), revenue=D(120))
    assert district.run().one("unit_split")["value_added"] == 10


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("sample", "visited", 0.2),
        ("census", "catalogue", 0.2),
        ("default", "coefficient", 0.2),
        ("visited", "sample", 0.1),
    ],
)
def test_better_tier_wins(district: Any, first: str, second: str, expected: float) -> None:
    district.reporters(1, 1, "7320")
    district.evidence(1, "040703", 0.1, tier=first)
    district.evidence(1, "040703", 0.2, tier=second)
    assert district.run().one("unit_split")["share"] == expected


def test_evidence_of_the_year_wins_over_a_better_tier_of_an_earlier_year(district: Any) -> None:
    district.reporters(1, 1, "7320")
    district.evidence(1, "040703", 0.9, period=2020, tier="visited")
    district.evidence(1, "040703", 0.4, period=2021, tier="census")
    row = district.run().one("unit_split", period=2021)
    assert (row["share"], row["split_evidence"]) == (0.4, "census")


def test_latest_date_wins_within_a_tier(district: Any) -> None:
    district.reporters(1, 1, "7320")
    district.evidence(1, "040703", 0.6, evidence_date="2021-11-05")
    district.evidence(1, "040703", 0.5, evidence_date="2021-03-05")
    assert district.run().one("unit_split")["share"] == 0.6


@pytest.mark.parametrize(("date", "used"), [("2019-12-31", True), ("2019-11-30", False)])
def test_evidence_lapses_after_24_months(district: Any, date: str, used: bool) -> None:
    # December 2019 is 24 months before December 2021, November 2019 is 25.
    district.reporters(1, 1, "7320")
    district.evidence(1, "040703", 0.5, period=2019, evidence_date=date)
    result = district.run()
    assert bool(result.all("unit_split")) is used
    assert result.one("unit_account")["basis"] == ("reported" if used else "partial")


def test_later_evidence_is_not_used_backwards(district: Any) -> None:
    district.reporters(1, 1, "7320")
    district.evidence(1, "040703", 0.5, period=2022)
    assert district.run().one("unit_account")["basis"] == "partial"


def test_two_classes_of_6429(district: Any) -> None:
    district.reporters(1, 1, "6429")
    district.evidence(1, "030304", 0.5)
    district.evidence(1, "030307", 0.25)
    result = district.run()
    assert {row["activity"]: row["value_added"] for row in result.all("unit_split")} == {"030304": 20, "030307": 10}
    assert result.total() == 30


def test_three_thirds_of_4851_add_up_to_the_whole(district: Any) -> None:
    # Value added 100.00 = 80.00 + 5.00 + 5.00 + 10.00; thirds: 33.34, 33.33, 33.33 by largest remainder.
    district.reporters(1, 1, "4851", payroll=80)
    for activity in ("040501", "040502", "040503"):
        district.evidence(1, activity, 1 / 3)
    rows = sorted(district.run().all("unit_split"), key=lambda row: str(row["activity"]))
    assert [row["value_added"] for row in rows] == [D("33.34"), D("33.33"), D("33.33")]
    assert [row["compensation"] for row in rows] == [D("26.67"), D("26.67"), D("26.66")]
    for name, whole in (
        ("compensation", 80),
        ("net_taxes", 5),
        ("depreciation", 5),
        ("surplus", 10),
        ("value_added", 100),
    ):
        assert sum(row[name] for row in rows) == whole


def test_shares_above_one_are_scaled_and_marked(district: Any) -> None:
    district.reporters(1, 1, "6429")
    district.evidence(1, "030304", 0.9)
    district.evidence(1, "030307", 0.6)
    rows = {row["activity"]: row for row in district.run().all("unit_split")}
    assert (rows["030304"]["value_added"], rows["030307"]["value_added"]) == (24, 16)
    assert all(row["scaled"] for row in rows.values())


def test_evidence_on_a_class_that_the_unit_is_not_in_is_not_used(district: Any) -> None:
    district.reporters(1, 1, "7320")
    district.evidence(1, "030304", 0.9)
    assert district.run().one("unit_account")["basis"] == "partial"


def test_starred_unit_without_any_evidence_is_partial_and_counted(district: Any) -> None:
    district.reporters(1, 5)
    district.reporters(6, 1, "7320")
    result = district.run()
    row = result.one("unit_account", unit_id=6)
    assert (row["basis"], row["partial_reason"], row["value_added"]) == ("partial", "split", 40)
    assert result.total() == 200
    assert result.one("count_leaves", measure="UNITS_PARTIAL")["units"] == 1


def test_statement_on_the_class_serves_units_without_their_own(district: Any) -> None:
    district.reporters(1, 2, "7320")
    district.evidence(1, "040703", 0.5)
    district.evidence(
        None, "040703", 0.1, gbt_code="7320", tier="census", design="purposive", period=2018, reference="census 2018"
    )
    result = district.run()
    rows = {row["unit_id"]: row for row in result.all("unit_split")}
    assert [(rows[k]["split_evidence"], rows[k]["value_added"]) for k in (1, 2)] == [("visited", 20), ("census", 4)]
    coefficient = result.one("split_coefficients", period=2021)
    assert (coefficient["share"], coefficient["variance"], coefficient["reference"]) == (0.1, None, "census 2018")
    basis = result.one("uncertainty_bases")
    assert (basis["split_tier"], basis["split_variance"], basis["split_value_added"]) == ("census", None, 40)


def sample_of_two(district: Any) -> None:
    """Ten units of 7320, value added 40 each; unit 1 visited take-all; 2 and 3 drawn from the other nine."""
    district.reporters(1, 10, "7320")
    district.evidence(1, "040703", 0.9)
    district.evidence(2, "040703", 0.5, design="probability", weight=4.5, revenue=D(100), digital_revenue=D(50))
    district.evidence(3, "040703", 0.1, design="probability", weight=4.5, revenue=D(300), digital_revenue=D(30))


def test_sample_ratio_serves_the_rest_of_the_class(district: Any) -> None:
    # Ratio 80 / 400 = 0.2: units 4-10 get 8 each; 1, 2 and 3 keep their own 36, 20 and 4.
    sample_of_two(district)
    result = district.run()
    assert result.total() == 36 + 20 + 4 + 7 * 8
    coefficient = result.one("split_coefficients")
    assert (coefficient["share"], coefficient["tier"], coefficient["units"]) == (0.2, "sample", 2)
    # e = 30 and -30, mean revenue 200, f = 2/9: (7/9) / (2 x 40000) x 1800.
    assert coefficient["variance"] == pytest.approx(7 / 9 / 80_000 * 1800, rel=1e-12)
    basis = result.one("uncertainty_bases")
    assert (basis["split_value_added"], basis["split_share"]) == (360, 0.2)
    assert basis["split_variance"] == coefficient["variance"]


def test_coefficient_of_a_higher_level_bureau_comes_before_the_sample(district: Any) -> None:
    sample_of_two(district)
    district.evidence(None, "040703", 0.5, gbt_code="7320", tier="coefficient", reference="city bureau")
    result = district.run()
    assert result.total() == 36 + 20 + 4 + 7 * 20
    # The sampled units keep their own shares: the coefficient stands for the other seven.
    assert result.one("uncertainty_bases")["split_value_added"] == 280


def test_default_comes_after_the_sample(district: Any) -> None:
    sample_of_two(district)
    district.evidence(None, "040703", 0.5, gbt_code="7320", tier="default")
    assert district.run().one("split_coefficients")["tier"] == "sample"


def test_sample_of_one_is_no_coefficient(district: Any) -> None:
    district.reporters(1, 3, "7320")
    district.evidence(1, "040703", 0.5, design="probability")
    result = district.run()
    assert {row["unit_id"]: row["basis"] for row in result.all("unit_account")} == {
        1: "reported",
        2: "partial",
        3: "partial",
    }


def test_changed_coefficient_moves_the_total_by_hand(district: Any) -> None:
    # Eight units of 40 rest on the coefficient: 0.1 more is 32 more.
    district.reporters(1, 8, "7320")
    district.evidence(None, "040703", 0.3, gbt_code="7320", tier="census")
    before = district.run().total()
    district.tables["split_evidence"][0]["share"] = 0.4
    assert district.run().total() - before == 32


def test_deleted_unit_and_changed_return_move_the_total_by_hand(district: Any) -> None:
    # Six reporters 40 of 100 and an estimate on 50: 240 + 20.
    district.reporters(1, 6)
    district.unit(10)
    district.base(10, taxable_revenue=50)
    assert district.run().total() == 260
    # Payroll of unit 1 is 6 more: its own 6, and the rate becomes 246 / 600 = 0.41, so the estimate 20.50.
    district.tables["returns"][0]["payroll"] = D(26)
    assert district.run().total() == D("266.50")
    # Without unit 10 its estimate goes, nothing else.
    for name in ("unit_period", "unit_activity", "revenue_bases"):
        district.tables[name] = [row for row in district.tables[name] if row["unit_id"] != 10]
    assert district.run().total() == 246
