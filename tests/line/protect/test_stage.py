"""The first door: a figure that rests on a sensitive cell is empty; all others leave as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keli.base.errors import ContractError, NotClosedError
from keli.line.protect import stage
from keli.line.protect.figures import check_withheld, protected_figures

SAFE, DOMINATED, FEW = "VA|all|2021|440304|DE|_T", "VA|all|2021|440304|01|_T", "VA|all|2020|440304|01|_T"


def base_cell(address: str, holders: int, x1: float, x2: float, absolute: float) -> dict[str, Any]:
    measure, unit_set, period, area, activity, _ = address.split("|")
    return {
        "cell_id": address, "measure": measure, "unit_set": unit_set, "period": int(period), "area": area,
        "activity": activity, "value": absolute, "holders": holders, "x1": x1, "x2": x2, "absolute": absolute,
    }  # fmt: skip


def figure(activity: str, measure: str, value: float, *cells: str) -> dict[str, Any]:
    return {
        "freq": "A", "time_period": "2021", "ref_area": "440304", "activity": activity, "size_class": "_T",
        "ownership": "_T", "accumulation": "D", "price_base": "V", "measure": measure, "unit_measure": "CNY",
        "unit_mult": 8, "decimals": 2, "obs_value": value, "obs_status": "A", "rests_on": list(cells),
    }  # fmt: skip


@pytest.fixture
def protected(make_context: Callable[..., Any]) -> Any:
    """Run the stage on three base cells and five figures."""
    cells = [
        base_cell(SAFE, 10, 30.0, 20.0, 100.0),
        base_cell(DOMINATED, 5, 86.0, 5.0, 100.0),
        base_cell(FEW, 2, 10.0, 8.0, 18.0),
    ]
    figures = [
        figure("DE", "VA", 1.25, SAFE),
        figure("01", "VA", 2.5, DOMINATED),
        figure("01", "GROWTH", 3.5, SAFE, FEW),
        figure("DE", "PULL", 4.5, SAFE),
        figure("_T", "VA", 9.0),
    ]
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in stage.READS}
    context = make_context(stage, tables | {"base_cells": cells, "cells_value_added": figures})
    stage.run(context)
    return context


def test_what_rests_on_a_sensitive_cell_is_empty(protected: Any) -> None:
    rows = protected.read("open_value_added").to_pandas().set_index(["activity", "measure"])
    assert rows["conf_status"].to_dict() == {
        ("DE", "VA"): "F",
        ("01", "VA"): "C",
        ("01", "GROWTH"): "C",
        ("DE", "PULL"): "F",
        ("_T", "VA"): "F",
    }
    assert rows.loc[rows["conf_status"] == "C", "obs_value"].isna().all()
    assert rows.loc[rows["conf_status"] == "F", "obs_value"].tolist() != []
    assert rows["obs_value"]["DE", "VA"] == 1.25


def test_the_reasons_stay_in_the_vault(protected: Any) -> None:
    reasons = protected.read("primary_reasons").to_pandas()
    found = {(row.cell_id, row.rule): (row.measured, row.threshold) for row in reasons.itertuples()}
    assert found == {
        (DOMINATED, "dominance"): (86.0, 85.0),
        (FEW, "min_count"): (2.0, 3.0),
        (FEW, "p_percent"): (0.0, 10.0),
    }
    assert "rests_on" not in protected.read("open_value_added").columns


def test_every_open_table_is_written(protected: Any) -> None:
    assert [protected.read(f"open_{table}").count().execute() for table in stage.TABLES] == [5, 0, 0, 0, 0, 0]


def test_a_figure_on_an_unknown_cell_is_a_fault(make_context: Callable[..., Any]) -> None:
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in stage.READS}
    context = make_context(stage, tables | {"cells_value_added": [figure("DE", "VA", 1.0, SAFE)]})
    with pytest.raises(ContractError, match="1 figures rest on base cells that are not there"):
        stage.run(context)


@given(
    st.lists(st.lists(st.sampled_from("abcd"), max_size=3), min_size=1, max_size=12), st.sets(st.sampled_from("abcd"))
)
def test_a_value_leaves_only_where_no_cell_is_sensitive(rests_on: list[list[str]], sensitive: set[str]) -> None:
    figures = pd.DataFrame({"obs_value": [1.0] * len(rests_on), "obs_status": "A", "rests_on": rests_on})
    protected = protected_figures(figures, frozenset("abcd"), frozenset(sensitive))
    withheld = [bool(sensitive & set(cells)) for cells in rests_on]
    assert protected["obs_value"].isna().tolist() == withheld
    assert (protected["conf_status"] == "C").tolist() == withheld


def test_a_missing_figure_is_told_from_a_withheld_one_only_where_it_is_free() -> None:
    """Two figures on a sensitive cell look alike, whether they had a value or none."""
    figures = pd.DataFrame(
        {"obs_value": [1.0, None, None], "obs_status": ["A", "M", "M"], "rests_on": [["b"], ["b"], ["a"]]}
    )
    protected = protected_figures(figures, frozenset("ab"), frozenset("b"))
    assert protected["obs_value"].isna().all()
    assert protected["obs_status"].tolist() == ["M", "M", "M"]
    assert protected["conf_status"].tolist() == ["C", "C", "F"]


@pytest.mark.parametrize(
    ("statuses", "values"), [(["F", "C"], [1.0, 2.0]), (["F"], [1.0])], ids=["a value is left", "a row is lost"]
)
def test_a_leak_or_a_loss_stops_the_run(statuses: list[str], values: list[float]) -> None:
    before = pd.DataFrame({"obs_value": [1.0, 2.0]})
    with pytest.raises(NotClosedError, match="Report") as stopped:
        check_withheld(before, pd.DataFrame({"conf_status": statuses, "obs_value": values}))
    assert "2.0" not in str(stopped.value)
