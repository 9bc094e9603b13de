"""keli index: screening, imputation, outliers, normalisation and periods of small tables, by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from tests.plain.index.conftest import FLAT, TABLE, Run

ONE = "unit: code\nindex: {name: de, parts: [{indicator: a%s}]}\n"
GROUPS = "code,region,a,b\nX1,n,1,1\nX2,n,3,2\nX3,n,NA,3\nX4,s,10,4\nX5,s,,7\n"
PANEL = "code,year,a\nX1,2019,0\nX2,2019,10\nX3,2019,5\nX1,2020,5\nX2,2020,20\nX3,2020,8\n"


def test_screening_drops_units_and_says_so(run: Run) -> None:
    table = TABLE + "X5,,,7\nX6,1,1,1\nX7,,,9\n"
    made = run(f"{FLAT}screening: {{available: 0.6, keep: [X7], drop: [X6]}}\nimputation: {{method: mean}}\n", table)
    assert [row["status"] for row in made.rows] == ["scored"] * 4 + ["screened", "screened", "scored"]
    assert made.rows[4]["de"] == ""
    assert made.rows[6]["imputed"] == "a;b"


@pytest.mark.parametrize(
    ("method", "third", "fifth"), [("mean", 14 / 3, 14 / 3), ("median", 3, 3), ("group_mean", 2, 10)]
)
def test_imputation_is_flagged(run: Run, method: str, third: float, fifth: float) -> None:
    """1, 3, missing in n; 10, missing in s."""
    spec = "unit: code\ngroup: region\nindex: {name: de, parts: [{indicator: a}, {indicator: b}]}\n"
    made = run(f"{spec}imputation: {{method: {method}}}\n", GROUPS)
    assert [row["imputed"] for row in made.rows] == ["", "", "a", "", "a"]
    assert [cell["value"] for cell in made.report["imputed"]] == pytest.approx([third, fifth])
    assert made.report["treated"]["a"] == pytest.approx([1, 3, third, 10, fifth])


def test_imputation_by_em(run: Run) -> None:
    """The complete rows lie on a line but for 1: x 1, 2, 3 with y 1, 4, 4 give y = 1.5 x."""
    table = "code,a,b\nX1,1,1\nX2,2,4\nX3,3,4\nX4,4,\nX5,6,\n"
    spec = "unit: code\nindex: {name: de, parts: [{indicator: a}, {indicator: b}]}\nimputation: {method: em}\n"
    assert run(spec, table).report["treated"]["b"][3:] == pytest.approx([6, 9], abs=1e-6)
    assert run(spec, "code,a,b\nX1,1,1\nX2,2,4\nX3,3,4\n").report["imputed"] == []


def test_treatment_of_outliers_is_told(run: Run) -> None:
    """1 to 10 and 100: skewness 3.2, one value drawn in to 10; b stays."""
    rows = "".join(f"X{number},{number},{1000 if number == 10 else number}\n" for number in range(1, 11))
    spec = "unit: code\nindex: {name: de, parts: [{indicator: a}, {indicator: b, treat: false}]}\n"
    made = run(f"{spec}treatment: {{method: winsorise}}\n", f"code,a,b\n{rows}X11,100,11\n")
    assert made.report["treated"]["a"][-1] == 10
    assert made.report["treated"]["b"][9] == 1000
    [told] = made.report["treatment"]
    assert (told["indicator"], told["steps"], told["drawn_in_high"], told["passes"]) == ("a", ["winsorised"], 1, True)
    assert told["skewness_before"] > 2 > told["skewness_after"]
    assert "treated for outliers: a" in made.told


def test_what_is_still_an_outlier_is_told(run: Run) -> None:
    rows = "".join(f"X{number},{number}\n" for number in range(1, 11))
    table = f"code,a\n{rows}X11,1000\nX12,2000000\nX13,3\nX14,4\n"
    made = run(ONE % "" + "treatment: {method: winsorise, points: 1}\n", table)
    assert "still with outliers: a" in made.told
    logged = run(ONE % "" + "treatment: {method: transform, then: box_cox, lambda: 0}\n", table)
    assert logged.report["treated"]["a"][0] == 0
    assert logged.report["treatment"][0]["lambda"] == 0


@pytest.mark.parametrize(
    ("terms", "normalisation", "expected"),
    [
        ("", "{method: minmax}", [0, 50, 100]),
        ("", "{method: minmax, range: [1, 100]}", [1, 50.5, 100]),
        (", direction: -1", "{method: minmax}", [100, 50, 0]),
        (", ideal: 20", "{method: minmax}", [0, 100, 0]),
        ("", "{method: zscore}", [-1, 0, 1]),
        ("", "{method: zscore, mean: 50, deviation: 10, divisor: population}", [37.7526, 50, 62.2474]),
        ("", "{method: rank}", [1, 2, 3]),
        (", direction: -1", "{method: rank, ties: average}", [3, 2, 1]),
        ("", "{method: percentile}", [0, 0.5, 1]),
        ("", "{method: borda}", [0, 1, 2]),
        (", target: 25", "{method: distance_to_target}", [0, 2 / 3, 4 / 3]),
        (", target: 25", "{method: distance_to_target, clip: true}", [0, 2 / 3, 1]),
        (", direction: -1, target: 10", "{method: distance_to_target}", [1, 0.5, 0]),
        (", worst: 0, best: 25", "{method: distance_to_frontier}", [40, 80, 100]),
        (", direction: -1, worst: 60, best: 5", "{method: distance_to_frontier}", [90.9091, 72.7273, 54.5455]),
        ("", "{method: distance_to_maximum}", [0, 0.5, 1]),
        ("", "{method: share_of_maximum}", [1 / 3, 2 / 3, 1]),
        (", direction: -1", "{method: share_of_maximum}", [1, 0.5, 1 / 3]),
        ("", "{method: base_100, base_unit: X2}", [50, 100, 150]),
        ("", "{method: none}", [10, 20, 30]),
    ],
)
def test_every_normalisation_of_10_20_30(run: Run, terms: str, normalisation: str, expected: list[float]) -> None:
    table = "code,a\nX1,10\nX2,20\nX3,30\n"
    made = run(f"{ONE % terms}normalisation: {normalisation}\n", table)
    assert made.column("de") == pytest.approx(expected, abs=1e-4)


def test_periods_together_each_and_against_a_base(run: Run) -> None:
    """0, 10, 5 in 2019; 5, 20, 8 in 2020. Pooled: of 20; each: of 10 and of 15; base 2019: of 10."""
    spec = f"period: year\n{ONE % ''}"
    pooled = run(spec, PANEL)
    assert pooled.column("de") == pytest.approx([0, 50, 25, 25, 100, 40])
    assert [row["rank"] for row in pooled.rows] == ["3", "1", "2", "3", "1", "2"]
    each = run(f"{spec}frontier: {{rows: each}}\n", PANEL)
    assert each.column("de") == pytest.approx([0, 100, 50, 0, 100, 20])
    assert [block["period"] for block in each.report["frozen"]] == ["2019", "2020"]
    frozen = run(f"{spec}frontier: {{period: 2019}}\n", PANEL)
    assert frozen.column("de") == pytest.approx([0, 100, 50, 50, 200, 80])
    clipped = run(f"{spec}frontier: {{period: 2019}}\nnormalisation: {{method: minmax, clip: true}}\n", PANEL)
    assert clipped.column("de") == pytest.approx([0, 100, 50, 50, 100, 80])


def test_a_base_period_is_100(run: Run) -> None:
    """The published index 2013 = 1000, 2021 = 5610.60 stands at 561.06 of 100."""
    table = "code,year,a\nX1,2013,1000\nX2,2013,10\nX3,2013,20\nX1,2021,5610.60\nX2,2021,20\nX3,2021,10\n"
    made = run(f"period: year\n{ONE % ''}normalisation: {{method: base_100, base_period: 2013}}\n", table)
    assert made.column("de") == pytest.approx([100, 100, 100, 561.06, 200, 50])


def test_an_index_against_an_earlier_report(run: Run, tmp_path: Path) -> None:
    """Entropy weights and reference of the first four units are taken for others, also where these are few."""
    first = run(f"{FLAT}weights: {{method: entropy}}\n")
    (tmp_path / "earlier.json").write_text(json.dumps(first.report), encoding="utf-8")
    later = "code,a,b,c\nY1,40,200,8\nY2,70,50,3\nY3,10,50,3\n"
    made = run(f"{FLAT}weights: {{method: entropy}}\nfrontier: {{report: earlier.json}}\n", later)
    assert made.column("de") == pytest.approx([1, 2 * 0.303354, 0], abs=1e-6)
    assert made.report["frozen"][0]["weights"] == first.report["frozen"][0]["weights"]


def test_learnt_weights_of_pillars_move_with_the_weights_below(run: Run) -> None:
    """The upper weights are learnt anew where the pillar changes; one part alone has all the weight."""
    parts = "parts: [{name: left, parts: [{indicator: a}, {indicator: b}]}, {name: right, parts: [{indicator: c}]}]"
    spec = f"unit: code\nindex: {{name: de, {parts}}}\nweights: {{method: entropy}}\n"
    made = run(f"{spec}uncertainty: {{replicates: 8, seed: 3, vary: {{weight_noise: 0.5}}}}\n")
    assert made.report["frozen"][0]["weights"]["right"] == {"c": 1}
    assert len(made.report["uncertainty"]["places"]["low"]) == 4


def test_a_share_of_one_period_each(run: Run) -> None:
    made = run(
        f"period: year\n{ONE % ''}normalisation: {{method: base_100, base_unit: X3}}\n", PANEL.replace(",0\n", ",1\n")
    )
    assert made.column("de") == pytest.approx([20, 200, 100, 62.5, 250, 100])


def test_removing_each_part(run: Run) -> None:
    """Without c the worked table scores 0.5, 0.5, 2/3, 1/3."""
    made = run(f"{FLAT}remove_one: true\n")
    removed = {row["part"]: row for row in made.report["remove_one"]}
    assert set(removed) == {"a", "b", "c"}
    assert removed["c"]["places"] == [2, 2, 1, 4]
    assert removed["c"]["mean_shift"] == pytest.approx((2 + 1 + 1 + 3) / 4)
    assert removed["c"]["largest_shift"] == 3


def test_removing_a_pillar_with_paired_comparisons(run: Run) -> None:
    """Of weights 3/4 and 1/4 the one that is left is 1."""
    spec = """unit: code
