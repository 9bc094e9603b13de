"""Value added of units by basis: reported, imputed, estimated, partial, no basis, covered, consolidated."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from keli.model.catalogue import Catalogue
from keli.model.parameters import ParameterValue

D = Decimal


def with_parameter(catalogue: Catalogue, name: str, value: Any, reference: str = "test") -> Catalogue:
    """The catalogue with another value of a parameter."""
    entry = ParameterValue(dt.date(2000, 1, 1), value, reference, verified=True, note=None)
    changed = dataclasses.replace(catalogue.parameters[name], values=(entry,))
    return dataclasses.replace(catalogue, parameters={**catalogue.parameters, name: changed})


def test_reported_unit_by_hand(district: Any) -> None:
    # 300 payroll; 20 + 40 - 8 subsidy; 30 depreciation; 100 + 2 + 1 impairment - 3 - 4 - 5 - 6 gains = 85.
    district.unit(1, has_return=True)
    district.returns(1, revenue=1000, payroll=300, taxes_surcharges=20, vat_payable=40, other_income=8, depreciation=30,
                     operating_profit=100, asset_impairment=2, credit_impairment=1, fair_value_gain=3,
                     investment_income=4, hedging_gain=5, asset_disposal_gain=6, interest_net=50)  # fmt: skip
    row = district.run().one("unit_account", unit_id=1)
    assert (row["basis"], row["base"], row["revenue"]) == ("reported", "return", D(1000))
    assert [row[name] for name in ("compensation", "net_taxes", "depreciation", "surplus")] == [300, 52, 30, 85]
    assert row["value_added"] == 467
    assert row["imputed_items"] is None


@pytest.mark.parametrize("convention", ["net_taxes", "surplus"])
def test_subsidy_convention_does_not_move_value_added(district: Any, catalogue: Catalogue, convention: str) -> None:
    # Revenue 100, inputs 40, subsidy 8: operating profit 68.
    district.unit(1, has_return=True)
    district.returns(
        1, payroll=0, taxes_surcharges=0, vat_payable=0, depreciation=0, operating_profit=68, other_income=8
    )
    changed = with_parameter(catalogue, "value_added/subsidy_convention", convention)
    row = district.run(catalogue=changed).one("unit_account", unit_id=1)
    expected = {"net_taxes": (-8, 68), "surplus": (0, 60)}[convention]
    assert (row["net_taxes"], row["surplus"], row["value_added"]) == (*expected, 60)


def test_interest_is_added_back_only_by_convention(district: Any, catalogue: Catalogue) -> None:
    district.unit(1, has_return=True)
    district.returns(1, interest_net=7)
    changed = with_parameter(catalogue, "value_added/interest_convention", "added_back")
    assert district.run(catalogue=changed).one("unit_account", unit_id=1)["value_added"] == 47
    assert district.run().one("unit_account", unit_id=1)["value_added"] == 40


def test_conventions_are_dated(district: Any, catalogue: Catalogue) -> None:
    # Until 2020 subsidies are taken off the surplus, from 2021 off net taxes.
    values = (ParameterValue(dt.date(2000, 1, 1), "surplus", "test", verified=True, note=None),
              ParameterValue(dt.date(2021, 1, 1), "net_taxes", "test", verified=True, note=None))  # fmt: skip
    name = "value_added/subsidy_convention"
    changed = dataclasses.replace(catalogue.parameters[name], values=values)
    for year in (2020, 2021):
        district.unit(1, has_return=True, period=year)
        district.returns(1, period=year, other_income=3)
    result = district.run(catalogue=dataclasses.replace(catalogue, parameters={**catalogue.parameters, name: changed}))
    rows = [result.one("unit_account", unit_id=1, period=year) for year in (2020, 2021)]
    assert [(row["net_taxes"], row["surplus"], row["value_added"]) for row in rows] == [(5, 7, 37), (2, 10, 37)]


def test_missing_item_is_imputed_by_the_rate_of_the_class(district: Any) -> None:
    # Five units of 6513 report depreciation 5 of 100: 4 % x 0 ... the sixth has revenue 200 and no depreciation: 10.
    district.reporters(1, 5)
    district.unit(6, has_return=True)
    district.returns(6, revenue=200, depreciation=None)
    row = district.run().one("unit_account", unit_id=6)
    assert (row["basis"], row["imputed_items"]) == ("imputed", "depreciation")
    assert (row["depreciation"], row["value_added"]) == (10, 20 + 5 + 10 + 10)


def test_four_units_fall_back_to_the_group_and_five_do_not(district: Any) -> None:
    # 6513: depreciation 5 of 100; 6519 (same group 651): one unit with 25 of 100.
    district.reporters(1, 4)
    district.reporters(11, 1, "6519", depreciation=25)
    district.unit(6, has_return=True)
    district.returns(6, depreciation=None)
    four = district.run()
    assert four.one("unit_account", unit_id=6)["depreciation"] == D("9.00")  # (4 x 5 + 25) / 500
    assert four.one("rates", period=2021, gbt_code="6513")["cell"] == "651"
    district.reporters(5, 1)
    five = district.run()
    assert five.one("unit_account", unit_id=6)["depreciation"] == D("5.00")
    assert five.one("rates", period=2021, gbt_code="6513")["cell"] == "6513"


def test_fallback_ends_at_the_total(district: Any) -> None:
    district.reporters(1, 5, "3911")
    district.unit(6)
    district.base(6, taxable_revenue=50)
    result = district.run()
    assert result.one("rates", period=2021, gbt_code="6513")["cell"] == "_T"
    assert result.one("unit_account", unit_id=6)["value_added"] == 20


def test_imputation_without_revenue_takes_the_tax_base_else_the_unit_is_partial(district: Any) -> None:
    district.reporters(1, 5)
    for unit_id in (6, 7):
        district.unit(unit_id, has_return=True)
        district.returns(unit_id, revenue=None, depreciation=None)
    district.base(6, taxable_revenue=200)
    result = district.run()
    taxed, bare = result.one("unit_account", unit_id=6), result.one("unit_account", unit_id=7)
    assert (taxed["basis"], taxed["base"], taxed["depreciation"]) == ("imputed", "tax", 10)
    assert (bare["basis"], bare["partial_reason"], bare["value_added"]) == ("partial", "item", None)
    assert not result.all("unit_split", unit_id=7)


def test_item_that_nobody_reports_needs_an_external_rate(district: Any, catalogue: Catalogue) -> None:
    district.reporters(1, 6, depreciation=None)
    result = district.run()
    assert {row["basis"] for row in result.all("unit_account")} == {"partial"}
    assert result.total() == 0
    assert result.one("count_leaves", measure="UNITS_PARTIAL")["units"] == 6
    changed = with_parameter(catalogue, "value_added/external_rates", {"depreciation": 0.03}, "a yearbook")
    result = district.run(catalogue=changed)
    row = result.one("unit_account", unit_id=1)
    assert (row["basis"], row["depreciation"], row["value_added"]) == ("imputed", 3, 38)
    rate = result.one("rates", period=2021, gbt_code="6513")
    assert rate["imputation_source"] == "depreciation: a yearbook"


def test_external_rate_does_not_replace_what_units_report(district: Any, catalogue: Catalogue) -> None:
    district.reporters(1, 5)
    district.unit(6, has_return=True)
    district.returns(6, depreciation=None)
    changed = with_parameter(catalogue, "value_added/external_rates", {"depreciation": 0.5})
    assert district.run(catalogue=changed).one("unit_account", unit_id=6)["depreciation"] == 5


def test_estimated_unit_by_hand(district: Any) -> None:
    # Five reporters 40 of 100 and one 90 of 300: rate (200 + 90) / 800 = 0.3625; payroll (100 + 70) / 800 = 0.2125.
    district.reporters(1, 5)
    district.reporters(6, 1, revenue=300, payroll=70)
    district.unit(10)
    district.base(10, taxable_revenue="33.33")
    row = district.run().one("unit_account", unit_id=10)
    assert (row["basis"], row["base"], row["value_added"]) == ("estimated", "tax", D("12.08"))
    assert (row["compensation"], row["net_taxes"], row["depreciation"]) == (D("7.08"), D("1.25"), D("1.25"))
    assert row["surplus"] == D("12.08") - D("7.08") - D("1.25") - D("1.25")


def test_four_quarters_come_before_the_tax_list_and_three_do_not_count(district: Any) -> None:
    district.reporters(1, 5)
    for unit_id, quarters in ((6, 4), (7, 3)):
        district.unit(unit_id)
        district.base(unit_id, quarters=quarters, quarterly_revenue=100, taxable_revenue=50)
    district.unit(8)
    district.base(8, quarters=3, quarterly_revenue=100)
    result = district.run()
    rows = [result.one("unit_account", unit_id=unit_id) for unit_id in (6, 7, 8)]
    assert [(row["base"], row["value_added"]) for row in rows] == [("quarters", 40), ("tax", 20), ("none", None)]
    assert rows[2]["basis"] == "no_basis"


def test_rates_rest_on_reported_units_only(district: Any) -> None:
    # The imputed unit has a wild profit: the rate stays 0.4.
    district.reporters(1, 5)
    district.unit(6, has_return=True)
    district.returns(6, depreciation=None, operating_profit=90)
    rate = district.run().one("rates", period=2021, gbt_code="6513")
    assert (rate["units"], rate["value_added_rate"]) == (5, 0.4)


def test_unclassified_unit_uses_the_total_rate(district: Any) -> None:
    district.reporters(1, 5)
    district.unit(6, None)
    district.base(6, taxable_revenue=50)
    result = district.run()
    assert result.one("unit_account", unit_id=6)["value_added"] == 20
    assert not result.all("unit_split", unit_id=6)


def test_no_basis_is_empty_and_never_zero(district: Any) -> None:
    district.unit(1)
    result = district.run()
    row = result.one("unit_account", unit_id=1)
    assert (row["basis"], row["value_added"], row["revenue"]) == ("no_basis", None, None)
    assert result.one("count_leaves", measure="UNITS_NO_BASIS")["units"] == 1


def test_revenue_base_of_zero_is_a_base(district: Any) -> None:
    district.reporters(1, 5)
    district.unit(6)
    district.base(6, taxable_revenue=0)
    row = district.run().one("unit_account", unit_id=6)
    assert (row["basis"], row["value_added"]) == ("estimated", 0)


def test_base_without_any_rate_is_partial(district: Any) -> None:
    district.unit(1)
    district.base(1, taxable_revenue=50)
    row = district.run().one("unit_account", unit_id=1)
    assert (row["basis"], row["partial_reason"], row["value_added"]) == ("partial", "rate", None)


def test_return_without_items_or_revenue_falls_back_to_the_estimate(district: Any) -> None:
    district.reporters(1, 5)
    district.unit(6, has_return=True)
    blank = dict.fromkeys(("revenue", "payroll", "taxes_surcharges", "vat_payable", "depreciation", "operating_profit"))
    district.returns(6, **blank, investment_income=5)
    district.base(6, taxable_revenue=50)
    row = district.run().one("unit_account", unit_id=6)
    assert (row["basis"], row["base"], row["value_added"]) == ("estimated", "tax", 20)


def test_covered_unit_has_no_value_of_its_own(district: Any) -> None:
    district.reporters(1, 5)
    district.unit(6, covered_by_parent=True, parent_id=1)
    district.base(6, taxable_revenue=50)
    result = district.run()
    row = result.one("unit_account", unit_id=6)
    assert (row["basis"], row["value_added"], row["revenue"]) == ("covered", None, None)
    assert result.total() == 200


def test_consolidated_group_is_accounted_but_in_no_total(district: Any) -> None:
    district.reporters(1, 5)
    district.unit(6, consolidated=True, in_district=False, area="outside", has_return=True)
    district.returns(6, consolidated=True, revenue=10_000, payroll=9000)
    result = district.run()
    assert result.one("unit_account", unit_id=6)["value_added"] == 9020
    assert result.total() == 200
    assert result.one("rates", period=2021, gbt_code="6513")["units"] == 5
    assert result.one("count_leaves", measure="UNITS")["units"] == 5


def test_consolidated_return_never_stands_for_the_single_unit(district: Any) -> None:
    district.unit(1, has_return=True)
    district.returns(1, consolidated=True)
    assert district.run().one("unit_account", unit_id=1)["basis"] == "no_basis"


def test_unit_outside_the_district_has_no_account(district: Any) -> None:
    district.unit(1, in_district=False, area="outside", has_return=True)
    district.returns(1)
    assert district.run().all("unit_account") == []


def test_value_added_may_be_negative(district: Any) -> None:
    district.unit(1, has_return=True)
    district.returns(1, operating_profit=-100)
    result = district.run()
    assert result.one("unit_account", unit_id=1)["value_added"] == -70
    leaf = result.one("leaves", measure="VA")
    assert (leaf["value"], leaf["absolute"], leaf["x1"]) == (-70, 70, 70)
