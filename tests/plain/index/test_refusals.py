"""keli index: what is refused, and where the message points."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from tests.plain.index.conftest import FLAT, TABLE, Run
from typer.testing import CliRunner

from keli.base.errors import ConfigurationError, KeliError, SourceError
from keli.model.catalogue import Catalogue
from keli.plain.index.index import make_index
from keli.plain.verbs.index import index

TREE = """unit: code
index:
  name: de
  parts:
    - {indicator: a%s}
    - {indicator: b%s}
"""


def refused(run: Run, spec: str, table: str = TABLE) -> KeliError:
    with pytest.raises(KeliError) as caught:
        run(spec, table)
    return caught.value


@pytest.mark.parametrize(
    ("spec", "line", "told"),
    [
        (TREE % ("", "") + "normalization: {method: minmax}\n", 7, 'Did you mean "normalisation"?'),
        (TREE % ("", "") + "normalisation: {method: maxmin}\n", 7, "none of none, minmax"),
        (TREE % ("", "") + "normalisation: {method: rank, range: [0, 1]}\n", 7, "not an option of rank"),
        (TREE % ("", "") + "normalisation: {method: minmax, range: [1, 0]}\n", 7, "goes from 1 to 0"),
        (TREE % ("", "") + "normalisation: {method: base_100}\n", 7, "needs more"),
        (TREE % ("", "") + "normalisation: {method: base_100, base_period: 2019}\n", 7, "needs more"),
        (TREE % ("", "") + "imputation: {method: group_mean}\n", 7, "needs more"),
        (TREE % ("", "") + "treatment: {method: transform}\n", 7, "needs more"),
        (TREE % ("", "") + "weights: {method: ahp, matrix: [[1, 2], [0.5, 1]]}\n", 7, "belong to the branch"),
        (TREE % ("", "") + "frontier: {period: 2019}\n", 7, "no column of periods"),
        (TREE % (", weight: 0.5", ", weight: 0.4"), 3, "add up to 0.9, not to 1"),
        (TREE % (", weight: 0.5", ", weight: 0.5") + "weights: {method: entropy}\n", 3, "made by entropy"),
        (TREE.replace("name: de", "name: de\n  weight: 1") % ("", ""), 3, "nothing above it"),
        (TREE % (", weight: 1", ""), 3, '"b" of "de" has no weight'),
        (TREE % (", colour: red", ""), 5, "not a key here"),
        (TREE.replace("{indicator: b%s}", "{indicator: a}") % "", 6, "stands twice"),
        (TREE % ("", "") + "normalisation: {method: distance_to_target}\n", 5, '"a" has no target'),
        (TREE % (", target: 5", ", target: 99") + "normalisation: {method: distance_to_target}\n", 5, "not better"),
        (TREE % (", worst: 1", ", best: 2") + "normalisation: {method: distance_to_frontier}\n", 5, "has no best"),
        (
            TREE % (", worst: 9, best: 2", ", worst: 1, best: 2") + "normalisation: {method: distance_to_frontier}\n",
            5,
            "do not agree",
        ),
        (TREE % (", ideal: 5", "") + "normalisation: {method: share_of_maximum}\n", 5, "ideal"),
        (TREE % ("", "") + "screening: {keep: [Z9]}\n", 7, '"Z9" is not a unit'),
        (TREE % ("", "") + "frontier: {report: no.json}\n", 7, "no report"),
        (TREE.replace("name: de", "name: rank") % ("", ""), 3, "name of a column of the result"),
        (TREE % ("", "") + "normalisation: {method: base_100, base_unit: Z9}\n", 7, "has no base"),
    ],
)
def test_a_spec_that_is_not_right(run: Run, spec: str, line: int, told: str) -> None:
    problem = refused(run, spec)
    assert isinstance(problem, ConfigurationError)
    assert told in str(problem)
    assert problem.where is not None
    assert (Path(problem.where.file).name, problem.where.row) == ("spec.yaml", line)


def test_comparisons_without_a_matrix(run: Run) -> None:
    spec = TREE.replace("name: de", "name: de\n  weights: {method: ahp}") % ("", "")
    assert "ahp needs more" in str(refused(run, spec))


def test_parts_that_do_not_vary_have_no_weights_to_learn(run: Run) -> None:
    """Left is a + b = 1 for every unit: half of each is one half everywhere."""
    table = "code,a,b,c\nX1,0,1,5\nX2,1,0,6\nX3,0.5,0.5,9\n"
    parts = "parts: [{name: left, weights: {method: equal}, parts: [{indicator: a}, {indicator: b}]}, {indicator: c}]"
    spec = f"unit: code\nindex: {{name: de, {parts}}}\nweights: {{method: critic}}\n"
    assert "one score for all units" in str(refused(run, spec, table))


def test_no_weight_is_left(run: Run) -> None:
    """Without the only part that has a weight the branch has no score."""
    spec = TREE % (", weight: 1", ", weight: 0") + "remove_one: true\n"
    assert "no part has a weight" in str(refused(run, spec))


@pytest.mark.parametrize(
    ("matrix", "told"),
    [
        ("[[1, 2, 3], [1, 1, 1], [1, 1, 1]]", "compares 3 parts, the branch has 2"),
        ("[[1, 2], [2]]", "another number of entries"),
        ("[[1, 2], [2, 1]]", "is not 1"),
        ('[[1, "2/0"], [2, 1]]', "2/0|Fraction"),
    ],
)
def test_comparisons_that_are_not_right(run: Run, matrix: str, told: str) -> None:
    spec = TREE.replace("name: de", f"name: de\n  weights: {{method: ahp, matrix: {matrix}}}") % ("", "")
    with pytest.raises(ConfigurationError, match=told):
        run(spec)


@pytest.mark.parametrize(
    ("addition", "told"),
    [
        ("normalisation: {method: rank}\n", "rank compares with all rows"),
        ("aggregation: {method: topsis}\n", "topsis compares with all rows"),
        ("weights: {method: benefit_of_doubt}\n", "benefit_of_doubt compares with all rows"),
    ],
)
def test_what_cannot_be_frozen(run: Run, addition: str, told: str) -> None:
    spec = f"period: year\n{TREE % ('', '')}frontier: {{period: 2019}}\n{addition}"
    assert told in str(refused(run, spec))


def test_a_base_period_that_is_not_there(run: Run) -> None:
    table = "code,year,a,b\nX1,2019,1,2\nX2,2019,2,1\nX3,2019,3,3\n"
    problem = refused(run, f"period: year\n{TREE % ('', '')}frontier: {{period: 2018}}\n", table)
    assert "The periods are: 2019" in str(problem)


def test_a_report_of_another_tree(run: Run, tmp_path: Path) -> None:
    (tmp_path / "earlier.json").write_text(json.dumps({"frozen": [{"reference": {}}]}), encoding="utf-8")
    assert "'a'" in str(refused(run, TREE % ("", "") + "frontier: {report: earlier.json}\n"))


@pytest.mark.parametrize(
    ("table", "row", "column", "told"),
    [
        ("", None, None, "empty"),
        ("code,a,b\n", 2, None, "no rows"),
        ("code,a,d\nX1,1,2\nX2,2,1\nX3,3,3\n", 1, None, 'no column "b"'),
        ("code,a,b\nX1,1,2\nX2,many,1\nX3,3,3\n", 3, "a", '"many" is not a number'),
        ("code,a,b\nX1,1,2\nX2,1e999,1\nX3,3,3\n", 3, "a", "not a number"),
        ("code,a,b\nX1,1,2\nX1,2,1\nX3,3,3\n", 3, "code", "stands twice, first in row 2"),
        ("code,a,b\nX1,1,2\n,2,1\nX3,3,3\n", 3, "code", "names no unit"),
        ("code,a,b\nX1,1,2\nX2,2,1\n", None, None, "2 units to score; an index compares 3"),
        ("code,a,b\nX1,1,7\nX2,2,7\nX3,3,7\n", None, "b", "one value in all 3 rows"),
        ("code,a,b\nX1,1,\nX2,2,\nX3,3,\n", None, "b", "no value in any row"),
    ],
)
def test_data_that_are_not_right(run: Run, table: str, row: int | None, column: str | None, told: str) -> None:
    problem = refused(run, TREE % ("", ""), table)
    assert isinstance(problem, SourceError)
    assert told in str(problem)
    assert problem.where is not None
    assert (Path(problem.where.file).name, problem.where.row, problem.where.column) == ("data.csv", row, column)


@pytest.mark.parametrize(("cell", "told"), [("", "has no value"), ("0", "is 0")])
def test_a_denominator_that_is_missing_or_zero(run: Run, cell: str, told: str) -> None:
    table = f"code,a,b,pop\nX1,1,2,5\nX2,2,1,{cell}\nX3,3,3,5\n"
    problem = refused(run, TREE % (", denominator: pop", ""), table)
    assert told in str(problem)
    assert problem.where is not None
    assert (problem.where.row, problem.where.column) == (3, "pop")


def test_a_denominator_that_is_no_column_is_found_in_the_spec(run: Run) -> None:
    problem = refused(run, TREE % (", denominator: people", ""))
    assert "spec.yaml:5" in str(problem)


def test_zero_under_a_geometric_mean_names_the_unit(run: Run) -> None:
    problem = refused(run, TREE % ("", "") + "aggregation: {method: geometric}\n")
    assert "a of X1: 0" in str(problem)
    assert "range: [1, 100]" in str(problem)


def test_a_logarithm_of_zero_names_the_indicator(run: Run) -> None:
    rows = "".join(f"X{number},{number},{number % 3}\n" for number in range(11))
    spec = TREE % ("", "") + "treatment: {method: transform, then: log}\n"
    problem = refused(run, spec, f"code,a,b\n{rows}X11,100,1\n")
    assert '"a" has outliers and a value of 0' in str(problem)


def test_shares_of_a_value_that_is_not_positive(run: Run) -> None:
    problem = refused(run, TREE % ("", "") + "normalisation: {method: share_of_maximum}\n", TABLE.replace("10,", "0,"))
    assert problem.where is not None
    assert (problem.where.row, problem.where.column) == (2, "a")


def test_a_group_without_a_value(run: Run) -> None:
    table = "code,region,a,b\nX1,n,1,2\nX2,n,2,1\nX3,n,3,5\nX4,s,,3\n"
    spec = f"group: region\n{TREE % ('', '')}imputation: {{method: group_mean}}\n"
    problem = refused(run, spec, table)
    assert "no unit of its group (s)" in str(problem)
    assert problem.where is not None
    assert problem.where.row == 5


def test_em_for_columns_that_are_one(run: Run) -> None:
    table = "code,a,b\nX1,1,2\nX2,2,4\nX3,3,6\nX4,4,\n"
    assert "collinear" in str(refused(run, TREE % ("", "") + "imputation: {method: em}\n", table))


def test_weights_cannot_be_learnt_from_too_few_complete_units(run: Run) -> None:
    table = "code,a,b\nX1,1,\nX2,2,4\nX3,,6\nX4,4,1\n"
    assert "only 2 units" in str(refused(run, TREE % ("", "") + "weights: {method: entropy}\n", table))


def test_a_drawn_choice_is_checked_as_well(run: Run) -> None:
    draw = "uncertainty: {replicates: 2, seed: 1, vary: {weights: [{method: equal}, {method: benefit_of_doubt}]}}\n"
    assert "cannot be drawn" in str(refused(run, TREE % ("", "") + draw))
    given = draw.replace("benefit_of_doubt", "given")
    assert "has no weight" in str(refused(run, TREE % ("", "") + given))


def test_benefit_of_the_doubt_goes_with_the_arithmetic_mean(run: Run) -> None:
    spec = TREE % ("", "") + "weights: {method: benefit_of_doubt}\naggregation: {method: geometric}\n"
    assert "arithmetic mean only" in str(refused(run, spec))


def test_too_few_units_after_screening(run: Run) -> None:
    table = "code,a,b\nX1,1,\nX2,2,\nX3,,3\n"
    assert "0 units to score" in str(refused(run, TREE % ("", "") + "screening: {available: 1}\n", table))
    panel = "code,year,a,b\nX1,2019,1,2\nX2,2019,2,1\nX3,2019,3,3\nX1,2020,1,1\n"
    assert "1 units to score in 2020" in str(refused(run, f"period: year\n{TREE % ('', '')}", panel))


def test_no_unit_with_all_parts(run: Run) -> None:
    assert "No unit has a score" in str(refused(run, TREE % ("", ""), "code,a,b\nX1,1,\nX2,2,\nX3,,3\nX4,,5\n"))


def test_relative_weights_need_not_add_up(run: Run) -> None:
    spec = TREE % (", weight: 3", ", weight: 1") + "weights: {method: given, relative: true}\n"
    assert run(spec).report["frozen"][0]["weights"]["de"] == {"a": 0.75, "b": 0.25}
    assert "add up to 0" in str(refused(run, spec.replace("weight: 3", "weight: 0").replace("weight: 1", "weight: 0")))


def test_one_file_cannot_be_score_and_report(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "d.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(FLAT, encoding="utf-8")
    out = tmp_path / "out"
    with pytest.raises(ConfigurationError, match="same file"):
        make_index(tmp_path / "d.csv", tmp_path / "s.yaml", out, out, catalogue)


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(FLAT, encoding="utf-8")
    out = tmp_path / "out.csv"
    app = typer.Typer()
    app.command()(index)
    result = CliRunner().invoke(app, [str(tmp_path / "d.csv"), "--spec", str(tmp_path / "s.yaml"), "--out", str(out)])
    assert result.exit_code == 0
    assert "4 of 4 rows scored" in result.stderr
    assert out.read_text(encoding="utf-8").startswith("code,de,rank,status,imputed\nX1,0.3333333333333333,4,scored,\n")
