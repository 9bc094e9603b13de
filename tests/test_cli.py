"""The command line: data on stdout, everything else on stderr, exit codes, never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pyarrow.parquet as pq
import pytest

from keli import cli
from keli.base.errors import ContractError, EngineError
from keli.engine.fingerprint import engine_versions
from keli.engine.shelf import Shelf
from keli.verbs import run as run_verb
from keli.verbs import terminal

HEAD = (
    "freq,time_period,ref_area,activity,size_class,ownership,accumulation,price_base,base_period,measure,"
    "unit_measure,unit_mult,decimals,obs_value,obs_status,conf_status"
)
VERBS = tuple(cli.VERBS)
HEAVY = ("ibis", "pandas", "scipy", "sklearn", "splink", "pypinyin")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


Keli = Callable[..., Ended]


@pytest.fixture
def keli(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Keli:
    """Return a function that runs the command line in this process."""
    monkeypatch.setenv("KELI_DEBUG", "")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(terminal.stderr, "_width", 200)

    def run(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["keli", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capfdbinary.readouterr()
        code = ended.value.code
        assert code is None or isinstance(code, int)
        return Ended(code or 0, captured.out.decode("utf-8", "replace"), captured.err.decode("utf-8"))

    return run


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_every_verb_has_an_example(keli: Keli, verb: str) -> None:
    ended = keli(verb, "--help")
    assert ended.code == 0
    assert f"\n  keli {verb} " in ended.out


def test_help_names_every_verb(keli: Keli) -> None:
    ended = keli("--help")
    assert ended.code == 0
    assert all(f"\n  {verb} " in ended.out for verb in VERBS)
    assert "\n  keli new my-district\n  keli run my-district\n" in ended.out


def test_versions_are_those_that_a_release_names(keli: Keli) -> None:
    ended = keli("--version")
    assert (ended.code, ended.err) == (0, "")
    told = dict(line.split(" ") for line in ended.out.splitlines())
    assert told["keli"] == "0.1.0"
    assert set(told) == {"keli", "python", *engine_versions()}


@pytest.mark.parametrize("verb", VERBS)
def test_the_list_of_verbs_says_what_their_help_says(keli: Keli, verb: str) -> None:
    assert cli.VERBS[verb][1].removesuffix(".") in " ".join(keli(verb, "--help").out.split())


def test_the_list_of_verbs_loads_none_of_them() -> None:
    program = f"""
import sys
from keli.cli import main
try:
    main()
finally:
    print([name for name in {HEAVY} if name in sys.modules])
