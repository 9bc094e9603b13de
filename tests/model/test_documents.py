"""Reading of small YAML and CSV files: every fault names file, row and entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from keli.base.errors import CatalogueError, ConfigurationError, KeliError
from keli.model.documents import entry_name, read_checked, read_rows, read_yaml


def saved(folder: Path, contents: bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(contents)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_rows_carry_the_number_that_a_spreadsheet_shows(tmp_path: Path, encoding: str) -> None:
    path = saved(tmp_path, "code,name\r\n1,苹果\r\n\r\n 2 ,梨\r\n".encode(encoding))
    assert list(read_rows(path, ("code", "name"))) == [
        (2, {"code": "1", "name": "苹果"}),
        (4, {"code": "2", "name": "梨"}),
    ]


@pytest.mark.parametrize(
    ("contents", "what", "row"),
    [
        (b"code\n1\n", 'The column "name" is missing; the head has: code.', 1),
        (b"", 'The column "code" is missing; the head has: nothing.', 1),
        (b"code,name\n1\n", "The row has 1 cells, the head 2.", 2),
        (b"code,name\n1,a\n2,b,c\n", "The row has 3 cells, the head 2.", 3),
        (b'code,name\n1,"' + b"x" * 140_000, "The file is not CSV: field larger than field limit (131072).", 2),
    ],
)
def test_a_bad_table_names_the_row(tmp_path: Path, contents: bytes, what: str, row: int) -> None:
    with pytest.raises(ConfigurationError) as problem:
        list(read_rows(saved(tmp_path, contents), ("code", "name"), ConfigurationError))
    assert problem.value.what == what
    assert problem.value.where is not None
    assert problem.value.where.row == row
    assert problem.value.where.file.endswith("list.csv")


def test_trailing_commas_do_no_harm(tmp_path: Path) -> None:
    assert list(read_rows(saved(tmp_path, b"code,name\n1,a,,\n"), ("code", "name"))) == [
        (2, {"code": "1", "name": "a"})
    ]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be read: No such file") as problem:
        list(read_rows(tmp_path / "none.csv", ("code",)))
    assert problem.value.where is not None
    assert problem.value.where.file.endswith("none.csv")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="neither UTF-8 nor GB18030"):
        list(read_rows(saved(tmp_path, b"code\n\xff\xff\n"), ("code",)))


@pytest.mark.parametrize(
    ("contents", "what", "row"),
    [
        (b"a: 1\nb: [1, 2\n", "The file is not YAML", 3),
        (b"valid_from: 2021-13-01\n", "A date in the file does not exist: month must be in 1..12", None),
    ],
)
def test_bad_yaml_names_the_line(tmp_path: Path, contents: bytes, what: str, row: int | None) -> None:
    with pytest.raises(KeliError) as problem:
        read_yaml(saved(tmp_path, contents, "x.yaml"), ConfigurationError)
    assert problem.value.what.startswith(what)
    assert problem.value.where is not None
    assert problem.value.where.row == row


def test_a_file_that_breaks_its_schema_names_the_entry(tmp_path: Path) -> None:
    path = saved(tmp_path, b"[1, 2]\n", "x.yaml")
    with pytest.raises(CatalogueError, match=r"the file: \[1, 2\] is not of type 'object'"):
        read_checked(path, "head")


def test_entries_are_named_as_one_writes_them() -> None:
    assert entry_name(["values", 0, "value", "min"]) == "values[0].value.min"
