"""Level of value added: benchmarking, interval, share of GDP, constant prices."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.line.analyse.conftest import (
    COMPUTERS,
    FUTIAN,
    LIANHUA,
    NANYUAN,
    SOFTWARE,
    UNPLACED,
    WHOLESALE,
    YI,
    Tables,
    control,
    leaf,
    price,
)

from keli.base.errors import ConfigurationError
from keli.model.catalogue import Catalogue
from keli.model.crosswalks import Plate
from keli.model.workspace import Workspace

Analysed = Callable[..., Tables]
DISTRICT: dict[str, Any] = {"ref_area": FUTIAN, "activity": "DE", "time_period": "2021"}
LEAVES = [
    leaf(2021, COMPUTERS, 100 * YI),
    leaf(2021, WHOLESALE, 50 * YI),
    leaf(2021, SOFTWARE, 250 * YI, area=NANYUAN),
]


def test_without_a_control_the_estimate_stands(analysed: Analysed) -> None:
    tables = analysed(leaves=LEAVES)
    assert tables.value("value_added", measure="VA", **DISTRICT) == pytest.approx(400)
    assert tables.value("value_added", measure="VA_UNBENCHMARKED", **DISTRICT) == pytest.approx(400)
    factors = tables.rows("value_added", measure="BENCHMARK_FACTOR")
    assert factors["obs_value"].tolist() == [1.0] * 4
    assert [list(cells) for cells in factors["rests_on"]] == [[]] * 4


def test_the_core_total_is_exactly_its_control(analysed: Analysed) -> None:
    tables = analysed(leaves=LEAVES, control_totals=[control(2021, "DE", 62_492_000_000.01)])
    assert tables.value("value_added", measure="VA", **DISTRICT) == 624.9200000001
    assert tables.value("value_added", measure="VA_UNBENCHMARKED", **DISTRICT) == pytest.approx(400)
    assert tables.value("value_added", measure="BENCHMARK_FACTOR", **DISTRICT) == pytest.approx(1.5623)
    street = tables.value("value_added", measure="VA", ref_area=NANYUAN, activity="0301")
    assert street == pytest.approx(250 * 1.5623)


def test_the_factor_of_a_zero_estimate_stands_as_missing(analysed: Analysed) -> None:
    tables = analysed(leaves=[*LEAVES, leaf(2021, "040101", 0.0)])
    [factor] = tables.rows("value_added", measure="BENCHMARK_FACTOR", activity="04").to_dict("records")
    assert (factor["obs_value"], factor["obs_status"]) == (pytest.approx(float("nan"), nan_ok=True), "M")


def test_classes_without_an_industry_code_stand_empty_and_free(analysed: Analysed) -> None:
    tables = analysed(leaves=LEAVES)
    for activity in ("020500", "030502", "040504"):
        [row] = tables.rows("value_added", activity=activity).to_dict("records")
        assert (row["time_period"], row["ref_area"], row["measure"], row["obs_status"]) == ("2021", FUTIAN, "VA", "M")
        assert (row["obs_value"], list(row["rests_on"])) == (pytest.approx(float("nan"), nan_ok=True), [])


def test_controls_of_majors_are_scaled_to_the_total(analysed: Analysed) -> None:
    """01 and 03 are controlled with 120 and 240; 440 - 360 leaves 80 for the 50 of 02."""
    controls = [control(2021, "DE", 440 * YI), control(2021, "01", 120 * YI), control(2021, "03", 240 * YI)]
    tables = analysed(leaves=LEAVES, control_totals=controls)
    found = tables.rows("value_added", measure="BENCHMARK_FACTOR").set_index("activity")["obs_value"].to_dict()
    assert found == pytest.approx({"01": 1.2, "02": 1.6, "03": 0.96, "DE": 1.1})
    majors = [tables.value("value_added", measure="VA", ref_area=FUTIAN, activity=m) for m in ("01", "02", "03")]
    assert majors == pytest.approx([120, 80, 240])
    assert sum(majors) == pytest.approx(tables.value("value_added", measure="VA", **DISTRICT))


def test_estimate_and_factor_rest_on_the_cell_that_the_factor_was_formed_on(analysed: Analysed) -> None:
    """VA / VA_UNBENCHMARKED is the factor: with the control of 03 it tells the estimate of 03."""
    tables = analysed(leaves=LEAVES, control_totals=[control(2021, "03", 240 * YI)])
    own, major = f"VA|all|2021|{NANYUAN}|{SOFTWARE}|_T", f"VA|all|2021|{FUTIAN}|03|_T"
    place = {"ref_area": NANYUAN, "activity": SOFTWARE}
    [estimate] = tables.rows("value_added", measure="VA_UNBENCHMARKED", **place)["rests_on"]
    [level] = tables.rows("value_added", measure="VA", **place)["rests_on"]
    assert (sorted(estimate), list(level)) == (sorted([own, major]), [own])
    [elsewhere] = tables.rows("value_added", measure="VA_UNBENCHMARKED", ref_area=FUTIAN, activity="01")["rests_on"]
    assert list(elsewhere) == [f"VA|all|2021|{FUTIAN}|01|_T"]


def test_a_control_without_an_estimate_stops_the_run(analysed: Analysed) -> None:
    with pytest.raises(ConfigurationError, match="2021: A control total cannot be spread over 04"):
        analysed(leaves=LEAVES, control_totals=[control(2021, "04", YI)])


def test_a_plate_is_benchmarked_class_by_class(analysed: Analysed, catalogue: Catalogue) -> None:
    plates = (Plate("P1", "板块一", COMPUTERS, Decimal("0.5")), Plate("P1", "板块一", SOFTWARE, Decimal(1)))
    tables = analysed(
        catalogue=dataclasses.replace(catalogue, plates=plates),
        leaves=LEAVES,
        control_totals=[control(2021, "01", 120 * YI), control(2021, "03", 500 * YI)],
    )
    assert tables.value("value_added", measure="VA", ref_area=FUTIAN, activity="P1") == pytest.approx(60 + 500)


def basis(**changes: Any) -> dict[str, Any]:
    row = {
        "period": 2021, "area": LIANHUA, "activity": SOFTWARE, "gbt_code": "6511", "rate_cell": "651",
        "rate_variance": 0.0001, "residual_variance": 0.04, "estimated_revenue": 100.0 * YI,
        "estimated_revenue_squares": 1600.0 * YI**2, "split_value_added": 0.0,
    }  # fmt: skip
    return row | changes


def test_areas_that_share_a_rate_share_its_error(analysed: Analysed) -> None:
    """A street has (100)^2 0.0001 + 1600 * 0.04 = 65; the district (200)^2 0.0001 + 3200 * 0.04 = 132, not 130."""
    tables = analysed(leaves=LEAVES, uncertainty_bases=[basis(), basis(area=NANYUAN)])
    margin = 1.96 * 132**0.5
    assert tables.value("value_added", measure="VA_LOWER", **DISTRICT) == pytest.approx(400 - margin)
    assert tables.value("value_added", measure="VA_UPPER", **DISTRICT) == pytest.approx(400 + margin)
    assert tables.value("value_added", measure="VA_UPPER", ref_area=FUTIAN, activity="01") == pytest.approx(100)


def test_there_is_no_interval_below_the_district(analysed: Analysed) -> None:
    """What a street lacks because units have no known place is in no variance."""
    tables = analysed(leaves=LEAVES, uncertainty_bases=[basis(), basis(area=NANYUAN)])
    assert tables.value("value_added", measure="VA_UNBENCHMARKED", ref_area=NANYUAN, activity="03") == pytest.approx(
        250
    )
    for measure in ("VA_LOWER", "VA_UPPER"):
        assert set(tables.rows("value_added", measure=measure)["ref_area"]) == {FUTIAN}


def test_a_unit_in_several_classes_has_one_residual(analysed: Analysed) -> None:
    """Thirds of revenue 100 in three classes, c2 0.01: (100/3 + 100/3 + 100/3)^2 * 0.01 = 100, not a third of it."""
    third = basis(
        rate_variance=0.0, residual_variance=0.01, estimated_revenue=100.0 * YI / 3,
        estimated_revenue_squares=(100.0 * YI / 3) ** 2, gbt_code="6429",
    )  # fmt: skip
    bases = [third, third | {"activity": WHOLESALE}, third | {"activity": COMPUTERS}]
    tables = analysed(leaves=LEAVES, uncertainty_bases=bases)
    assert tables.value("value_added", measure="VA_UPPER", **DISTRICT) == pytest.approx(400 + 1.96 * 10)


def test_units_without_a_subdistrict_have_figures_of_their_own(analysed: Analysed) -> None:
    leaves = [*LEAVES, leaf(2021, SOFTWARE, 30 * YI, area=FUTIAN)]
    tables = analysed(leaves=leaves)
    unplaced = {"ref_area": UNPLACED, "activity": "03"}
    assert tables.value("value_added", measure="VA", **unplaced) == pytest.approx(30)
    [row] = tables.rows("value_added", measure="VA", **unplaced).to_dict("records")
    assert list(row["rests_on"]) == [f"VA|all|2021|{UNPLACED}|03|_T"]


def test_a_sampled_split_ratio_adds_its_variance(analysed: Analysed) -> None:
    """(30 + 20)^2 * 0.0004 = 1 for the ratio that both streets use; purposive evidence adds none."""
    sampled = basis(estimated_revenue=0.0, estimated_revenue_squares=0.0, split_variance=0.0004)
    purposive = basis(estimated_revenue=0.0, estimated_revenue_squares=0.0, gbt_code="4999", split_value_added=9e9)
    bases = [
        sampled | {"split_value_added": 30.0 * YI},
        sampled | {"split_value_added": 20.0 * YI, "area": NANYUAN},
        purposive,
    ]
    tables = analysed(leaves=LEAVES, uncertainty_bases=bases)
    assert tables.value("value_added", measure="VA_UPPER", **DISTRICT) == pytest.approx(400 + 1.96)


def test_classes_of_one_industry_add_their_standard_errors(analysed: Analysed) -> None:
    """Errors 50 * 0.02 = 1 and 100 * 0.02 = 2 of one industry code: (1 + 2)^2; another code adds 4^2: error 5."""
    sampled = basis(estimated_revenue=0.0, estimated_revenue_squares=0.0, split_variance=0.0004)
    bases = [
        sampled | {"split_value_added": 50.0 * YI},
        sampled | {"split_value_added": 100.0 * YI, "activity": WHOLESALE},
        sampled | {"split_value_added": 200.0 * YI, "gbt_code": "4999"},
    ]
    tables = analysed(leaves=LEAVES, uncertainty_bases=bases)
    assert tables.value("value_added", measure="VA_UPPER", **DISTRICT) == pytest.approx(400 + 1.96 * 5)


def test_a_rate_without_a_variance_has_no_interval(analysed: Analysed) -> None:
    tables = analysed(leaves=LEAVES, uncertainty_bases=[basis(rate_variance=None)])
    assert len(tables.rows("value_added", measure="VA_UPPER", **DISTRICT)) == 0
    assert tables.value("value_added", measure="VA_UPPER", ref_area=FUTIAN, activity="01") == pytest.approx(100)


def gdp(year: int, value: float) -> dict[str, Any]:
    return control(year, "_T", value, "GDP")


def test_share_of_gdp_and_its_change(analysed: Analysed) -> None:
    """40 of 400 is 10.0 %; 30 of 375 was 8.0 %: +2.0 points."""
    tables = analysed(
        leaves=[leaf(2021, SOFTWARE, 40 * YI), leaf(2020, SOFTWARE, 30 * YI)],
        control_totals=[gdp(2021, 400 * YI), gdp(2020, 375 * YI)],
    )
    assert tables.value("value_added", measure="SHARE_GDP", **DISTRICT) == pytest.approx(10.0)
    assert tables.value("value_added", measure="SHARE_GDP_CHANGE", **DISTRICT) == pytest.approx(2.0)
    [change] = tables.rows("value_added", measure="SHARE_GDP_CHANGE", **DISTRICT).to_dict("records")
    assert (change["unit_measure"], change["base_period"], len(change["rests_on"])) == ("PP", "2020", 2)
    [whole] = tables.rows("value_added", activity="_T", time_period="2021").to_dict("records")
    assert (whole["measure"], whole["obs_value"], list(whole["rests_on"])) == ("VA", pytest.approx(400), [])
    assert set(tables.rows("value_added", measure="SHARE_GDP")["ref_area"]) == {FUTIAN}


def test_what_is_not_a_census_has_no_share_of_gdp(analysed: Analysed, workspace: Workspace) -> None:
    tables = analysed(
        workspace=dataclasses.replace(workspace, census=False),
        leaves=[leaf(2021, SOFTWARE, 40 * YI)],
        control_totals=[gdp(2021, 400 * YI)],
    )
    assert not {"SHARE_GDP", "SHARE_GDP_CHANGE"} & set(tables.rows("value_added")["measure"])


def test_value_added_at_constant_prices_sums_deflated_classes(analysed: Analysed) -> None:
    """The worked vector 118, 230, 54 with indices 98.5, 102.0, 101.2: 398.64683 in prices of 2020."""
    indices = [price("ppi_39", 2021, 98.5), price("rpi", 2021, 102.0), price("sppi_information", 2021, 101.2)]
    leaves = [leaf(2021, COMPUTERS, 118 * YI), leaf(2021, WHOLESALE, 230 * YI), leaf(2021, SOFTWARE, 54 * YI)]
    tables = analysed(leaves=leaves, price_indices=indices)
    [row] = tables.rows("value_added", measure="VA", price_base="Q", **DISTRICT).to_dict("records")
    assert row["obs_value"] == pytest.approx(398.64683, abs=5e-6)
    assert row["base_period"] == "2020"
    assert tables.value("value_added", measure="VA", price_base="V", **DISTRICT) == pytest.approx(402)
    assert (row["unit_measure"], row["unit_mult"], row["decimals"]) == ("CNY", 8, 2)


def test_a_missing_price_index_leaves_out_what_needs_it_and_says_so(analysed: Analysed) -> None:
    tables = analysed(leaves=LEAVES, price_indices=[price("ppi_39", 2021, 98.5), price("rpi", 2021, 102.0)])
    constant = tables.rows("value_added", measure="VA", price_base="Q", ref_area=FUTIAN)
    assert set(constant["activity"]) == {"01", "0101", COMPUTERS, "02", "0201", WHOLESALE}
    said = tables.context.report.console.file.getvalue()
    assert "series sppi_information is needed" in said
    assert "rpi" not in said
