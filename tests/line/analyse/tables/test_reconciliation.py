"""Every control beside the estimate."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.line.analyse.conftest import COMPUTERS, FUTIAN, LIANHUA, SOFTWARE, YI, Tables, control, leaf

Analysed = Callable[..., Tables]
BASES = [
    {
        "period": 2021, "area": LIANHUA, "activity": SOFTWARE, "gbt_code": "6511", "rate_cell": "6511",
        "rate_variance": 0.0, "residual_variance": 1.0, "estimated_revenue": float(YI),
        "estimated_revenue_squares": 25.0 * YI**2, "split_value_added": 0.0,
    }
]  # fmt: skip


def found(tables: Tables, control_name: str, period: str) -> dict[str, float]:
    rows = tables.rows("reconciliation", control=control_name, time_period=period)
    result: dict[str, float] = rows.set_index("measure")["obs_value"].to_dict()
    return result


@pytest.mark.parametrize(("supplied", "inside"), [(105.0, 1.0), (90.2, 1.0), (90.1, 0.0), (110.0, 0.0)])
def test_a_control_total_is_held_against_the_estimate_and_its_interval(
    analysed: Analysed, supplied: float, inside: float
) -> None:
    """Estimate 100 with a standard error of 5: 90.2 to 109.8."""
    leaves = [leaf(2021, SOFTWARE, 100 * YI)]
    tables = analysed(leaves=leaves, uncertainty_bases=BASES, control_totals=[control(2021, "DE", supplied * YI)])
    assert found(tables, "VA", "2021") == pytest.approx(
        {
            "CONTROL": supplied,
            "ESTIMATE": 100,
            "DIFFERENCE": 100 - supplied,
            "FACTOR": supplied / 100,
            "INSIDE_INTERVAL": inside,
        }
    )


def test_a_published_figure_is_held_against_the_benchmarked_one_and_gdp_against_nothing(analysed: Analysed) -> None:
    tables = analysed(
        leaves=[leaf(2020, SOFTWARE, 100 * YI)],
        control_totals=[
            control(2020, "DE", 110 * YI),
            control(2020, "DE", 104 * YI, "VA_PUBLISHED"),
            control(2020, "_T", 900 * YI, "GDP"),
            control(2019, "DE", 90 * YI, "VA_PUBLISHED"),
        ],
    )
    published = {"CONTROL": 104, "ESTIMATE": 110, "DIFFERENCE": 6, "FACTOR": 104 / 110}
    assert found(tables, "VA_PUBLISHED", "2020") == pytest.approx(published)
    assert found(tables, "VA_PUBLISHED", "2019") == {"CONTROL": 90}
    assert found(tables, "GDP", "2020") == {"CONTROL": 900}


def test_a_control_rests_on_its_cell_and_the_comparison_on_what_the_estimate_rests_on(analysed: Analysed) -> None:
    controls = [control(2021, "03", 90 * YI), control(2021, "0301", 80 * YI), control(2021, "_T", 900 * YI, "GDP")]
    tables = analysed(leaves=[leaf(2021, SOFTWARE, 100 * YI)], control_totals=controls)
    rows = tables.rows("reconciliation").set_index(["activity", "measure"])["rests_on"]
    major, middle = f"VA|all|2021|{FUTIAN}|03|_T", f"VA|all|2021|{FUTIAN}|0301|_T"
    assert list(rows["03", "CONTROL"]) == [major]
    assert list(rows["0301", "CONTROL"]) == [middle]
    assert list(rows["_T", "CONTROL"]) == []
    for measure in ("ESTIMATE", "DIFFERENCE", "FACTOR", "INSIDE_INTERVAL"):
        assert list(rows["03", measure]) == [major]
        assert sorted(rows["0301", measure]) == [middle, major]


def test_a_control_that_is_no_benchmark_is_reconciled_and_stops_nothing(analysed: Analysed) -> None:
    """A middle class and a subdistrict, which has no interval, are compared; a class without a cell stands alone."""
    below = control(2021, "03", 50 * YI) | {"area": LIANHUA}
    controls = [control(2021, "0301", 80 * YI), control(2021, "0403", 7 * YI), below]
    tables = analysed(leaves=[leaf(2021, SOFTWARE, 100 * YI)], control_totals=controls)
    assert tables.value("value_added", measure="VA", ref_area=FUTIAN, activity="0301", price_base="V") == (
        pytest.approx(100)
    )
    rows = tables.rows("reconciliation")
    found = {activity: of.set_index("measure")["obs_value"].to_dict() for activity, of in rows.groupby("activity")}
    compared = {"CONTROL": 80, "ESTIMATE": 100, "DIFFERENCE": 20, "FACTOR": 0.8, "INSIDE_INTERVAL": 0}
    assert found["0301"] == pytest.approx(compared)
    street = compared | {"CONTROL": 50, "DIFFERENCE": 50, "FACTOR": 0.5, "INSIDE_INTERVAL": float("nan")}
    assert found["03"] == pytest.approx(street, nan_ok=True)
    assert found["0403"] == {"CONTROL": 7}


@pytest.mark.parametrize("estimate", [-5.0, 0.0])
def test_a_factor_on_an_estimate_that_is_not_positive_stands_as_missing(analysed: Analysed, estimate: float) -> None:
    """Were the row absent where the cell is withheld, it would tell the sign of what is withheld."""
    leaves = [leaf(2021, SOFTWARE, 100 * YI), leaf(2021, COMPUTERS, estimate * YI)]
    tables = analysed(leaves=leaves, control_totals=[control(2021, "0101", 8 * YI)])
    [factor] = tables.rows("reconciliation", activity="0101", measure="FACTOR").to_dict("records")
    assert (factor["obs_value"], factor["obs_status"]) == (pytest.approx(float("nan"), nan_ok=True), "M")
    assert list(factor["rests_on"]) == [f"VA|all|2021|{FUTIAN}|0101|_T"]
    assert tables.value("reconciliation", activity="0101", measure="ESTIMATE") == estimate


def test_an_interval_that_nobody_knows_says_nothing_about_the_control(analysed: Analysed) -> None:
    tables = analysed(
        leaves=[leaf(2021, SOFTWARE, 100 * YI)],
        uncertainty_bases=[BASES[0] | {"rate_variance": None}],
        control_totals=[control(2021, "DE", 105 * YI)],
    )
    [inside] = tables.rows("reconciliation", measure="INSIDE_INTERVAL").to_dict("records")
    assert (inside["obs_value"], inside["obs_status"]) == (pytest.approx(float("nan"), nan_ok=True), "M")
