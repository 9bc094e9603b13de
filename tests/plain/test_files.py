"""Plain files: what is read as it stands, and what is refused with a clear answer."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from keli.base.errors import KeliError, SourceError
from keli.plain.files import (
    check_target,
    open_plain,
    plain_batches,
    read_plain,
    require_columns,
    require_unique,
    require_values,
    write_plain,
)

TEXT = 'id,名称\n001,"甲,公司"\n002,\n'


def written(folder: Path, contents: bytes, name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_bytes(contents)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("packed", [False, True])
def test_text_is_read_as_it_stands(tmp_path: Path, encoding: str, packed: bool) -> None:
    contents = TEXT.encode(encoding)
    path = written(tmp_path, gzip.compress(contents) if packed else contents, "rows.csv.gz" if packed else "rows.csv")
    assert read_plain(open_plain(path)).to_pylist() == [
        {"id": "001", "名称": "甲,公司"},
        {"id": "002", "名称": None},
    ]


def test_some_columns_only(tmp_path: Path) -> None:
    file = open_plain(written(tmp_path, TEXT.encode()))
    assert read_plain(file, ["名称"]).to_pydict() == {"名称": ["甲,公司", None]}


def test_a_line_break_in_a_cell(tmp_path: Path) -> None:
    file = open_plain(written(tmp_path, 'id,名称\n1,"甲\n公司"\n'.encode()))
    assert [row for batch in plain_batches(file) for row in batch.to_pylist()] == [{"id": "1", "名称": "甲\n公司"}]


@pytest.mark.parametrize(
    ("contents", "told"),
    [
        (b"", "The file is empty"),
        (b"\n", "The file is empty"),
        (b"id,name\n", "a head and no rows"),
        (b"id,id\n1,2\n", 'names "id" 2 times'),
        (b"id,\n1,2\n", "Column 2 of the head has no name"),
        (b"PK\x03\x04abc", "an Excel workbook"),
        ("id\n1\n".encode("utf-16"), "text in UTF-16"),
        (b"id,name\n1,\xff\xff\xff\n", "neither UTF-8 nor GB18030"),
    ],
)
def test_no_table(tmp_path: Path, contents: bytes, told: str) -> None:
    with pytest.raises(SourceError, match=told):
        open_plain(written(tmp_path, contents))


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    written(tmp_path, TEXT.encode(), "units.csv")
    with pytest.raises(SourceError, match="no such file") as problem:
        open_plain(tmp_path / "unit.csv")
    assert "units.csv" in str(problem.value)
    with pytest.raises(SourceError, match="a folder"):
        open_plain(tmp_path)


def test_a_row_of_another_width_is_named(tmp_path: Path) -> None:
    file = open_plain(written(tmp_path, b"id,name\n1,a\n2,b,c\n"))
    with pytest.raises(SourceError, match="3 cells; the head has 2") as problem:
        read_plain(file)
    assert problem.value.where is not None
    assert problem.value.where.row == 3


def test_a_broken_archive(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be unpacked"):
        open_plain(written(tmp_path, b"id\n1\n", "rows.csv.gz"))


def test_a_missing_column_names_the_nearest(tmp_path: Path) -> None:
    file = open_plain(written(tmp_path, b"id,scope\n1,a\n"))
    require_columns(file, ["id", "scope"])
    with pytest.raises(SourceError, match='no column "Scop"') as problem:
        require_columns(file, ["Scop"], option="--text")
    assert 'Did you mean "scope"' in str(problem.value)
    assert "--text scope" in str(problem.value)
    assert "id, scope" in str(problem.value)


def test_identifiers_are_there_and_different() -> None:
    path = Path("rows.csv")
    require_unique(pa.table({"id": ["1", "2"]}), "id", path)
    with pytest.raises(SourceError, match='more than once: 1, of which "1" in rows 2 and 4'):
        require_unique(pa.table({"id": ["1", "2", "1"]}), "id", path)
    with pytest.raises(SourceError, match="empty in 1 of 2 rows") as problem:
        require_unique(pa.table({"id": ["1", None]}), "id", path)
    assert problem.value.where is not None
    assert problem.value.where.row == 3


def test_a_column_of_blanks() -> None:
    require_values(pa.table({"a": [None, "x"]}), "a", Path("rows.csv"))
    with pytest.raises(SourceError, match="empty in all 2 rows"):
        require_values(pa.table({"a": pa.array([None, " "], pa.string())}), "a", Path("rows.csv"))


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz"])
def test_written_rows_are_read_again(tmp_path: Path, name: str) -> None:
    rows = pa.table({"id": ["1", "2"], "名称": ['甲,"乙"', None]})
    assert write_plain(tmp_path / name, rows) == 2
    assert read_plain(open_plain(tmp_path / name)).equals(rows)
    first = (tmp_path / name).read_bytes()
    write_plain(tmp_path / name, iter(rows.to_batches()))
    assert (tmp_path / name).read_bytes() == first


def test_a_table_without_rows_keeps_its_head(tmp_path: Path) -> None:
    assert write_plain(tmp_path / "out.csv", pa.table({"id": pa.array([], pa.string())})) == 0
    assert (tmp_path / "out.csv").read_text() == "id\n"


def test_a_result_is_whole_or_not_there(tmp_path: Path) -> None:
    def failing() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"id": ["1"]})
        raise SourceError("no more")

    with pytest.raises(SourceError, match="no more"):
        write_plain(tmp_path / "out.csv", failing())
    assert list(tmp_path.iterdir()) == []


def test_inputs_and_folders_are_not_overwritten(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT.encode())
    with pytest.raises(KeliError, match="overwrite what is read"):
        check_target(path, [path])
    with pytest.raises(KeliError, match="this is a folder"):
        check_target(tmp_path)
    with pytest.raises(KeliError, match="folder of the result is missing"):
        check_target(tmp_path / "none" / "out.csv")
