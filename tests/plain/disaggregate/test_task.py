"""keli disaggregate on plain files: all methods, extrapolation, what is told, what is refused."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from keli.base.errors import ConfigurationError, KeliError, SourceError
from keli.cli import loaded
from keli.methods.disaggregation.conversion import conversion_matrix
from keli.methods.disaggregation.regression import regressed
from keli.methods.disaggregation.shocks import autoregressive
from keli.plain.disaggregate.task import (
    METHODS,
    DisaggregateTask,
    disaggregate_file,
    told_of_disaggregation,
)

YEARS = {"2001": 420.0, "2002": 447.0, "2003": 501.0, "2004": 488.0, "2005": 530.0, "2006": 561.0}
# Quarters from the third of 2000 to the second of 2007: two before the years, two after.
QUARTERS = [f"{2000 + place // 4}-Q{place % 4 + 1}" for place in range(2, 30)]
FIRST = [float(95 + place + 7 * (place % 4) + 3 * (place % 5)) for place in range(28)]
SECOND = [float(60 + 11 * (place % 3) + place) for place in range(28)]


def written(path: Path, times: list[str], values: list[float]) -> Path:
    rows = [f"{time},{value}" for time, value in zip(times, values, strict=True)]
    path.write_text("\n".join(["time,value", *rows, ""]), encoding="utf-8")
    return path


def read(path: Path) -> dict[str, float]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["time"]: float(row["value"]) for row in csv.DictReader(file)}


def sums(quarters: dict[str, float]) -> dict[str, float]:
    return {year: sum(value for time, value in quarters.items() if time.startswith(year)) for year in YEARS}


@pytest.fixture
def task(tmp_path: Path) -> DisaggregateTask:
    low = written(tmp_path / "years.csv", list(YEARS), list(YEARS.values()))
    high = written(tmp_path / "quarters.csv", QUARTERS, FIRST)
    return DisaggregateTask(low, tmp_path / "out.csv", "denton-cholette", (high,))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_covers_the_indicator_and_adds_up(task: DisaggregateTask, method: str) -> None:
    done = disaggregate_file(dataclasses.replace(task, method=method))
    found = read(task.out)
    assert list(found) == QUARTERS
    assert sums(found) == pytest.approx(YEARS, rel=1e-10)
    assert (done.long_periods, done.short_periods, done.outside) == (6, 28, (2, 2))
    first = task.out.read_bytes()
    disaggregate_file(dataclasses.replace(task, method=method))
    assert task.out.read_bytes() == first


@pytest.mark.parametrize("method", METHODS)
def test_every_method_without_an_indicator(task: DisaggregateTask, method: str) -> None:
    disaggregate_file(dataclasses.replace(task, method=method, high=(), to="m"))
    found = read(task.out)
    assert list(found)[:2] == ["2001-01", "2001-02"]
    assert len(found) == 72
    assert sums(found) == pytest.approx(YEARS, rel=1e-10)


def test_the_file_holds_what_the_method_finds(task: DisaggregateTask) -> None:
    """One problem over all 28 quarters; with two indicators and a constant, rho 0.7, figures to the last digit."""
    other = written(task.low.parent / "second.csv", QUARTERS, SECOND)
    fixed = dataclasses.replace(task, method="chow-lin-fixed", fixed_rho=0.7, high=(*task.high, other))
    done = disaggregate_file(fixed)
    columns = np.column_stack([np.ones(28), FIRST, SECOND])
    weights = conversion_matrix("sum", 4, 6, 2, 2)
    expected = regressed(np.array(list(YEARS.values())), columns, weights, autoregressive, 0.7)
    assert list(read(task.out).values()) == expected.series.tolist()
    told = told_of_disaggregation(fixed, done)
    assert told[:2] == ["6 years -> 28 quarters, chow-lin-fixed, sum", "extrapolated: 2 quarters before, 2 after"]
    assert [line.split(":")[0] for line in told[2:]] == ["constant", "quarters.csv", "second.csv", "rho"]


def test_stocks_and_averages(task: DisaggregateTask) -> None:
    for conversion, quarter in (("first", "Q1"), ("last", "Q4")):
        disaggregate_file(dataclasses.replace(task, conversion=conversion))
        found = read(task.out)
        assert {year: found[f"{year}-{quarter}"] for year in YEARS} == pytest.approx(YEARS)
    disaggregate_file(dataclasses.replace(task, conversion="average"))
    assert sums(read(task.out)) == pytest.approx({year: 4 * value for year, value in YEARS.items()})


def test_quarters_into_months(task: DisaggregateTask) -> None:
    low = written(task.low.parent / "low.csv", ["2005-Q4", "2006-Q1"], [3.0, 6.0])
    disaggregate_file(dataclasses.replace(task, low=low, high=(), method="uniform"))
    assert read(task.out) == pytest.approx(
        {"2005-10": 1, "2005-11": 1, "2005-12": 1, "2006-01": 2, "2006-02": 2, "2006-03": 2}
    )


def test_variants_and_options_change_what_they_should(task: DisaggregateTask) -> None:
    def result(**change: Any) -> list[float]:
        disaggregate_file(dataclasses.replace(task, **change))
        return list(read(task.out).values())

    squares = {"method": "chow-lin-minrss", "least_rho": -1.0}
    assert result(**squares) == result(**squares, variant="ecotrim")
    assert result(**squares) != result(**squares, variant="quilis")
    assert result(method="fernandez") != result(method="fernandez", constant=False)
    assert result(method="litterman-fixed") == result(method="litterman-fixed", fixed_rho=0.5)
    assert result(method="litterman-fixed", fixed_rho=0.0) == result(method="fernandez")
    assert result() == result(criterion="proportional", h=1)
    assert len({tuple(result(criterion=name, h=h)) for name in ("proportional", "additive") for h in (0, 1, 2)}) == 6
    assert result(method="chow-lin-maxlog", least_rho=0.9) == pytest.approx(
        result(method="chow-lin-fixed", fixed_rho=0.9)
    )


def test_what_is_told(task: DisaggregateTask) -> None:
    def told(**change: Any) -> list[str]:
        asked = dataclasses.replace(task, **change)
        return told_of_disaggregation(asked, disaggregate_file(asked))

    assert told(method="denton")[-1] == "denton bends the series at its beginning; denton-cholette does not"
    assert told(method="uniform", h=2, constant=False)[2:] == [
        "--h is not used by uniform", "--no-constant is not used by uniform",
    ]  # fmt: skip
    assert told(method="chow-lin-maxlog", least_rho=0.95)[-1] == "rho: 0.95 (truncated: the best one is smaller)"
    assert len(told(high=(), method="denton-cholette")) == 1


def test_another_optimum_is_told(task: DisaggregateTask) -> None:
    asked = dataclasses.replace(task, method="chow-lin-maxlog")
    done = disaggregate_file(asked)
    assert done.fit is not None
    other = dataclasses.replace(done, fit=dataclasses.replace(done.fit, rival=0.9))
    assert told_of_disaggregation(asked, other)[-1].startswith("another optimum: rho near 0.9 fits better")


def test_the_verb(task: DisaggregateTask) -> None:
    """Indicators after one --high, or each after its own."""
    other = written(task.low.parent / "second.csv", QUARTERS, SECOND)
    base = ["--low", str(task.low), "--method", "chow-lin-minrss", "--out", str(task.out), "--high", str(task.high[0])]
    found = []
    for more in ([str(other)], ["--high", str(other)]):
        done = CliRunner().invoke(loaded("disaggregate"), [*base, *more])
        assert done.exit_code == 0, done.output
        assert "6 years -> 28 quarters, chow-lin-minrss, sum" in done.stderr
        found.append(task.out.read_bytes())
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"method": "chow-lin"}, '--method knows no "chow-lin"'),
        ({"to": "d"}, '--to knows no "d"'),
        ({"conversion": "mean"}, '--conversion knows no "mean"'),
        ({"criterion": "relative"}, "--criterion knows no"),
        ({"h": 3}, '--h knows no "3"'),
        ({"variant": "eurostat"}, "--variant knows no"),
        ({"least_rho": 1.0}, "not from -1 to 1"),
        ({"method": "chow-lin-fixed", "fixed_rho": 1.5}, "not between -1 and 1"),
        ({"method": "fernandez", "high": (), "constant": False}, "nothing to regress on"),
    ],
)
def test_a_wrong_option_is_refused(task: DisaggregateTask, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        disaggregate_file(dataclasses.replace(task, **change))
    assert not task.out.exists()


def test_denton_takes_one_indicator(task: DisaggregateTask) -> None:
    with pytest.raises(ConfigurationError, match="takes one indicator; 2 are given"):
        disaggregate_file(dataclasses.replace(task, high=task.high * 2))


@pytest.mark.parametrize(
    ("times", "message", "row"),
    [
        (QUARTERS[:-4], "covers 2000-Q3 to 2006-Q2; 2006-Q3, which this row needs, is missing", 7),
        (QUARTERS[3:], "covers 2001-Q2 to 2007-Q2; 2001-Q1, which this row needs, is missing", 2),
        (QUARTERS[:1], "covers 2000-Q3 to 2000-Q3; 2001-Q1, which this row needs, is missing", 2),
    ],
)
def test_an_indicator_that_is_too_short(task: DisaggregateTask, times: list[str], message: str, row: int) -> None:
    written(task.high[0], times, FIRST[: len(times)])
    with pytest.raises(SourceError, match=message) as problem:
        disaggregate_file(task)
    assert problem.value.where is not None
    assert (Path(problem.value.where.file), problem.value.where.row) == (task.low, row)


def test_indicators_of_different_spans(task: DisaggregateTask) -> None:
    other = written(task.low.parent / "second.csv", QUARTERS[1:], SECOND[1:])
    with pytest.raises(SourceError, match=r"quarters.csv 2000-Q3 to 2007-Q2, second.csv 2000-Q4 to 2007-Q2"):
        disaggregate_file(dataclasses.replace(task, method="fernandez", high=(*task.high, other)))


def test_a_zero_indicator_has_a_row(task: DisaggregateTask) -> None:
    written(task.high[0], QUARTERS, [*FIRST[:4], 0.0, *FIRST[5:]])
    with pytest.raises(SourceError, match="indicator is zero") as problem:
        disaggregate_file(task)
    assert problem.value.where is not None
    assert (problem.value.where.row, problem.value.where.column) == (6, "value")
    disaggregate_file(dataclasses.replace(task, criterion="additive"))
    assert sums(read(task.out)) == pytest.approx(YEARS)


@pytest.mark.parametrize(
    ("low", "high", "to", "message"),
    [
        (["2001-01"], None, None, "Months are not divided further"),
        (["2001-Q1"], None, "q", "Quarters cannot be divided into quarters"),
        (["2001"], ["2001"], None, "Years cannot be divided into years"),
        (["2001"], ["2001-Q1"], "m", "--to asks for months; the indicator holds quarters"),
    ],
)
def test_wrong_frequencies(
    task: DisaggregateTask, low: list[str], high: list[str] | None, to: str | None, message: str
) -> None:
    written(task.low, low, [1.0])
    files = () if high is None else (written(task.high[0], high, [1.0]),)
    with pytest.raises(SourceError, match=message):
        disaggregate_file(dataclasses.replace(task, high=files, to=to))


def test_inputs_are_not_overwritten(task: DisaggregateTask) -> None:
    with pytest.raises(KeliError, match="overwrite what is read"):
        disaggregate_file(dataclasses.replace(task, out=task.high[0]))
