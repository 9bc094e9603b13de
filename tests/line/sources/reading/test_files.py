"""Files as they are delivered: encodings, heads, separators, damage."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keli.base.errors import ConfigurationError, SourceError
from keli.line.sources.reading.heads import comparable, joined_head

TakeIn = Callable[..., Any]
TEXT = "名称,收入\n甲公司,1\n乙公司,2\n"
COLUMNS = {"name": "名称", "taxable_revenue": "收入"}
OPTIONS: dict[str, Any] = {"constants": {"year": 2021}}


def names(ledgers: Any) -> list[tuple[int, str]]:
    return [(row["row"], row["name"]) for row in ledgers.accepted]


@pytest.mark.parametrize(
    ("contents", "file"),
    [
        (TEXT.encode(), "a.csv"),
        (TEXT.encode("utf-8-sig"), "a.csv"),
        (TEXT.encode("gb18030"), "a.csv"),
        (TEXT.replace("\n", "\r\n").encode(), "a.csv"),
        (TEXT.replace(",", "\t").encode(), "a.tsv"),
        (gzip.compress(TEXT.encode("gb18030"), mtime=0), "a.csv.gz"),
        (gzip.compress(TEXT.encode(), mtime=0), "a_gz_without_the_suffix.csv"),
    ],
    ids=["UTF-8", "byte-order mark", "GB18030", "line ends", "tabs", "gz of GB18030", "gz without the suffix"],
)
def test_text_files(take_in: TakeIn, contents: bytes, file: str) -> None:
    assert names(take_in("tax", contents, COLUMNS, file=file, **OPTIONS)) == [(2, "甲公司"), (3, "乙公司")]


def test_an_encoding_that_is_given_wins(take_in: TakeIn) -> None:
    with pytest.raises(SourceError, match="not valid UTF-8") as caught:
        take_in("tax", TEXT.encode("gb18030"), COLUMNS, encoding="utf-8", **OPTIONS)
    assert str(caught.value.where) == "delivered.csv:1"


def test_another_separator(take_in: TakeIn) -> None:
    ledgers = take_in("tax", TEXT.replace(",", ";"), COLUMNS, delimiter=";", **OPTIONS)
    assert len(ledgers.accepted) == 2
    with pytest.raises(ConfigurationError, match="no column") as caught:
        take_in("tax", TEXT.replace(",", ";"), COLUMNS, **OPTIONS)
    assert "separator" in str(caught.value.next_step)


def test_line_breaks_in_quotes_count_as_one_row(take_in: TakeIn) -> None:
    text = '名称,收入\n"甲\n公司",1\n\n乙公司,2\n丙,3,4\n丁公司,4\n'
    ledgers = take_in("tax", text, COLUMNS, **OPTIONS)
    assert names(ledgers) == [(2, "甲 公司"), (4, "乙公司"), (6, "丁公司")]
    assert ledgers.problems() == [(5, "", "malformed_row")]


def test_heads_are_compared_without_blanks_width_and_case(take_in: TakeIn) -> None:
    text = '"单位\n名称",营业收入（千元）\n甲,1\n'
    ledgers = take_in("tax", text, {"name": " 单位 名称", "taxable_revenue": "营业收入(千元)"}, **OPTIONS)
    assert len(ledgers.accepted) == 1
    assert comparable("ＡＢ_c d") == "abcd"


def test_rows_above_the_head_and_two_heads(take_in: TakeIn) -> None:
    text = "某区税务清单,\n单位,,金额\n名称,代码,收入\n甲,,1\n"
    columns = {"name": "单位 名称", "uscc": "单位 代码", "taxable_revenue": "金额 收入"}
    ledgers = take_in("tax", text, columns, skip_rows=1, head_rows=2, **OPTIONS)
    assert names(ledgers) == [(4, "甲")]
    assert joined_head([["年报", "", ""], ["名称", "", "收入"]]) == ["年报 名称", "年报", "年报 收入"]


def test_a_head_that_stands_twice(take_in: TakeIn) -> None:
    with pytest.raises(SourceError, match="more than once: columns 1 and 3"):
        take_in("tax", "名称,收入,名称\n甲,1,乙\n", COLUMNS, **OPTIONS)


def test_a_column_that_is_not_there(take_in: TakeIn) -> None:
    with pytest.raises(ConfigurationError) as caught:
        take_in("tax", "单位名称,收入\n甲,1\n", COLUMNS, **OPTIONS)
    assert 'has no column "名称" (for name). It has: "单位名称", "收入".' in caught.value.what
    assert caught.value.example == "name: 单位名称"


def test_a_file_with_only_a_head_has_no_rows(take_in: TakeIn) -> None:
    ledgers = take_in("tax", "名称,收入\n", COLUMNS, **OPTIONS)
    assert (ledgers.intake[0]["rows_in"], ledgers.accepted) == (0, [])


@pytest.mark.parametrize(
    ("contents", "file", "message"),
    [
        (b"", "a.csv", "The file is empty"),
        (gzip.compress(TEXT.encode() * 999, mtime=0)[:-20], "a.csv.gz", "damaged or was cut off"),
        (TEXT.encode("utf-16"), "a.csv", "UTF-16"),
        (b"a\x00b,c\n1,2\n", "a.csv", "not a text file"),
        (b"PK\x03\x04 no zip", "a.xlsx", "not an XLSX workbook"),
        (b"plain text", "a.xlsx", "not an XLSX workbook"),
        (b"\xd0\xcf\x11\xe0 old", "a.xls", "old or password-protected"),
        (b"PAR1 broken", "a.parquet", "not a Parquet file"),
        ('名称,收入\n甲,1\n"乙,2\n丙,3\n丁,4\n'.encode(), "a.csv", "not closed"),
        ("名称,收入\n甲,1\n".encode() + b'"' + b"x,1\n" * 4_000_000, "a.csv", "not closed"),
        (b"\xff\xfe\xfd\x80\x80,1\n", "a.csv", "UTF-16"),
        (b"a,b\n\x80,1\n", "a.csv", "not valid UTF-8 or GB18030"),
        (None, "missing.csv", "cannot be opened"),
    ],
)
def test_files_that_cannot_be_read(take_in: TakeIn, contents: bytes | None, file: str, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        take_in("tax", contents, COLUMNS, file=file, **OPTIONS)
    assert caught.value.where is not None
    assert caught.value.where.file == file
    assert caught.value.next_step


def workbook(path: Path, rows: list[list[Any]], title: str = "名单") -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"  # type: ignore[union-attr]
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    book.save(path)


def test_a_workbook_with_two_head_rows(take_in: TakeIn, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["单位", None, "在库", None],
        ["名称", "代码", "入库日期", "退库日期"],
        ["甲", None, dt.date(2015, 3, 2), 42065],
        [None, None, None, None],
        ["乙", 12, "2016年1月1日", None],
    ]
    workbook(tmp_path / "f.xlsx", rows)
    columns = {"name": "单位 名称", "entry_date": "在库 入库日期", "exit_date": "在库 退库日期"}
    ledgers = take_in("frame", None, columns, file="f.xlsx", sheet="名单", head_rows=2)
    assert [(row["row"], row["entry_date"], row["exit_date"]) for row in ledgers.accepted] == [
        (3, dt.date(2015, 3, 2), dt.date(2015, 3, 2)),
        (5, dt.date(2016, 1, 1), None),
    ]
    with pytest.raises(ConfigurationError, match='no sheet "名册"'):
        take_in("frame", None, columns, file="f.xlsx", sheet="名册", head_rows=2)
    with pytest.raises(SourceError, match="The sheet is empty"):
        take_in("frame", None, columns, file="f.xlsx")


def test_numbers_of_a_workbook_are_read_whole(take_in: TakeIn, tmp_path: Path) -> None:
    workbook(tmp_path / "t.xlsx", [["名称", "年", "行业", "收入"], ["甲", 2021.0, 6513, 1234.5]])
    columns = {"name": "名称", "year": "年", "gbt_code": "行业", "taxable_revenue": "收入"}
    row = take_in("tax", None, columns, file="t.xlsx", sheet="名单").accepted[0]
    assert (row["year"], row["gbt_code"], str(row["taxable_revenue"])) == (2021, "6513", "1234.50")


def test_a_parquet_file(take_in: TakeIn, tmp_path: Path) -> None:
    table = pa.table(
        {
            "名称": ["甲", None, "乙"],
            "年": [2021, None, 2021],
            "收入": pa.array([1.5, None, 2e7]),
            "日": [dt.date(2021, 1, 1)] * 3,
        }
    )
    pq.write_table(table.set_column(3, "日", pa.nulls(3, pa.date32())), tmp_path / "t.parquet")
    columns = {"name": "名称", "year": "年", "taxable_revenue": "收入"}
    ledgers = take_in("tax", None, columns, file="t.parquet")
    assert [(row["row"], str(row["taxable_revenue"])) for row in ledgers.accepted] == [(2, "1.50"), (4, "20000000.00")]
