"""The books of intake, counted by hand."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keli.base.errors import NotClosedError, SourceError
from keli.engine.context import StageContext
from keli.line.sources import stage
from keli.line.sources.closure import check_closed
from keli.model.catalogue import Catalogue
from keli.model.workspace import Source, Workspace

TakeIn = Callable[..., Any]
TAX = {"name": "名称", "uscc": "代码", "year": "年", "taxable_revenue": "收入"}


def test_books_of_a_small_file(take_in: TakeIn) -> None:
    text = (
        "名称,代码,年,收入\n"
        "甲,,2021,100\n"  # accepted
        "甲,,2021,100\n"  # says the same as row 2
        "甲,,2021,100.00\n"  # so does this one
        "乙,,2021,200（元）\n"  # repaired
        ",,2021,300\n"  # nobody
        "丙,,,\n"  # two problems, one row
        "丁,,2021\n"  # three cells where the head has four
        ",,,\n"  # blank: no data row
        "戊,,2021,400\n"  # accepted; a spreadsheet shows it in row 10
    )
    ledgers = take_in("tax", text, TAX)
    assert ledgers.problems() == [
        (3, "", "duplicate_row"),
        (4, "", "duplicate_row"),
        (6, "", "no_name_or_code"),
        (7, "年", "missing_value"),
        (7, "收入", "missing_value"),
        (8, "", "malformed_row"),
    ]
    assert [row["row"] for row in ledgers.accepted] == [2, 5, 10]
    assert [row["repaired"] for row in ledgers.accepted] == [False, True, False]
    books = ledgers.intake[0]
    assert (books["rows_in"], books["rows_accepted"], books["rows_repaired"], books["rows_quarantined"]) == (8, 3, 1, 5)
    assert ledgers.quarantine[-1]["value"] == "丁,,2021"
    assert (ledgers.repairs[0]["before"], ledgers.repairs[0]["after"]) == ("200（元）", "200.00")


def test_constants_fill_a_column(take_in: TakeIn) -> None:
    columns = {"name": "名称", "taxable_revenue": "收入"}
    ledgers = take_in("tax", "名称,收入\n甲,1\n", columns, constants={"year": 2021}, consolidated=True)
    row = ledgers.accepted[0]
    assert (row["year"], row["consolidated"], row["received"]) == (2021, True, dt.date(2022, 3, 1))


def test_a_return_without_any_amount_was_received(take_in: TakeIn) -> None:
    ledgers = take_in("annual_return", "名称,年,收入\n甲,2021,\n", {"name": "名称", "year": "年", "revenue": "收入"})
    assert [(row["name"], row["revenue"]) for row in ledgers.accepted] == [("甲", None)]


def test_the_first_file_keeps_a_repeated_row(
    make_context: Callable[..., StageContext], workspace: Workspace, tmp_path: Path
) -> None:
    files = tuple(tmp_path / name for name in ("a.csv", "b.csv"))
    for file in files:
        file.write_text("名称,代码,年,收入\n甲,,2021,1\n", encoding="utf-8")
    source = Source("tax", "tax", files, dt.date(2022, 3, 1), TAX)
    context = make_context(stage, workspace=replace(workspace, sources=(source,)))
    stage.run(context)
    books = context.read("intake").order_by("file").to_pyarrow().to_pylist()
    assert [(entry["file"], entry["rows_accepted"], entry["rows_quarantined"]) for entry in books] == [
        ("a.csv", 1, 0),
        ("b.csv", 0, 1),
    ]
    assert not (context.vault.folder / "raw").exists()


def test_a_workspace_without_sources_has_empty_tables(make_context: Callable[..., StageContext]) -> None:
    context = make_context(stage)
    stage.run(context)
    assert all(context.read(table).count().execute() == 0 for table in stage.WRITES)


def test_a_register_without_rows_stops_the_run(take_in: TakeIn) -> None:
    with pytest.raises(SourceError, match="a head and no rows: the district would have no unit"):
        take_in("register", "code,name\n", {"uscc": "code", "name": "name"})


def test_every_kind_has_its_table(catalogue: Catalogue) -> None:
    assert set(stage.KINDS) == set(catalogue.sources)


def test_books_that_do_not_close_stop_the_run() -> None:
    with pytest.raises(NotClosedError, match="3 rows came in, but 1 were accepted and 1 quarantined"):
        check_closed([{"file": "a.csv", "rows_in": 3, "rows_accepted": 1, "rows_quarantined": 1}])


JUNK = st.text(alphabet='甲9,0.-^"（）%万元 eEN/A\x00\n', max_size=8)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(JUNK, min_size=4, max_size=4), max_size=12))
def test_books_close_on_junk(take_in: TakeIn, rows: list[list[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    with tempfile.NamedTemporaryFile() as name:
        ledgers = take_in("tax", "\n".join(["名称,代码,年,收入", *quoted]) + "\n", TAX, file=Path(name.name).name)
    filled = sum(any(row) for row in rows)
    assert ledgers.intake[0]["rows_in"] == filled
    assert len(ledgers.accepted) + len({entry["row"] for entry in ledgers.quarantine}) == filled
