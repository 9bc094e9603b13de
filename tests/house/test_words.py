"""What no file may hold: places of one machine, addresses of package registries, data, names of writing tools."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import pytest

BYTES_OF_A_FILE = 1_000_000
DATA = {".parquet", ".duckdb", ".gz", ".zip", ".xlsx", ".db", ".sqlite", ".pkl"}


def spelled(text: str) -> str:
    """Return a word that is stored in ROT13, so that this file passes its own rule."""
    return codecs.decode(text, "rot13")


PLACES = re.compile("|".join(spelled(place) for place in (
    r"(?<![\j.])/jbex/", r"/gzc/xryv", r"(?<![\j.])/ebbg/", r"--vaqrk-hey",
    r"clcv\.bet", r"clgubaubfgrq\.bet", r"aczwf\.bet", r"cebkl\.tbynat\.bet", r"--gehfgrq-ubfg",
)))  # fmt: skip
TOOLS = re.compile(
    "|".join(spelled(f"\\o{tool}\\o") for tool in (
        "pynhqr", "naguebcvp", "bcranv", "pungtcg", "pbcvybg", "trzvav", "yynzn",
        "ynathntr zbqry", "yyz", "fhontrag", "nv-trarengrq", "nf na nv",
    )),
    re.IGNORECASE,
)  # fmt: skip


def text_of(path: Path) -> str | None:
    """Return the text of a file, or nothing where it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def lines_with(pattern: re.Pattern[str], files: list[Path], root: Path) -> list[str]:
    """Return the places where a pattern stands."""
    return [
        f"{path.relative_to(root)}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate((text_of(path) or "").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_machine_and_no_registry_is_named(files: list[Path], root: Path) -> None:
    assert lines_with(PLACES, files, root) == []


def test_no_writing_tool_is_named(files: list[Path], root: Path) -> None:
    assert lines_with(TOOLS, files, root) == []


def test_no_data_is_kept_with_the_code(files: list[Path], root: Path) -> None:
    assert [str(path.relative_to(root)) for path in files if path.suffix in DATA] == []


def test_no_file_is_large(files: list[Path], root: Path) -> None:
    large = {str(path.relative_to(root)): path.stat().st_size for path in files}
    assert {name: size for name, size in large.items() if size > BYTES_OF_A_FILE} == {}


def test_every_file_is_plain_text(files: list[Path], root: Path) -> None:
    assert [str(path.relative_to(root)) for path in files if text_of(path) is None] == []


@pytest.mark.parametrize("line", ["pq /jbex/znva", "uggcf://clcv.bet/fvzcyr", "cngu = '/gzc/xryv/k'"])
def test_a_machine_path_is_found(line: str) -> None:
    assert PLACES.search(spelled(line))


@pytest.mark.parametrize("line", ["tests/work/table.yaml", "../shared/data", "/home of the unit"])
def test_an_innocent_path_is_not(line: str) -> None:
    assert not PLACES.search(line)
