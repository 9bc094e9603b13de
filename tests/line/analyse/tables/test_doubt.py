"""The range if judged shares move, and the growth of the estimate with its interval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.line.analyse.conftest import FUTIAN, LIANHUA, NANYUAN, SOFTWARE, YI, Tables, control, leaf, yuan

Analysed = Callable[..., Tables]
ADVERTISING = "040703"
DISTRICT: dict[str, Any] = {"ref_area": FUTIAN, "activity": "DE", "time_period": "2021"}
LEAVES = [
    leaf(2021, SOFTWARE, 300 * YI),
    leaf(2021, ADVERTISING, 100 * YI, gbt_code="7320", split_evidence="census", area=NANYUAN),
]


def move(measure: str, value: float, *contributions: float, **changes: Any) -> dict[str, Any]:
    """One leaf of judged shares: what value added loses or gains, in yuan."""
    amounts = sorted((abs(amount) for amount in (contributions or (value,))), reverse=True)
    row = {
        "period": 2021, "activity": ADVERTISING, "gbt_code": "7320", "measure": measure, "value": yuan(value),
        "absolute": yuan(sum(amounts)), "units": len(amounts), "x1": yuan(amounts[0]),
        "x2": yuan(amounts[1]) if len(amounts) > 1 else None,
    }  # fmt: skip
    return row | changes


def basis(**changes: Any) -> dict[str, Any]:
    row = {
        "period": 2021, "area": LIANHUA, "activity": SOFTWARE, "gbt_code": "6511", "rate_cell": "651",
        "rate_variance": 0.0, "residual_variance": 0.04, "estimated_revenue": 100.0 * YI,
        "estimated_revenue_squares": 2500.0 * YI**2, "split_value_added": 0.0,
    }  # fmt: skip
    return row | changes


def test_range_of_class_and_parents_by_hand(analysed: Analysed) -> None:
    """100 of advertising on judged shares loses 20 or gains 10: 380 to 410 for the core, where 300 are sure."""
    tables = analysed(leaves=LEAVES, split_moves=[move("SPLIT_DOWN", 20 * YI), move("SPLIT_UP", 10 * YI)])
    for activity, low, high in (("DE", 380, 410), ("04", 80, 110), (ADVERTISING, 80, 110), ("03", 300, 300)):
        place = {"ref_area": FUTIAN, "activity": activity}
        assert tables.value("value_added", measure="VA_SPLIT_LOW", **place) == pytest.approx(low)
        assert tables.value("value_added", measure="VA_SPLIT_HIGH", **place) == pytest.approx(high)
    ranges = tables.rows("value_added", measure="VA_SPLIT_LOW")
    assert (set(ranges["ref_area"]), set(ranges["activity"])) == ({FUTIAN}, {"DE", "03", "04", ADVERTISING})
    assert set(ranges["obs_status"]) == {"E"}


def test_losses_turn_the_range_round(analysed: Analysed) -> None:
    """A loss of 10 on judged shares: smaller shares make the total larger."""
    tables = analysed(leaves=LEAVES, split_moves=[move("SPLIT_DOWN", -3 * YI), move("SPLIT_UP", -1 * YI)])
    bounds = [tables.value("value_added", measure=f"VA_SPLIT_{end}", **DISTRICT) for end in ("LOW", "HIGH")]
    assert bounds == pytest.approx([399, 403])


def test_the_range_rests_on_the_moves_and_on_what_the_estimate_rests_on(analysed: Analysed) -> None:
    """Beside the estimate the range tells what the judged units add up to: it is withheld where they are few."""
    tables = analysed(
        leaves=LEAVES,
        split_moves=[move("SPLIT_DOWN", 20 * YI, 15 * YI, 5 * YI), move("SPLIT_UP", 10 * YI)],
        control_totals=[control(2021, "04", 90 * YI)],
    )
    cells = {
        f"VA|all|2021|{FUTIAN}|{ADVERTISING}|_T", f"VA|all|2021|{FUTIAN}|04|_T",
        f"SPLIT_DOWN|all|2021|{FUTIAN}|{ADVERTISING}|_T", f"SPLIT_UP|all|2021|{FUTIAN}|{ADVERTISING}|_T",
    }  # fmt: skip
    for end in ("LOW", "HIGH"):
        [rests_on] = tables.rows("value_added", measure=f"VA_SPLIT_{end}", activity=ADVERTISING)["rests_on"]
        assert set(rests_on) == cells
    [sure] = tables.rows("value_added", measure="VA_SPLIT_LOW", activity="03")["rests_on"]
    assert list(sure) == [f"VA|all|2021|{FUTIAN}|03|_T"]
    cell = tables.cell(f"SPLIT_DOWN|all|2021|{FUTIAN}|DE|_T")
    assert [cell[name] / YI for name in ("value", "x1", "x2", "absolute")] == [20, 15, 5, 20]
    assert cell["holders"] == 2


def test_a_holder_in_two_classes_moves_as_one(analysed: Analysed) -> None:
    tables = analysed(
        leaves=LEAVES,
        split_moves=[move("SPLIT_DOWN", 8 * YI, units=0, x1=None), move("SPLIT_DOWN", 4 * YI, activity="030304")],
        split_movers=[
            {"period": 2021, "activity": activity, "gbt_code": "6429", "holder_id": 9, "measure": "SPLIT_DOWN",
             "value": yuan(value * YI)}
            for activity, value in ((ADVERTISING, 8), ("030304", 4))
        ],
    )  # fmt: skip
    cell = tables.cell(f"SPLIT_DOWN|all|2021|{FUTIAN}|DE|_T")
    assert (cell["value"], cell["x1"]) == (12 * YI, 12 * YI)


def test_growth_of_the_estimate_with_its_interval_by_hand(analysed: Analysed) -> None:
    """120 over 100: v = 100 and 100; rho 0.5, products 2,000, c 0.2 and 0.2: cov 40.

    v(g) = (100 + 1.44 * 100 - 2 * 1.2 * 40) / 100^2 = 0.0148.
    """
    change = {
        "period": 2021, "area": LIANHUA, "activity": SOFTWARE, "gbt_code": "6511", "gbt_code_previous": "6511",
        "revenue_products": 2000.0 * YI**2, "residual_variance": 0.04, "residual_variance_previous": 0.04,
    }  # fmt: skip
    tables = analysed(
        leaves=[leaf(2021, SOFTWARE, 120 * YI), leaf(2020, SOFTWARE, 100 * YI)],
        uncertainty_bases=[basis(), basis(period=2020)],
        change_bases=[change],
        residual_sums=[{"period": 2021, "units": 9, "products": 1.0, "squares": 2.0, "squares_previous": 2.0}],
        control_totals=[control(2021, "DE", 150 * YI)],
    )
    margin = 1.96 * 100 * 0.0148**0.5
    place = {"ref_area": FUTIAN, "activity": "03"}
    assert tables.value("value_added", measure="GROWTH_LOWER", **place) == pytest.approx(20 - margin)
    assert tables.value("value_added", measure="GROWTH_UPPER", **place) == pytest.approx(20 + margin)
    for area in (FUTIAN, LIANHUA):
        assert tables.value("value_added", measure="GROWTH_UNBENCHMARKED", ref_area=area, activity="03") == (
            pytest.approx(20)
        )
    assert len(tables.rows("value_added", measure="GROWTH_LOWER", ref_area=LIANHUA)) == 0
    [row] = tables.rows("value_added", measure="GROWTH_LOWER", ref_area=FUTIAN, activity="DE").to_dict("records")
    assert (row["price_base"], row["base_period"], row["unit_measure"]) == ("V", "2020", "PCT")
    assert set(row["rests_on"]) == {f"VA|all|{year}|{FUTIAN}|DE|_T" for year in (2020, 2021)}
    [lower] = tables.rows("value_added", measure="GROWTH_UNBENCHMARKED", ref_area=LIANHUA, activity="03")["rests_on"]
    assert f"VA|all|2021|{FUTIAN}|DE|_T" in list(lower)


def test_reported_totals_have_no_error_in_their_growth(analysed: Analysed) -> None:
    tables = analysed(leaves=[leaf(2021, SOFTWARE, 120 * YI), leaf(2020, SOFTWARE, 100 * YI)])
    bounds = [tables.value("value_added", measure=f"GROWTH_{end}", **DISTRICT) for end in ("LOWER", "UPPER")]
    assert bounds == pytest.approx([20, 20])


def test_growth_over_an_estimate_that_is_not_positive_stands_as_missing(analysed: Analysed) -> None:
    tables = analysed(leaves=[leaf(2021, SOFTWARE, 120 * YI), leaf(2020, SOFTWARE, -5.0 * YI)])
    rows = tables.rows("value_added", **DISTRICT)
    rows = rows[rows["measure"].isin(["GROWTH_UNBENCHMARKED", "GROWTH_LOWER", "GROWTH_UPPER"])]
    assert rows["obs_status"].tolist() == ["M"] * 3
    assert rows["obs_value"].isna().all()
