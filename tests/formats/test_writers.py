"""Open tables in each format: rounded once, withheld figures empty, the unrounded copy in Parquet."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keli.engine.shelf import Shelf
from keli.formats.open_table import OpenTable
from keli.formats.printed import printed_rows
from keli.formats.writers import WRITERS


@pytest.fixture
def table(released: Path) -> OpenTable:
    release = Shelf(released / "releases").open()
    return OpenTable("value_added", release.table("value_added"), release.manifest)


def _written(table: OpenTable, file_format: str) -> bytes:
    target = io.BytesIO()
    WRITERS[file_format](table, target)
    return target.getvalue()


def _figure(rows: list[dict[str, Any]], measure: str, **where: str) -> Any:
    wanted = {"time_period": "2021", "activity": "DE", "price_base": "V", "measure": measure, **where}
    (row,) = [row for row in rows if all(row[column] == value for column, value in wanted.items())]
    return row["obs_value"]


def test_csv_is_one_head_row_and_rows_rounded_half_up(table: OpenTable) -> None:
    """624.915 at 2 decimals is 624.92; 1.00772 at 4 is 1.0077; 17.84 at 1 is 17.8."""
    text = _written(table, "csv").decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert text.splitlines()[0].split(",") == table.rows.column_names
    assert len(rows) == 10
    assert text.count("\n") == 11
    assert _figure(rows, "VA") == "624.92"
    assert _figure(rows, "BENCHMARK_FACTOR") == "1.0077"
    assert _figure(rows, "GROWTH", price_base="Q") == "17.8"
    assert _figure(rows, "VA_LOWER") == "610.5000"
    assert _figure(rows, "VA", activity="0101") == ""


def test_json_tells_what_the_rows_are(table: OpenTable) -> None:
    document = json.loads(_written(table, "json"))
    assert document["table"]["release"] == table.manifest.release_id
    assert document["table"]["title_zh"] == "增加值"
    assert document["table"]["vintage"] == "初步核算"
    assert document["table"]["marks"] == ["secondary: none 未做次级抑制，不得对外"]
    assert _figure(document["rows"], "VA") == 624.92
    assert _figure(document["rows"], "VA", activity="0101") is None


def test_json_counts_have_no_point(released: Path) -> None:
    release = Shelf(released / "releases").open()
    table = OpenTable("coverage", release.table("coverage"), release.manifest)
    assert b'"obs_value": 12,' in _written(table, "json")


def test_parquet_is_the_unrounded_copy_of_the_shelf(table: OpenTable, released: Path) -> None:
    written = _written(table, "parquet")
    (on_shelf,) = (released / "releases").glob("*/value_added.parquet")
    assert written == on_shelf.read_bytes()
    rows = pq.read_table(io.BytesIO(written)).to_pylist()
    assert _figure(rows, "VA") == 624.915
    assert _figure(rows, "VA", activity="0101") is None


def test_xlsx_has_head_units_aligned_figures_and_footnotes(table: OpenTable) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(_written(table, "xlsx"))).active
    assert sheet is not None
    column_a = [cell.value for cell in sheet["A"]]
    assert column_a[0] == f"增加值（test district，初步核算，release {table.manifest.release_id}）"
    assert column_a[1] == "secondary: none 未做次级抑制，不得对外"
    assert str(column_a[2]).startswith("计量单位：BENCHMARK_FACTOR 倍；GROWTH %；SHARE_GDP %；VA 亿元")
    assert [cell.value for cell in sheet[4]] == table.rows.column_names
    assert sheet.freeze_panes == "A5"
    assert str(column_a[-1]).endswith("未作机械调整。")
    columns = {name: number for number, name in enumerate(table.rows.column_names)}
    body = list(sheet.iter_rows(min_row=5, max_row=14))
    va = next(r for r in body if (r[columns["time_period"]].value, r[columns["measure"]].value) == ("2021", "VA")
              and r[columns["activity"]].value == "DE" and r[columns["price_base"]].value == "V")  # fmt: skip
    cell = va[columns["obs_value"]]
    assert (cell.value, cell.number_format, cell.alignment.horizontal) == (624.92, "#,##0.00", "right")
    withheld = [row[columns["obs_value"]].value for row in body if row[columns["conf_status"]].value == "C"]
    assert withheld == [None]


def test_text_that_looks_like_a_formula_stays_a_text(table: OpenTable) -> None:
    rows = table.rows.slice(0, 1).to_pylist()
    changed = pa.Table.from_pylist([rows[0] | {"activity": "=1+1"}], schema=table.rows.schema)
    sheet = openpyxl.load_workbook(io.BytesIO(_written(OpenTable(table.name, changed, table.manifest), "xlsx"))).active
    assert sheet is not None
    cell = sheet[5][table.rows.column_names.index("activity")]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize("file_format", sorted(WRITERS))
def test_no_rows_is_a_head_alone(table: OpenTable, file_format: str) -> None:
    empty = OpenTable(table.name, table.rows.slice(0, 0), table.manifest)
    written = _written(empty, file_format)
    if file_format == "csv":
        assert written.decode().splitlines() == [",".join(table.rows.column_names)]
    if file_format == "json":
        assert json.loads(written)["rows"] == []
    if file_format == "parquet":
        assert pq.read_table(io.BytesIO(written)).num_rows == 0
    if file_format == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(written)).active is not None


def test_small_negative_figure_prints_without_a_sign(table: OpenTable) -> None:
    rows = table.rows.slice(0, 1).to_pylist()
    changed = pa.Table.from_pylist([rows[0] | {"obs_value": -0.004, "decimals": 2}], schema=table.rows.schema)
    (row,) = printed_rows(OpenTable(table.name, changed, table.manifest))
    assert str(row["obs_value"]) == "0.00"


def test_same_rows_give_the_same_bytes(table: OpenTable) -> None:
    for file_format in ("csv", "json", "parquet"):
        assert _written(table, file_format) == _written(table, file_format)
