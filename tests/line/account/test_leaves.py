"""Leaves, contributors and counts: what disclosure control counts is exact by holder."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keli.base.errors import NotClosedError
from keli.line.account import stage

D = Decimal


def test_leaf_holds_sum_number_and_two_largest(district: Any) -> None:
    # Value added 40 and payroll 20 more or less: 40, 50, 60, and -70 of a loss-maker.
    for unit_id, items in ((1, {}), (2, {"payroll": 30}), (3, {"payroll": 40}), (4, {"operating_profit": -100})):
        district.reporters(unit_id, 1, **items)
    result = district.run()
    leaf = result.one("leaves", measure="VA")
    assert (leaf["value"], leaf["absolute"], leaf["units"]) == (80, 220, 4)
    assert (leaf["x1"], leaf["x2"]) == (70, 60)
    assert result.all("contributors") == []
    surplus = result.one("leaves", measure="OS")
    assert (surplus["value"], surplus["x1"], surplus["x2"]) == (-70, 100, 10)


def test_components_of_the_leaves_add_up(district: Any) -> None:
    district.reporters(1, 5)
    district.unit(6)
    district.base(6, taxable_revenue="12.34")
    result = district.run()
    assert sum(result.total(measure) for measure in ("CE", "NTP", "CFC", "OS")) == result.total("VA")


def test_zero_contribution_is_no_contributor(district: Any) -> None:
    district.reporters(1, 3, taxes_surcharges=0, vat_payable=0)
    result = district.run()
    assert (result.one("leaves", measure="NTP")["units"], result.one("leaves", measure="VA")["units"]) == (0, 3)


def test_holder_with_two_units_is_kept_whole(district: Any) -> None:
    # Units 1 and 2 belong to holder 1, in two subdistricts; unit 3 stands alone.
    district.reporters(1, 1)
    district.unit(2, holder_id=1, area="440304002", has_return=True)
    district.returns(2)
    district.reporters(3, 1)
    result = district.run()
    kept = result.all("contributors", measure="VA")
    assert [(row["unit_id"], row["holder_id"], row["area"], row["value"]) for row in kept] == [
        (1, 1, "440304001", 40), (2, 1, "440304002", 40)]  # fmt: skip
    leaf = result.one("leaves", measure="VA", area="440304001")
    assert (leaf["value"], leaf["units"], leaf["x1"], leaf["x2"]) == (80, 1, 40, None)


def test_holder_that_is_no_unit_itself(district: Any) -> None:
    district.unit(1, holder_id=900, has_return=True)
    district.unit(2, holder_id=900, has_return=True)
    district.unit(3, holder_id=901, has_return=True)
    for unit_id in (1, 2, 3):
        district.returns(unit_id)
    result = district.run()
    assert {row["unit_id"] for row in result.all("contributors")} == {1, 2}
    assert result.one("leaves", measure="VA")["units"] == 1


def test_holder_counts_within_its_year(district: Any) -> None:
    # The second unit of holder 1 exists in 2021 only: in 2020 unit 1 is alone.
    for year in (2020, 2021):
        district.unit(1, period=year, has_return=True)
        district.returns(1, period=year)
    district.unit(2, holder_id=1, has_return=True)
    district.returns(2)
    result = district.run()
    assert {row["period"] for row in result.all("contributors")} == {2021}
    assert result.one("leaves", measure="VA", period=2020)["units"] == 1


def test_unit_in_two_classes_is_kept_whole_and_in_one_is_not(district: Any) -> None:
    district.reporters(1, 2, "6429")
    for activity, share in (("030304", 0.5), ("030307", 0.25)):
        district.evidence(1, activity, share)
    district.evidence(2, "030304", 0.5)
    result = district.run()
    assert {row["unit_id"] for row in result.all("contributors")} == {1}
    assert result.one("leaves", measure="VA", activity="030304")["units"] == 1


def test_leaves_carry_frame_history_size_and_ownership(district: Any) -> None:
    district.unit(1, size_class="L", ownership="state", in_frame_next=True, in_frame_previous=False, has_return=True)
    district.returns(1)
    leaf = district.run().one("leaves", measure="VA")
    assert (leaf["size_class"], leaf["ownership"]) == ("L", "state")
    assert (leaf["matched_previous"], leaf["matched_next"]) == (False, True)


def test_counts_by_measure_and_holder(district: Any) -> None:
    district.reporters(1, 2)
    district.unit(3, holder_id=1, registered=False)
    district.unit(4, None)
    result = district.run()
    counts = {
        (row["gbt_code"], row["measure"]): (row["units"], row["lone_units"]) for row in result.all("count_leaves")
    }
    assert counts == {
        ("6513", "UNITS"): (3, 1), ("6513", "UNITS_CLASSIFIED"): (3, 1), ("6513", "UNITS_WITH_RETURNS"): (2, 1),
        ("6513", "UNITS_UNREGISTERED"): (1, 0), ("6513", "UNITS_NO_BASIS"): (1, 0),
        ("_U", "UNITS"): (1, 1), ("_U", "UNITS_NO_BASIS"): (1, 1),
    }  # fmt: skip
    held = {row["measure"]: (row["holder_id"], row["units"]) for row in result.all("count_contributors")}
    assert held == {"UNITS": (1, 2), "UNITS_CLASSIFIED": (1, 2), "UNITS_WITH_RETURNS": (1, 1),
                    "UNITS_UNREGISTERED": (1, 1), "UNITS_NO_BASIS": (1, 1)}  # fmt: skip


def test_registered_units_count_even_if_consolidated_but_their_figures_do_not(district: Any) -> None:
    # One reporter; a registered unit that only a group's return names; one with no figures; a group in no register.
    district.reporters(1, 1)
    district.unit(2, consolidated=True, has_return=True)
    district.returns(2, consolidated=True)
    district.unit(3, consolidated=True)
    district.unit(4, consolidated=True, registered=False, has_return=True)
    district.returns(4, consolidated=True)
    result = district.run()
    assert {row["measure"]: (row["units"], row["lone_units"]) for row in result.all("count_leaves")} == {
        "UNITS": (3, 3), "UNITS_CLASSIFIED": (3, 3), "UNITS_WITH_RETURNS": (1, 1)}  # fmt: skip
    assert result.total() == 40


def test_uncertainty_bases_by_hand(district: Any) -> None:
    # Value added 40, 40, 40, 40, 90 of 100 each: r = 0.5; e = -10 four times and 40; sum of squares 2000.
    district.reporters(1, 4)
    district.reporters(5, 1, operating_profit=60)
    for unit_id, revenue in ((6, 30), (7, 50)):
        district.unit(unit_id)
        district.base(unit_id, taxable_revenue=revenue)
    district.unit(8, has_return=True)
    district.returns(8, revenue=10, depreciation=None)
    basis = district.run().one("uncertainty_bases")
    assert basis["rate_cell"] == "6513"
    assert basis["rate_variance"] == pytest.approx(5 / 4 * 2000 / 500**2, rel=1e-12)
    assert basis["residual_variance"] == pytest.approx(5 / 4 * 2000 / 50_000, rel=1e-12)
    assert basis["estimated_revenue"] == 80
    # The unit with an imputed item counts with its residual: 900 + 2500 + 100.
    assert basis["estimated_revenue_squares"] == 3500


def test_digital_share_of_an_estimated_unit_scales_its_base(district: Any) -> None:
    district.reporters(1, 5, "7320")
    district.evidence(None, "040703", 0.5, gbt_code="7320", tier="census")
    district.unit(6, "7320")
    district.base(6, taxable_revenue=30)
    basis = district.run().one("uncertainty_bases")
    assert (basis["estimated_revenue"], basis["estimated_revenue_squares"]) == (15, 225)


@pytest.mark.parametrize("table", ["unit_activity", "returns", "revenue_bases"])
def test_doubled_key_upstream_stops_the_run(district: Any, table: str) -> None:
    district.reporters(1, 1)
    district.base(1, taxable_revenue=50)
    district.tables[table].append(dict(district.tables[table][0]))
    with pytest.raises(NotClosedError, match="1 units by year have 2 accounts"):
        district.run()


def test_empty_district(district: Any) -> None:
    result = district.run()
    assert all(result.tables[name] == [] for name in stage.WRITES if name not in {"rates", "core_shares"})


def test_order_of_rows_does_not_matter(district: Any) -> None:
    sample(district, [17, 250, 999], [0.35, 0.2, 0.45])
    first = district.run()
    for rows in district.tables.values():
        rows.reverse()
    second = district.run()
    for name in ("rates", "split_coefficients", "leaves", "contributors", "uncertainty_bases", "count_leaves"):
        assert second.tables[name] == first.tables[name]


def sample(district: Any, bases: list[int], shares: list[float]) -> None:
    """Five reporters, then estimated units of 4851 with three digital classes each."""
    district.reporters(1, 5, payroll="20.17", operating_profit="10.06")
    for unit_id, cents in enumerate(bases, start=10):
        district.unit(unit_id, "4851")
        district.base(unit_id, taxable_revenue=f"{D(cents) / 100}")
    for activity, share in zip(("040501", "040502", "040503"), shares, strict=True):
        district.evidence(None, activity, share, gbt_code="4851", tier="census")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=20),
    st.lists(st.integers(1, 100), min_size=3, max_size=3),
)
def test_parts_of_fully_digital_units_add_up(district: Any, bases: list[int], weights: list[int]) -> None:
    for rows in district.tables.values():
        rows.clear()
    sample(district, bases, [weight / sum(weights) for weight in weights])
    result = district.run()
    whole = sum(row["value_added"] for row in result.all("unit_account", basis="estimated"))
    assert sum(row["value_added"] for row in result.all("unit_split", gbt_code="4851")) == whole
    assert result.total() == whole + 5 * D("40.23")
