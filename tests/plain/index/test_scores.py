"""keli index: scores, weights and aggregation of a small table, by hand."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from tests.plain.index.conftest import FLAT, TABLE, Run

from keli.plain.index.spec import read_spec

TREE = """unit: code
index:
  name: de
  parts:
    - name: left
      weight: 0.4
      parts: [{indicator: a, direction: 1}, {indicator: b, direction: -1}]
    - {indicator: c, weight: 0.6}
normalisation: {method: minmax, range: [0, 100]}
"""


def test_equal_weights_of_the_worked_table(run: Run) -> None:
    """Columns 0, 1/3, 1, 2/3; 1, 2/3, 1/3, 0; 0, 0.4, 0.2, 1: means 1/3, 1.4/3, 4.6/9, 5/9."""
    made = run()
    assert made.column("de") == pytest.approx([1 / 3, 1.4 / 3, 4.6 / 9, 5 / 9])
    assert [row["rank"] for row in made.rows] == ["4", "3", "2", "1"]
    assert {row["status"] for row in made.rows} == {"scored"}


def test_a_tree_with_given_weights_and_directions(run: Run) -> None:
    """B turned: 0, 1/3, 2/3, 1. left: 0, 1/3, 5/6, 5/6; de = 0.4 left + 0.6 c."""
    made = run(TREE)
    assert made.column("left") == pytest.approx([0, 100 / 3, 250 / 3, 250 / 3])
    assert made.column("de") == pytest.approx([0, 40 / 3 + 24, 100 / 3 + 12, 100 / 3 + 60])
    assert made.report["frozen"][0]["weights"]["de"] == {"left": 0.4, "c": 0.6}


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("entropy", [0.303354, 0.303354, 0.393293]),
        ("critic", [0.285012, 0.424542, 0.290446]),
        ("standard_deviation", [0.332890, 0.332890, 0.334219]),
    ],
)
def test_learnt_weights_of_the_worked_table(run: Run, method: str, expected: list[float]) -> None:
    made = run(f"{FLAT}weights: {{method: {method}}}\n")
    assert list(made.report["frozen"][0]["weights"]["de"].values()) == pytest.approx(expected, abs=1e-6)


def test_learnt_weights_do_not_hang_on_the_scale(run: Run) -> None:
    on_100 = FLAT.replace("[0, 1]", "[1, 100]")
    learnt = [run(f"{spec}weights: {{method: entropy}}\n") for spec in (FLAT, on_100)]
    first, second = (made.report["frozen"][0]["weights"]["de"] for made in learnt)
    assert first == pytest.approx(second)
    scores = run(f"{on_100}weights: {{method: entropy, of: scores}}\n")
    assert scores.report["frozen"][0]["weights"]["de"] != pytest.approx(first, abs=1e-3)


def test_weights_over_all_indicators_are_summed_to_the_pillars(run: Run) -> None:
    """Entropy 0.303354, 0.303354 below left, 0.393293 for c; within left half and half."""
    spec = FLAT.replace(
        "parts: [{indicator: a}, {indicator: b}, {indicator: c}]",
        "parts: [{name: left, parts: [{indicator: a}, {indicator: b}]}, {indicator: c}]",
    )
    made = run(f"{spec}weights: {{method: entropy, over: indicators}}\n")
    weights = made.report["frozen"][0]["weights"]
    assert list(weights["de"].values()) == pytest.approx([0.606707, 0.393293], abs=1e-6)
    assert list(weights["left"].values()) == pytest.approx([0.5, 0.5])


def test_given_pillars_with_learnt_weights_within(run: Run) -> None:
    """The branch says that its weights are given; within left entropy gives half and half."""
    spec = TREE.replace("name: de", "name: de\n  weights: {method: given}") + "weights: {method: entropy}\n"
    weights = run(spec).report["frozen"][0]["weights"]
    assert weights["de"] == {"left": 0.4, "c": 0.6}
    assert list(weights["left"].values()) == pytest.approx([0.5, 0.5])


def test_paired_comparisons_at_their_branch(run: Run) -> None:
    compared = '{name: de, weights: {method: ahp, matrix: [[1, 3, 5], ["1/3", 1, 2], ["1/5", "1/2", 1]]}, '
    made = run(FLAT.replace("{name: de, ", compared))
    weights = made.report["frozen"][0]["weights"]["de"]
    assert list(weights.values()) == pytest.approx([0.648329, 0.229651, 0.122020], abs=1e-6)
    assert made.report["paired_comparisons"]["de"]["consistency_ratio"] == pytest.approx(0.003185, abs=1e-6)


def test_comparisons_that_contradict_each_other_are_told(run: Run) -> None:
    """A over b, b over c, c over a: the ratio is far above a tenth."""
    compared = '{name: de, weights: {method: ahp, matrix: [[1, 5, "1/5"], ["1/5", 1, 5], [5, "1/5", 1]]}, '
    made = run(FLAT.replace("{name: de, ", compared))
    assert any("judge again" in line for line in made.told)


@pytest.mark.parametrize("method", ["pca", "pca_factors"])
def test_weights_from_components_add_up(run: Run, method: str) -> None:
    made = run(f"{FLAT}weights: {{method: {method}}}\n")
    assert sum(made.report["frozen"][0]["weights"]["de"].values()) == pytest.approx(1)


def test_benefit_of_the_doubt(run: Run) -> None:
    """Every unit but X2 is best in some indicator; X2 = (1/3, 2/3, 2/5) is judged against them."""
    made = run(f"{FLAT}weights: {{method: benefit_of_doubt}}\n")
    scores = made.column("de")
    assert [scores[row] for row in (0, 2, 3)] == pytest.approx([1, 1, 1])
    assert scores[1] == pytest.approx(1)  # (1, 1, 1) w reaches the frontier at w = (0.4, 0.87, 0.71)
    assert len(made.report["frozen"][0]["weights"]["de"]["a"]) == 4


def test_benefit_of_the_doubt_with_shares_is_stricter(run: Run) -> None:
    spec = FLAT.replace("[0, 1]", "[1, 2]")
    free = run(f"{spec}weights: {{method: benefit_of_doubt}}\n").column("de")
    bound = run(f"{spec}weights: {{method: benefit_of_doubt, shares: [0.3, 0.4]}}\n").column("de")
    assert all(one >= other - 1e-9 for one, other in zip(free, bound, strict=True))
    assert min(bound) < min(free)


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [
        ("{method: geometric}", 4 ** (1 / 3)),
        ("{method: harmonic}", 3 / (1 + 1 / 2 + 1 / 2)),
        ("{method: arithmetic}", 5 / 3),
    ],
)
def test_means_on_raw_values(run: Run, aggregation: str, expected: float) -> None:
    """1, 2, 2."""
    table = "code,a,b,c\nX1,1,2,2\nX2,2,3,4\nX3,3,1,9\n"
    spec = FLAT.replace("{method: minmax, range: [0, 1]}", "{method: none}")
    assert run(f"{spec}aggregation: {aggregation}\n", table).column("de")[0] == pytest.approx(expected)


def test_topsis_and_copeland(run: Run) -> None:
    """Lengths of the columns of (3, 4), (4, 3), (0, 0) are 5: distances as in the example of two units."""
    table = "code,a,b\nX1,3,4\nX2,4,3\nX3,0,0\n"
    spec = "unit: code\nindex: {name: de, parts: [{indicator: a}, {indicator: b}]}\nnormalisation: {method: none}\n"
    topsis = run(f"{spec}aggregation: {{method: topsis}}\n", table).column("de")
    assert topsis == pytest.approx([1 / (1 + 0.2), 1 / (1 + 0.2), 0])
    flat = run(f"{spec}aggregation: {{method: topsis, length: none}}\n", table).column("de")
    assert flat == pytest.approx([5 / 6, 5 / 6, 0])
    copeland = run(f"{spec}aggregation: {{method: copeland}}\n", table).column("de")
    assert copeland == pytest.approx([1.5, 1.5, 0])
    assert run(f"{spec}aggregation: {{method: copeland, count: wins}}\n", table).column("de") == [1, 1, -2]


def test_a_missing_part_leaves_the_score_empty_unless_it_is_allowed(run: Run) -> None:
    """X1 without c: empty; with two of three parts enough: the mean of 0 and 1."""
    table = TABLE.replace("X1,10,200,3", "X1,10,200,")
    strict = run(FLAT, table)
    assert (strict.rows[0]["de"], strict.rows[0]["rank"], strict.rows[0]["status"]) == ("", "", "incomplete")
    spread = run(f"{FLAT}aggregation: {{method: arithmetic, available: 0.66}}\n", table)
    assert spread.column("de")[0] == pytest.approx(0.5)
    for method in ("topsis", "copeland"):
        assert math.isnan(run(f"{FLAT}aggregation: {{method: {method}}}\n", table).column("de")[0])


def test_a_branch_may_choose_for_itself(run: Run) -> None:
    spec = FLAT.replace("[0, 1]", "[1, 2]").replace("{name: de, ", "{name: de, aggregation: {method: geometric}, ")
    made = run(spec)
    assert made.column("de")[0] == pytest.approx(2 ** (1 / 3))


def test_denominators_and_factors(run: Run) -> None:
    """9,499 charging points on 78.66 square kilometres: 120.8 each."""
    table = "code,points,area,c\nX1,9499,78.66,1\nX2,100,10,2\nX3,100,20,3\n"
    spec = """unit: code
