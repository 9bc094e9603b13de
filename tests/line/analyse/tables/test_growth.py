"""The three growth rates, contributions and pulls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.line.analyse.conftest import (
    COMPUTERS,
    FUTIAN,
    LIANHUA,
    NANYUAN,
    SOFTWARE,
    WHOLESALE,
    YI,
    Tables,
    control,
    leaf,
    price,
)

Analysed = Callable[..., Tables]
CORE: dict[str, Any] = {"ref_area": FUTIAN, "activity": "DE", "time_period": "2021"}
BEFORE = [leaf(2020, COMPUTERS, 100 * YI), leaf(2020, WHOLESALE, 200 * YI), leaf(2020, SOFTWARE, 50 * YI)]
NOW = [leaf(2021, COMPUTERS, 118 * YI), leaf(2021, WHOLESALE, 230 * YI), leaf(2021, SOFTWARE, 54 * YI)]
INDICES = [price("ppi_39", 2021, 98.5), price("rpi", 2021, 102.0), price("sppi_information", 2021, 101.2)]


@pytest.fixture
def worked(analysed: Analysed) -> Tables:
    """The worked vector of three classes: 100, 200, 50 in 2020; 118, 230, 54 in 2021."""
    return analysed(leaves=[*BEFORE, *NOW], price_indices=INDICES)


def test_nominal_and_real_growth_of_the_worked_vector(worked: Tables) -> None:
    assert worked.value("value_added", measure="GROWTH", price_base="V", **CORE) == pytest.approx(14.8571, abs=5e-5)
    assert worked.value("value_added", measure="GROWTH", price_base="Q", **CORE) == pytest.approx(13.8991, abs=5e-5)
    [row] = worked.rows("value_added", measure="GROWTH", price_base="Q", **CORE).to_dict("records")
    assert row["base_period"] == "2020"
    assert list(row["rests_on"]) == [f"VA|all|{year}|{FUTIAN}|DE|_T" for year in (2021, 2020)]


def test_pulls_and_contributions_of_the_worked_vector(worked: Tables) -> None:
    def found(measure: str) -> list[float]:
        return [
            worked.value("value_added", measure=measure, price_base="Q", ref_area=FUTIAN, activity=activity)
            for activity in ("01", "02", "03")
        ]

    assert found("PULL") == pytest.approx([5.65627, 7.28291, 0.95991], abs=5e-6)
    assert found("CONTRIBUTION") == pytest.approx([40.6953, 52.3985, 6.9063], abs=5e-5)
    assert sum(found("PULL")) == pytest.approx(
        worked.value("value_added", measure="GROWTH", price_base="Q", **CORE), abs=1e-9
    )


def test_a_contribution_rests_on_the_part_and_the_total_in_both_years(worked: Tables) -> None:
    [cells] = worked.rows("value_added", measure="PULL", price_base="V", ref_area=FUTIAN, activity="01")["rests_on"]
    assert sorted(cells) == [f"VA|all|{year}|{FUTIAN}|{part}|_T" for year in (2020, 2021) for part in ("01", "DE")]


def test_a_class_that_is_new_or_gone_has_a_pull_but_no_growth(analysed: Analysed) -> None:
    """100 became 80 + 30: the new class pulls 30 points, the old one -20, growth 10 %."""
    leaves = [leaf(2020, COMPUTERS, 60 * YI), leaf(2020, SOFTWARE, 40 * YI)]
    leaves += [leaf(2021, COMPUTERS, 80 * YI), leaf(2021, WHOLESALE, 30 * YI)]
    tables = analysed(leaves=leaves)
    pulls = tables.rows("value_added", measure="PULL", price_base="V", ref_area=FUTIAN).set_index("activity")
    assert pulls["obs_value"][["01", "02", "03"]].tolist() == pytest.approx([20, 30, -40])
    assert list(pulls["rests_on"]["02"]) == [f"VA|all|2021|{FUTIAN}|02|_T", *pulls["rests_on"]["01"][2:]]
    assert len(pulls["rests_on"]["03"]) == 3
    growing = tables.rows("value_added", measure="GROWTH", price_base="V", ref_area=FUTIAN)
    assert set(growing["activity"]) == {"DE", "01", "0101", COMPUTERS}


def test_a_base_that_is_not_positive_has_no_growth(analysed: Analysed) -> None:
    leaves = [leaf(2020, COMPUTERS, -5 * YI), leaf(2020, SOFTWARE, 0.0), leaf(2021, COMPUTERS, YI)]
    tables = analysed(leaves=[*leaves, leaf(2021, SOFTWARE, YI)])
    for measure in ("GROWTH", "PULL", "CONTRIBUTION"):
        rows = tables.rows("value_added", measure=measure, price_base="V", ref_area=FUTIAN)
        assert {"01", "03"} <= set(rows["activity"])
        assert rows["obs_value"].isna().all()
        assert set(rows["obs_status"]) == {"M"}
    [cells] = tables.rows("value_added", measure="GROWTH", price_base="V", **CORE)["rests_on"]
    assert list(cells) == [f"VA|all|{year}|{FUTIAN}|DE|_T" for year in (2021, 2020)]


def test_new_entrants_move_growth_but_not_matched_growth(analysed: Analysed) -> None:
    """Matched units grew from 100 to 110; an entrant adds 20; 2020 was published as 104."""
    stayed = [leaf(2020, SOFTWARE, 100 * YI, matched_next=True), leaf(2021, SOFTWARE, 110 * YI, matched_previous=True)]
    published = [control(2020, "DE", 104 * YI, "VA_PUBLISHED")]
    prices = [price("sppi_information", 2021, 104.0)]
    entrant = leaf(2021, SOFTWARE, 20 * YI)

    def rates(tables: Tables, price_base: str) -> list[float]:
        measures = ("GROWTH", "GROWTH_MATCHED", "GROWTH_PUBLISHED")
        return [tables.value("value_added", measure=m, price_base=price_base, **CORE) for m in measures]

    without = analysed(leaves=stayed, control_totals=published, price_indices=prices)
    assert rates(without, "V") == pytest.approx([10, 10, 110 / 104 * 100 - 100])
    assert rates(without, "Q") == pytest.approx([110 / 1.04 - 100] * 2 + [110 / 1.04 / 104 * 100 - 100])
    entered = analysed(leaves=[*stayed, entrant], control_totals=published, price_indices=prices)
    assert rates(entered, "V") == pytest.approx([30, 10, 25])
    assert rates(entered, "Q") == pytest.approx([25, 110 / 1.04 - 100, 130 / 1.04 / 104 * 100 - 100])
    [matched] = entered.rows("value_added", measure="GROWTH_MATCHED", price_base="V", **CORE)["rests_on"]
    assert list(matched) == [f"VA|matched_previous|2021|{FUTIAN}|DE|_T", f"VA|matched_next|2020|{FUTIAN}|DE|_T"]


def test_growth_is_made_on_benchmarked_values_of_both_years(analysed: Analysed) -> None:
    controls = [control(2020, "DE", 500 * YI), control(2021, "DE", 600 * YI)]
    tables = analysed(leaves=[*BEFORE, *NOW], control_totals=controls)
    assert tables.value("value_added", measure="GROWTH", price_base="V", **CORE) == pytest.approx(20)
    assert set(tables.rows("value_added", measure="GROWTH", price_base="V")["obs_status"]) == {"A"}


def test_matched_growth_is_free_of_benchmark_factors(analysed: Analysed) -> None:
    """Matched units grew from 100 to 110; the factor of 2021 is 2 and of 2020 is 1: still 10 %."""
    leaves = [leaf(2020, SOFTWARE, 100 * YI, matched_next=True), leaf(2021, SOFTWARE, 110 * YI, matched_previous=True)]
    tables = analysed(leaves=leaves, control_totals=[control(2021, "DE", 220 * YI)])
    assert tables.value("value_added", measure="GROWTH", price_base="V", **CORE) == pytest.approx(120)
    [row] = tables.rows("value_added", measure="GROWTH_MATCHED", price_base="V", **CORE).to_dict("records")
    assert (row["obs_value"], row["obs_status"]) == (pytest.approx(10), "A")


def test_a_growth_over_an_unbenchmarked_year_is_marked_as_estimated(analysed: Analysed) -> None:
    tables = analysed(leaves=[*BEFORE, *NOW], control_totals=[control(2021, "DE", 420 * YI)])
    assert tables.value("value_added", measure="GROWTH", price_base="V", **CORE) == pytest.approx(20)
    assert set(tables.rows("value_added", measure="GROWTH", price_base="V")["obs_status"]) == {"E"}


def test_the_years_of_a_change_of_base_are_chained_in_the_base_of_the_later_one(analysed: Analysed) -> None:
    """2021 has the base 2020, where the index of 2020 is 1: 110 / 1.05 over 100, whatever 2016-2020 were."""
    leaves = [leaf(2020, SOFTWARE, 100 * YI), leaf(2021, SOFTWARE, 110 * YI)]
    indices = [price("sppi_information", year, 103.0) for year in range(2016, 2021)]
    tables = analysed(leaves=leaves, price_indices=[*indices, price("sppi_information", 2021, 105.0)])
    assert tables.value("value_added", measure="GROWTH", price_base="Q", **CORE) == pytest.approx(110 / 1.05 - 100)
    level = tables.value("value_added", measure="VA", price_base="Q", **CORE | {"time_period": "2020"})
    assert level == pytest.approx(100 / 1.03**5)


def test_areas_have_growth_of_their_own(analysed: Analysed) -> None:
    leaves = [leaf(2020, SOFTWARE, 10 * YI), leaf(2020, SOFTWARE, 10 * YI, area=NANYUAN)]
    leaves += [leaf(2021, SOFTWARE, 12 * YI), leaf(2021, SOFTWARE, 9 * YI, area=NANYUAN)]
    tables = analysed(leaves=leaves)
    found = {
        area: tables.value("value_added", measure="GROWTH", price_base="V", ref_area=area, activity="DE")
        for area in (LIANHUA, NANYUAN, FUTIAN)
    }
    assert found == pytest.approx({LIANHUA: 20, NANYUAN: -10, FUTIAN: 5})
