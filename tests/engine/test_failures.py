"""Failures of the engine and the machine: what, where, and that earlier releases are whole."""

from __future__ import annotations

import errno
import threading
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from ibis.common.exceptions import IbisError

from keli.base.errors import EngineError, KeliError, SourceError
from keli.engine.connect import connect_duckdb
from keli.engine.failures import explained


@pytest.mark.parametrize(
    ("failure", "message", "next_step"),
    [
        (MemoryError("1 GiB"), "Memory or spill space ran out in the stage link: 1 GiB.", "fewer years"),
        (OSError(errno.ENOSPC, "No space left", "/x/vault"), "The disk is full", "Free space"),
        (OSError(errno.EACCES, "Permission denied", "/x/a.csv"), "The system refused: Permission denied", "read and"),
        (pa.lib.ArrowInvalid("bad\nmore"), "The engine stopped in the stage link: bad.", "keli check"),
        (IbisError("no such column"), "The engine stopped in the stage link: no such column.", "keli check"),
        (duckdb.Error(""), "The engine stopped in the stage link: Error.", "keli check"),
    ],
)
def test_failure_is_explained(tmp_path: Path, failure: Exception, message: str, next_step: str) -> None:
    with pytest.raises(EngineError) as caught, explained("the stage link", tmp_path):
        raise failure
    assert caught.value.what.startswith(message)
    assert "Nothing was released; earlier releases are whole." in caught.value.what
    assert next_step in str(caught.value.next_step)
    assert caught.value.exit_code == 8


def test_real_engine_failure_is_explained(tmp_path: Path) -> None:
    connection = connect_duckdb(tmp_path)
    with pytest.raises(EngineError, match="Conversion Error"), explained("the stage link", tmp_path):
        connection.raw_sql("SELECT CAST('twelve' AS INTEGER)")


def test_stopped_query_is_an_interruption(tmp_path: Path) -> None:
    connection = connect_duckdb(tmp_path, threads=1)
    ended = threading.Event()

    def stop_until_ended() -> None:
        while not ended.wait(0.1):
            connection.con.interrupt()

    stopper = threading.Thread(target=stop_until_ended)
    stopper.start()
    try:
        with pytest.raises(KeyboardInterrupt), explained("the stage link", tmp_path):
            connection.raw_sql("SELECT count(*) FROM range(60000) a, range(60000) b WHERE (a.range + b.range) % 7 = 5")
    finally:
        ended.set()
        stopper.join()


def test_other_faults_pass_through(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="a fault"), explained("the stage link", tmp_path):
        raise RuntimeError("a fault")


def test_place_is_the_file_that_the_system_names(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught, explained("the run", tmp_path):
        (tmp_path / "missing.csv").read_text(encoding="utf-8")
    assert str(caught.value.where) == str(tmp_path / "missing.csv")


def test_errors_that_teach_pass_through(tmp_path: Path) -> None:
    problem = SourceError("The file is empty.")
    with pytest.raises(KeliError) as caught, explained("the stage sources", tmp_path):
        raise problem
    assert caught.value is problem
