"""One run at a time in a workspace."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from keli.base.errors import BusyError
from keli.engine.lock import locked

HOLDING = """
import sys
from pathlib import Path
from keli.engine.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_second_run_is_told_who_holds_the_workspace(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BusyError, match=f"process {holder.pid}, user "), locked(tmp_path):
            pytest.fail("the lock was given twice")
        holder.kill()
    with locked(tmp_path):
        pass


def test_lock_is_given_again_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="broken"), locked(tmp_path):
        raise RuntimeError("broken")
    with locked(tmp_path):
        assert "process" in (tmp_path / ".lock").read_text(encoding="utf-8")
    assert (tmp_path / ".lock").read_text(encoding="utf-8") == ""
