"""The two commands of the project, tried with stand-ins for the programs that they call."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

FAKE_PYTHON = """#!{shell}
echo "$@" >> "{log}"
case "$1 $2" in
    "-m venv") mkdir -p "$3/bin"; cp "$0" "$3/bin/python";;
    --version*) echo "Python 3.12.1";;
esac
"""
FAILS = "#!{shell}\nexit 127\n"
TELLS = '#!{shell}\necho "$(basename "$0") $*" >> "{log}"\n'


class Machine:
    """A checkout's head in an empty folder, and a machine that has only the programs put on it."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.log, self.programs = folder / "checkout", folder / "log", folder / "programs"
        self.programs.mkdir()
        self.folder.mkdir()
        for name in ("Makefile", "pyproject.toml", "constraints.txt", ".ci"):
            copy = shutil.copytree if (root / name).is_dir() else shutil.copy
            copy(root / name, self.folder / name)
        for name in ("sh", "bash", "env", "make", "rm", "mkdir", "cp", "touch", "basename", "dirname", "id"):
            found = shutil.which(name)
            if found is None:
                pytest.skip(f"this machine has no {name}")
            (self.programs / name).symlink_to(found)

    def put(self, name: str, text: str) -> None:
        """Put a program on the machine."""
        program = self.programs / name
        program.unlink(missing_ok=True)
        program.write_text(text.format(shell=self.programs / "bash", log=self.log), encoding="utf-8")
        program.chmod(0o755)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command with nothing but these programs and an empty home."""
        nothing = {"PATH": str(self.programs), "HOME": str(self.folder / "home"), "LANG": os.environ.get("LANG", "C")}
        return subprocess.run(command, cwd=self.folder, env=nothing, capture_output=True, text=True, check=False)

    def told(self) -> str:
        """What the stand-ins were asked to do."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""


@pytest.fixture
def machine(tmp_path: Path, root: Path) -> Machine:
    """A machine without Python."""
    return Machine(tmp_path, root)


def test_without_python_make_says_what_to_install(machine: Machine) -> None:
    told = machine.run("make", ".venv/.ready-to-run")
    assert told.returncode != 0
    assert "No Python 3.11 or later" in told.stdout
    assert "next:" in told.stdout


def test_a_python_that_is_there_in_name_only_is_passed_over(machine: Machine) -> None:
    machine.put("python3.13", FAILS)
    machine.put("python3.12", FAKE_PYTHON)
    told = machine.run("make", ".venv/.ready-to-run")
    assert told.returncode == 0, told.stderr
    assert "Python 3.12.1" in told.stdout


def test_installation_follows_the_pins_and_is_done_once(machine: Machine) -> None:
    machine.put("python3.12", FAKE_PYTHON)
    for _ in range(2):
        assert machine.run("make", ".venv/.ready-to-run").returncode == 0
    installs = [line for line in machine.told().splitlines() if "pip install" in line]
    assert installs == ["-m pip install --quiet --constraint constraints.txt --editable ."]
    stamp = (machine.folder / ".venv/.ready-to-run").stat().st_mtime
    os.utime(machine.folder / "constraints.txt", (stamp + 10, stamp + 10))
    machine.run("make", ".venv/.ready-to-run")
    assert machine.told().count("pip install") == len(("first", "after the change"))


def test_a_failed_venv_leaves_nothing(machine: Machine) -> None:
    machine.put("python3.12", FAKE_PYTHON.replace('cp "$0" "$3/bin/python"', "exit 1"))
    assert machine.run("make", ".venv/.ready-to-run").returncode != 0
    assert not (machine.folder / ".venv").exists()


def test_the_build_machine_runs_the_tests_though_nothing_can_be_installed(machine: Machine) -> None:
    machine.put("apt-get", FAILS)
    machine.put("id", '#!{shell}\necho "0"\n')
    machine.put("make", TELLS)
    told = machine.run("bash", ".ci/run")
    assert told.returncode == 0, told.stderr
    assert machine.told() == "make test\n"
    assert "the tests that need them skip" in told.stdout


def test_the_build_machine_installs_only_what_is_missing(machine: Machine) -> None:
    for program in ("apt-get", "make", "java"):
        machine.put(program, TELLS)
    machine.put("id", '#!{shell}\necho "0"\n')
    assert machine.run("bash", ".ci/run").returncode == 0
    update, install, test = machine.told().splitlines()
    assert update.startswith("apt-get update")
    assert install.endswith(" chromium")
    assert test == "make test"


def test_pins_name_versions_and_no_addresses(root: Path) -> None:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").split()
    assert lines == sorted(lines, key=lambda line: line.split("==")[0].lower())
    assert [line for line in lines if line.count("==") != 1 or "/" in line or "@" in line] == []
