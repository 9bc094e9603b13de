"""The whole line on a small synthetic district, as a user runs it."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.slow

UNITS = 1000
PATIENCE_SECONDS = 600


def _keli(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from keli.cli import main; main()", *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if name != "KELI_DEBUG"}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, timeout=PATIENCE_SECONDS
    )


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic district after one run."""
    folder = tmp_path_factory.mktemp("district") / "sample"
    made = _keli("new", folder, "--units", UNITS, "--seed", 7)
    assert made.returncode == 0, made.stderr
    ran = _keli("run", folder)
    assert ran.returncode == 0, ran.stderr
    (folder / "said.txt").write_text(ran.stderr, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def release(district: Path) -> Path:
    """The folder of its release."""
    (folder,) = (district / "releases").iterdir()
    return folder


def test_run_tells_times_headline_and_marks(district: Path, release: Path) -> None:
    said = (district / "said.txt").read_text(encoding="utf-8")
    for stage in ("sources", "link", "register", "classify", "account", "cover", "analyse", "protect", "publish"):
        assert f"  {stage} " in said
    headline = next(line.split() for line in said.splitlines() if line.strip().startswith("2021"))
    assert headline[:5] == ["2021", "624.92", "17.8", "11.7", "0.8"]
    assert "SYNTHETIC" in said
    assert "secondary: none" in said
    assert f"release {release.name} stored: " in said


def test_books_of_every_source_close(release: Path) -> None:
    books = json.loads((release / "release.json").read_bytes())["coverage"]
    assert {"register", "frame", "tax", "annual", "prices", "controls"} <= {entry["source"] for entry in books}
    for entry in books:
        assert entry["rows_in"] == entry["rows_accepted"] + entry["rows_quarantined"]
        assert entry["rows_repaired"] <= entry["rows_accepted"]


def test_units_of_all_statuses_are_the_units_of_coverage(release: Path) -> None:
    key = ["time_period", "ref_area", "activity"]
    counts = pd.read_parquet(release / "enterprises.parquet").query("measure == 'UNITS' and size_class == '_T'")
    counts = counts.query("ownership == '_T'")
    coverage = pd.read_parquet(release / "coverage.parquet").query("measure == 'UNITS'").set_index(key).obs_value
    assert counts.query("status == '_T'").set_index(key).obs_value.to_dict() == coverage.to_dict()
    assert set(counts.status) == {"_T", "active", "closed"}


def test_check_finds_the_release_whole(district: Path, release: Path) -> None:
    checked = _keli("check", district)
    assert (checked.returncode, checked.stdout) == (0, "")
    assert f"release {release.name}: whole" in checked.stderr
    assert "not verified: parameter protection/min_count" in checked.stderr


def test_table_of_the_district_is_clean_csv(district: Path) -> None:
    printed = _keli("table", district, "value_added", "--where", "activity=DE", "--where", "measure=VA")
    rows = list(csv.DictReader(io.StringIO(printed.stdout)))
    assert printed.returncode == 0
    (row,) = [
        row for row in rows if (row["time_period"], row["ref_area"], row["price_base"]) == ("2021", "440304", "V")
    ]
    assert (row["obs_value"], row["unit_measure"], row["unit_mult"]) == ("624.92", "CNY", "8")


def test_passport_adds_up_and_names_no_unit(district: Path) -> None:
    conditions = ("time_period=2021", "ref_area=440304", "activity=DE", "measure=VA", "price_base=V")
    printed = _keli("explain", district, "value_added", *conditions)
    assert printed.returncode == 0
    components = tuple(f"  {component}:" for component in ("CE", "NTP", "CFC", "OS"))
    parts = [float(line.split()[1]) for line in printed.stdout.splitlines() if line.startswith(components)]
    assert len(parts) == len(components)
    total = sum(parts)
    assert total == pytest.approx(624.92, abs=0.02)
    assert "福田样例" not in printed.stdout


def test_no_name_or_code_of_a_unit_is_in_the_release(district: Path, release: Path) -> None:
    with (district / "inputs/register.csv").open(encoding="utf-8-sig") as file:
        units = list(csv.DictReader(file))
    codes = [unit["统一社会信用代码"] for unit in units if len(unit["统一社会信用代码"]) == 18]
    contents = b"\n".join(
        path.read_bytes() for path in release.rglob("*") if path.is_file() and path.suffix != ".parquet"
    )
    assert len(codes) > UNITS / 2
    assert not [code for code in codes if code.encode() in contents]
    assert "福田样例".encode() not in contents


def test_work_lists_find_what_is_planted_and_name_nobody_else(district: Path) -> None:
    """Units that reach the threshold and stand on no list; units with a second row in the register."""
    years, dirt = (pd.read_parquet(district / "truth" / f"{name}.parquet") for name in ("units", "dirt"))
    last = years.query("year == 2021 and reaches_threshold and in_district and not in_frame")
    truth = {"missing": set(last.unit), "duplicate": set(dirt.query("kind == 'duplicate_unit'").unit)}
    assert set(dirt.query("kind == 'missing_from_frame'").unit) == truth["missing"]
    (path,) = district.glob("vault/*/coverage_cases.parquet")
    cases = pd.read_parquet(path)
    for kind, planted in truth.items():
        some = cases[cases.kind == kind]
        listed = set(some.uscc.fillna(some.name))
        assert planted
        assert len(planted & listed) >= 0.95 * len(planted), kind
        assert len(planted & listed) >= 0.90 * len(listed), kind
    sheets = sorted(path.stem for path in path.with_suffix("").glob("*.csv"))
    assert sheets == sorted(set(cases.area))
    said = (district / "said.txt").read_text(encoding="utf-8")
    assert f"open cases by subdistrict: {len(cases)} in " in said
    assert "ALERT" not in said


def test_killed_run_loses_nothing_and_the_same_inputs_give_the_same_release(
    district: Path, release: Path, tmp_path: Path
) -> None:
    """In another folder: a run is killed in the middle, the next one comes to the same bytes and id."""
    moved = tmp_path / "elsewhere" / "sample"
    shutil.copytree(district, moved, ignore=shutil.ignore_patterns("vault", "releases", "said.txt"))
    command = [sys.executable, "-c", "from keli.cli import main; main()", "run", str(moved)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not list(moved.glob("vault/*/units.parquet")) and time.monotonic() < deadline:
            time.sleep(0.05)
        running.send_signal(signal.SIGKILL)
    assert running.returncode == -signal.SIGKILL
    assert list((moved / "releases").iterdir()) == []
    ran = _keli("run", moved, "--release", release.name)
    assert ran.returncode == 0, ran.stderr
    again = moved / "releases" / release.name
    assert {path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()} == {
        path.relative_to(release): path.read_bytes() for path in release.rglob("*") if path.is_file()
    }