"""
    ended = subprocess.run([sys.executable, "-c", program, "--help"], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "arguments", [("tabel",), ("run",), ("table", "d", "t", "--format", "pdf"), ("run", "d", "--stage", "草稿")]
)
def test_wrong_command_ends_with_2_and_says_so(keli: Keli, arguments: tuple[str, ...]) -> None:
    ended = keli(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "Error: " in ended.err


def test_table_prints_head_and_rows_and_nothing_else(keli: Keli, released: Path) -> None:
    ended = keli("table", released, "value_added", "--where", "activity=DE", "--where", "measure=VA")
    assert ended.code == 0
    assert ended.out.splitlines() == [
        HEAD,
        "A,2020,440304,DE,_T,_T,D,V,,VA,CNY,8,2,530.49,A,F",
        "A,2021,440304,DE,_T,_T,D,Q,2020,VA,CNY,8,2,610.25,A,F",
        "A,2021,440304,DE,_T,_T,D,V,,VA,CNY,8,2,624.92,A,F",
    ]
    assert ended.err.startswith("3 rows of value_added, release ")


def test_table_with_no_rows_is_a_head(keli: Keli, released: Path) -> None:
    ended = keli("table", released, "value_added", "--where", "activity=0101", "--where", "measure=GROWTH")
    assert ended.code == 0
    assert len(ended.out.splitlines()) == 1
    assert ended.err.startswith("0 rows of value_added")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("value_aded",), 7, ("value_aded", "components, coverage, enterprises", "value_added")),
        (("value_added", "--where", "activty=DE"), 1, ('no column "activty"', "example: activity=DE")),
        (("value_added", "--where", "activity=09"), 1, ('activity "09"', "0101, DE")),
        (("value_added", "--where", "activity"), 1, ("is not a condition", "example: activity=DE")),
        (("value_added", "--release", "ffff"), 7, ('no release "ffff"',)),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(
    keli: Keli, released: Path, arguments: tuple[str, ...], code: int, words: tuple[str, ...]
) -> None:
    ended = keli("table", released, *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err.startswith("error: ")
    assert all(word in ended.err for word in words)
    assert "Traceback" not in ended.err


def test_table_goes_to_a_file(keli: Keli, released: Path, tmp_path: Path) -> None:
    out = tmp_path / "coverage.parquet"
    ended = keli("table", released, "coverage", "--format", "parquet", "--out", out)
    assert (ended.code, ended.out) == (0, "")
    assert pq.read_table(out).num_rows == 4


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.xlsx", b"PK"), ("a.json", b"{"), ("a.parquet", b"PAR1"), ("a.CSV", b"freq,"), ("a.txt", b"freq,")],
)
def test_the_name_of_the_file_tells_the_format(
    keli: Keli, released: Path, tmp_path: Path, name: str, begins: bytes
) -> None:
    assert keli("table", released, "coverage", "--out", tmp_path / name).code == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_format_that_is_asked_for_comes_before_the_name(keli: Keli, released: Path, tmp_path: Path) -> None:
    keli("table", released, "coverage", "--format", "csv", "--out", tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes().startswith(b"freq,")


def test_file_that_cannot_be_written_is_named(keli: Keli, released: Path, tmp_path: Path) -> None:
    ended = keli("table", released, "coverage", "--out", tmp_path / "no" / "folder.csv")
    assert ended.code == 8
    assert ended.err.splitlines() == [
        "error: The system refused: No such file or directory.",
        f"  where:   {tmp_path}/no/folder.csv",
        "  next:    See that the folder is there, may be written, and has room; or choose another.",
    ]


def test_a_workspace_is_not_a_folder_of_releases(keli: Keli, tmp_path: Path) -> None:
    (tmp_path / "keli.yaml").touch()
    ended = keli("serve", tmp_path)
    assert ended.code == 1
    assert f"keli serve {tmp_path}/releases" in ended.err


def test_json_goes_to_stdout(keli: Keli, released: Path) -> None:
    ended = keli("table", released, "components", "--format", "json")
    assert [(row["measure"], row["obs_value"]) for row in json.loads(ended.out)["rows"]] == [
        ("CE", 300.0),
        ("CFC", None),
        ("NTP", 24.92),
        ("OS", None),
    ]


def test_named_release_is_used(keli: Keli, released: Path) -> None:
    (release_id,) = Shelf(released / "releases").release_ids()
    ended = keli("table", released, "coverage", "--release", release_id)
    assert ended.code == 0
    assert release_id in ended.err


def test_folder_without_releases_says_what_to_do(keli: Keli, tmp_path: Path) -> None:
    ended = keli("table", tmp_path, "value_added")
    assert ended.code == 7
    assert ended.err.splitlines() == [
        "error: There is no release here yet.",
        f"  where:   {tmp_path}/releases",
        "  next:    Run `keli run DIR` first.",
    ]


HEADLINE = ("value_added", "time_period=2021", "activity=DE", "measure=VA", "price_base=V")


def test_explain_prints_the_passport(keli: Keli, released: Path) -> None:
    ended = keli("explain", released, *HEADLINE)
    assert ended.code == 0
    assert "figure: 624.92 亿元" in ended.out
    assert ended.err == ""


def test_explain_lists_open_dimensions(keli: Keli, released: Path) -> None:
    ended = keli("explain", released, "value_added", "activity=DE", "measure=VA")
    assert (ended.code, ended.out) == (1, "")
    assert "    time_period: 2020, 2021" in ended.err


def test_explain_never_shows_what_is_withheld(keli: Keli, released: Path) -> None:
    ended = keli("explain", released, "value_added", "activity=0101")
    assert ended.code == 0
    assert "confidential" in ended.out
    assert "formula" not in ended.out


def test_serve_refuses_a_release_without_secondary_suppression(keli: Keli, released: Path) -> None:
    ended = keli("serve", released / "releases")
    assert (ended.code, ended.out) == (1, "")
    assert "secondary: none" in ended.err
    assert "--unsafe-draft" in ended.err


def test_serve_says_where_the_release_is(keli: Keli, released: Path) -> None:
    (release_id,) = Shelf(released / "releases").release_ids()
    ended = keli("serve", released / "releases", "--unsafe-draft")
    assert ended.code == 0
    assert str(released / "releases" / release_id) in ended.err


def test_spark_is_not_there_yet(keli: Keli, tmp_path: Path) -> None:
    ended = keli("run", tmp_path, "--engine", "spark")
    assert ended.code == 2
    assert 'engine "spark" yet' in ended.err


@pytest.mark.parametrize("verb", ["run", "check", "desk"])
def test_folder_without_settings_is_refused(keli: Keli, tmp_path: Path, verb: str) -> None:
    ended = keli(verb, tmp_path)
    assert ended.code == 2
    assert "keli.yaml" in ended.err
    assert "Traceback" not in ended.err


def _raise(problem: BaseException) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        raise problem

    return fail


@pytest.mark.parametrize(
    ("problem", "code"),
    [(ContractError("A stage is wrong."), 5), (EngineError("The disk is full."), 8), (KeyboardInterrupt(), 130)],
)
def test_exit_codes(keli: Keli, monkeypatch: pytest.MonkeyPatch, problem: BaseException, code: int) -> None:
    monkeypatch.setattr(run_verb, "open_workspace", _raise(problem))
    ended = keli("run", "anywhere")
    assert (ended.code, ended.out) == (code, "")
    assert "Traceback" not in ended.err


def test_debug_shows_the_traceback(keli: Keli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_verb, "open_workspace", _raise(ContractError("A stage is wrong.")))
    ended = keli("--debug", "run", "anywhere")
    assert ended.code == 5
    assert "Traceback" in ended.err


def test_unexpected_failure_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KELI_DEBUG", "")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "argv", ["keli", "run", "anywhere"])
    monkeypatch.setattr(run_verb, "open_workspace", _raise(ZeroDivisionError("division by zero")))
    with pytest.raises(ZeroDivisionError) as raised:
        cli.main()
    sys.excepthook(raised.type, raised.value, raised.tb)
    assert capsys.readouterr().err == (
        "error: Keli 0.1.0 failed (ZeroDivisionError); please report it with the output of "
        "`keli --debug run anywhere`. Releases are whole.\n"
    )
    monkeypatch.setenv("KELI_DEBUG", "1")
    sys.excepthook(raised.type, raised.value, raised.tb)
    assert "Traceback" in capsys.readouterr().err


def test_binary_format_is_not_printed_on_a_terminal(
    keli: Keli, released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    ended = keli("table", released, "coverage", "--format", "xlsx")
    assert (ended.code, ended.out) == (1, "")
    assert "--out table.xlsx" in ended.err
