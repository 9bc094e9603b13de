"""Units outside the frame: which reach the threshold, which are near it, on which revenue."""

from __future__ import annotations

from decimal import Decimal

from tests.line.cover.conftest import BUILDING, IN_FRAME, SOFTWARE, WAN, District


def test_wholesale_from_20_million_is_missing_and_from_16_million_is_near(district: District) -> None:
    """Threshold of wholesale 2000 万元; 80 % of it is 1600 万元."""
    for unit_id, revenue in enumerate((2000, 1999, 1600, 1599), start=1):
        district.unit(unit_id, revenue=revenue)
    district.run()
    assert set(district.cases("missing")) == {1}
    assert set(district.cases("near")) == {2, 3}
    case = district.cases("near")[2]
    assert (case["revenue"], case["threshold"]) == (Decimal(1999 * WAN), Decimal(2000 * WAN))
    assert case["evidence"] == (
        "Revenue of 2021 (tax list) 1999.00 万元: 99 % of 2000.00 万元 of the threshold of 限额以上批发业. "
        "On no above-scale list."
    )


def test_who_is_not_a_survey_unit_or_is_on_the_list_is_no_case(district: District) -> None:
    district.unit(1, revenue=9000, **IN_FRAME)
    district.unit(2, revenue=9000, in_frame_next=True)
    district.unit(3, revenue=9000, status="closed")
    district.unit(4, revenue=9000, unit_type="individual")
    district.unit(5, revenue=9000, unit_type="local_activity", parent_id=1)
    district.unit(6, revenue=9000, unit_type="local_activity", parent_id=99)
    district.unit(7, revenue=9000, in_district=False)
    district.unit(8, revenue=9000, consolidated=True)
    district.unit(9, code="6610", revenue=9000)
    district.unit(10)
    district.run()
    assert set(district.cases("missing")) == {6}


def test_a_unit_in_no_register_is_to_be_registered_first(district: District) -> None:
    district.unit(1, revenue=3000, registered=False, base="return")
    district.run()
    case = district.cases("unregistered")[1]
    assert case["proposed"] == "register and enter"
    assert case["evidence"].startswith("Revenue of 2021 (annual return) 3000.00 万元: 150 %")
    assert case["evidence"].endswith("In no register and on no above-scale list.")


def test_builders_are_asked_for_their_qualification(district: District) -> None:
    district.unit(1, code=BUILDING, revenue=2500)
    district.run()
    assert (
        "from which a unit is asked for its qualification or activity, in 有资质的建筑业"
        in (district.cases("missing")[1]["evidence"])
    )


def test_twelve_months_to_date_reports(district: District) -> None:
    """1500 万元 in 2021, 600 of it to June; 1200 to June 2022: 1200 + 1500 - 600 = 2100 in the twelve months."""
    district.unit(1, revenue=1500)
    district.base(1, 2022, quarters=2, quarterly_revenue=Decimal(1200 * WAN))
    for year, quarter, revenue in ((2021, 2, 600), (2021, 4, 1500), (2022, 1, 500), (2022, 2, 1200)):
        district.quarter(1, year, quarter, revenue)
    district.run()
    case = district.cases("missing")[1]
    assert case["revenue"] == Decimal(2100 * WAN)
    assert case["evidence"].startswith("Revenue of the twelve months to 2022-Q2 2100.00 万元: 105 %")


def test_twelve_months_of_discrete_quarters(district: District) -> None:
    """400 a quarter in 2021, then 900: 900 + 1600 - 400 = 2100; a missing quarter leaves the year's revenue."""
    for unit_id in (1, 2):
        district.unit(unit_id, revenue=1600)
        district.base(unit_id, 2022, quarters=1, quarterly_revenue=Decimal(900 * WAN))
        for quarter in (1, 2, 3, 4):
            if (unit_id, quarter) != (2, 3):
                district.quarter(unit_id, 2021, quarter, 400, "D")
        district.quarter(unit_id, 2022, 1, 900, "D")
    district.run()
    assert district.cases("missing")[1]["revenue"] == Decimal(2100 * WAN)
    assert district.cases("near")[2]["revenue"] == Decimal(1600 * WAN)


def test_a_whole_later_year_needs_no_year_before(district: District) -> None:
    district.unit(1, revenue=100)
    district.base(1, 2022, quarters=4, quarterly_revenue=Decimal(2400 * WAN))
    district.quarter(1, 2022, 4, 2400)
    district.run()
    assert district.cases("missing")[1]["revenue"] == Decimal(2400 * WAN)


def test_what_the_headline_has_to_do_with_it(district: District) -> None:
    """Two software firms: one valued by its tax, one that is outside the core's account."""
    district.unit(1, code=SOFTWARE, revenue=3000)
    district.digital(1, 1_234_567.89)
    district.unit(2, code=SOFTWARE, revenue=3000, basis="partial")
    district.run()
    found = district.cases("missing")
    assert (found[1]["digital_value_added"], found[1]["headline_change"]) == (Decimal("1234567.89"), 0)
    assert found[1]["effect"].startswith("In the headline by estimate")
    assert (found[2]["digital_value_added"], found[2]["effect"]) == (0, "None: no part of it is in the headline.")