index:
  name: de
  weights: {method: ahp, matrix: [[1, 3], ["1/3", 1]]}
  parts:
    - {name: left, parts: [{indicator: a}, {indicator: b}]}
    - {indicator: c}
remove_one: true
"""
    removed = {row["part"]: row for row in run(spec).report["remove_one"]}
    assert removed["left"]["places"] == [4, 2, 3, 1]


def test_the_only_indicator_cannot_be_removed(run: Run) -> None:
    assert run(f"{ONE % ''}remove_one: true\n").report["remove_one"] == []


UNCERTAIN = """uncertainty:
  replicates: 64
  seed: 7
  interval: [0, 100]
  sensitivity: true
  vary:
    weights: [{method: equal}, {method: entropy}]
    aggregation: [{method: arithmetic}, {method: topsis, length: none}]
    weight_noise: 0.5
"""


def test_intervals_of_places(run: Run) -> None:
    made, again = run(FLAT + UNCERTAIN), run(FLAT + UNCERTAIN)
    assert (made.rows, made.report) == (again.rows, again.report)
    for row in made.rows:
        assert 1 <= float(row["rank_low"]) <= float(row["rank_median"]) <= float(row["rank_high"]) <= 4
    assert any(row["rank_low"] != row["rank_high"] for row in made.rows)
    told = made.report["uncertainty"]
    assert told["factors"] == ["weights", "aggregation", "weight_noise"]
    assert set(told["sensitivity"]["total"]) == set(told["factors"])
    assert math.isclose(sum(told["places"]["mean"]), 10, abs_tol=0.5)


def test_the_intervals_do_not_hang_on_the_sensitivity(run: Run) -> None:
    alone = run(FLAT + UNCERTAIN.replace("  sensitivity: true\n", ""))
    assert alone.rows == run(FLAT + UNCERTAIN).rows
    assert "sensitivity" not in alone.report["uncertainty"]


def test_choices_that_change_nothing_have_no_effect(run: Run) -> None:
    """Order is the same at 0-1 and at 0-100: no place moves, no variance."""
    spec = (
        FLAT
        + """uncertainty:
  replicates: 8
  seed: 1
  sensitivity: true
  vary:
    normalisation: [{method: minmax}, {method: minmax, range: [0, 1]}]
    treatment: [{method: winsorise}, {method: none}]
"""
    )
    report = run(spec).report
    told = report["uncertainty"]
    assert report["treatment"] == []
    assert told["mean_shift"] == 0
    assert told["sensitivity"]["total"] == {"treatment": 0, "normalisation": 0}
