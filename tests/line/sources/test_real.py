"""Real files: a register of 18,665 rows and 905 annual reports of listed firms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from keli.engine.context import StageContext
from keli.line.sources import stage
from keli.model.workspace import Source, Workspace


@pytest.mark.real
def test_books_of_real_files_close(
    make_context: Callable[..., StageContext], workspace: Workspace, shared: Path
) -> None:
    register = Source(
        "register",
        "register",
        (shared / "data/register/register_shenzhen.csv.gz",),
        dt.date(2022, 1, 1),
        {
            "name": "name",
            "uscc": "uscc",
            "established": "reg_date",
            "registered_capital": "reg_capital",
            "scope": "scope",
        },
        units={"registered_capital": "万元"},
    )
    listed = Source(
        "listed",
        "annual_return",
        (shared / "data/finance/listed_annual_shenzhen.csv.gz",),
        dt.date(2022, 5, 1),
        {"name": "company_full_name", "year": "year", "revenue": "revenue", "employees": "employees"},
        consolidated=True,
    )
    context = make_context(stage, workspace=replace(workspace, sources=(register, listed)))
    stage.run(context)
    books = {entry["source"]: entry for entry in context.read("intake").to_pyarrow().to_pylist()}
    assert books["register"]["rows_in"] == books["register"]["rows_accepted"] == 18_665
    assert books["listed"]["rows_in"] == 905
    assert books["listed"]["rows_accepted"] + books["listed"]["rows_quarantined"] == 905
    first = context.read("accepted_register").filter(lambda row: row.row == 2).to_pyarrow().to_pylist()[0]
    assert str(first["registered_capital"]) == "390768700.00"  # 39,076.8700(万元人民币)
    assert first["established"] == dt.date(1979, 1, 1)