index: {name: de, parts: [{indicator: points, denominator: area}, {indicator: c, factor: 10}]}
normalisation: {method: none}
"""
    treated = run(spec, table).report["treated"]
    assert treated["points"] == pytest.approx([120.7602, 10, 5], abs=1e-4)
    assert treated["c"] == [10, 20, 30]


def test_alpha_and_correlations_are_reported(run: Run) -> None:
    """A and b of the worked table: columns 0, 1/3, 1, 2/3 and 1, 2/3, 1/3, 0 have r = -0.8."""
    report = run().report
    assert report["correlations"]["pearson"]["a"]["b"] == pytest.approx(-0.8)
    assert report["correlations"]["spearman"]["a"]["b"] == pytest.approx(-0.8)
    assert set(report["correlations"]["with_scores"]["a"]) == {"de"}
    assert report["cronbach_alpha"]["by_branch"]["de"] == pytest.approx(report["cronbach_alpha"]["indicators"])


def test_indicators_that_say_the_same_are_named(run: Run) -> None:
    table = "code,a,b,c\nX1,1,2,9\nX2,2,4,1\nX3,3,6.1,5\n"
    [[one, other, r]] = run(FLAT, table).report["correlations"]["same"]
    assert (one, other) == ("a", "b")
    assert r > 0.95


def test_the_examples_of_the_manual_are_read(tmp_path: Path) -> None:
    """The SPEC of the page as a whole, and every choice of its table."""
    page = (Path(__file__).resolve().parents[3] / "docs" / "methods" / "composite_index.md").read_text(encoding="utf-8")
    [whole] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "spec.yaml"
    path.write_text(whole, encoding="utf-8")
    assert [indicator.column for indicator in read_spec(path).indicators] == [
        "stations", "outages", "core_share", "debt_ratio"
    ]  # fmt: skip
    steps = "screening|imputation|treatment|normalisation|weights|aggregation|frontier|uncertainty|remove_one"
    choices = re.findall(rf"`((?:{steps}): [^`]*)`", page)
    assert len(choices) > 20
    for choice in choices:
        base = "unit: code\nperiod: year\ngroup: region\nindex: {name: de, parts: [{indicator: a}, {indicator: b}]}\n"
        at_branch = base.replace("{name: de, ", "{name: de, " + choice + ", ") if "ahp" in choice else base + choice
        path.write_text(at_branch, encoding="utf-8")
        read_spec(path)
