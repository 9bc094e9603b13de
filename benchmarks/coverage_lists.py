"""Do the work lists of coverage find what is planted in the synthetic district?

For each seed: `keli new`, `keli run`, then the cases against truth/: units missing from the above-scale list (truth:
reaches the threshold in the last year and stands on no list) and units that a register holds twice (truth: planted
second rows). Prints recall and precision a seed and over all; ends with 1 where recall is below 95 % or precision
below 90 %.

    python benchmarks/coverage_lists.py --units 20000 --seeds 1
    python benchmarks/coverage_lists.py --workspace sample-district
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

LEAST_RECALL = 0.95
LEAST_PRECISION = 0.90
YEAR = 2021
PLANTED = {"missing": "missing_from_frame", "duplicate": "duplicate_unit"}


@dataclass(frozen=True)
class Score:
    """One list: units that are planted, that are listed, and that are both."""

    kind: str
    planted: int
    listed: int
    both: int

    @property
    def recall(self) -> float:
        """Part of the planted units that is listed."""
        return self.both / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """Part of the listed units that is planted."""
        return self.both / self.listed if self.listed else 1.0

    def line(self) -> str:
        """One line for people."""
        return (
            f"{self.kind:<10} planted {self.planted:5d}  listed {self.listed:5d}  both {self.both:5d}  "
            f"recall {self.recall:.1%}  precision {self.precision:.1%}"
        )


def main() -> int:
    """Score every district and print the whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first", type=int, default=7)
    parser.add_argument("--workspace", type=Path, help="a sample district that was run, in place of new ones")
    arguments = parser.parse_args()
    found: list[Score] = []
    if arguments.workspace:
        found += told(scores(arguments.workspace), str(arguments.workspace))
    else:
        for seed in range(arguments.first, arguments.first + arguments.seeds):
            with tempfile.TemporaryDirectory() as folder:
                district = Path(folder) / "district"
                keli("new", str(district), "--units", str(arguments.units), "--seed", str(seed))
                keli("run", str(district))
                found += told(scores(district), f"seed {seed}")
    whole = told([summed(kind, found) for kind in PLANTED], "all")
    return int(any(one.recall < LEAST_RECALL or one.precision < LEAST_PRECISION for one in whole))


def told(found: list[Score], name: str) -> list[Score]:
    """Print scores and return them."""
    for score in found:
        print(f"{name:<10} {score.line()}", flush=True)
    return found


def summed(kind: str, found: list[Score]) -> Score:
    """The scores of one list over all districts."""
    some = [score for score in found if score.kind == kind]
    return Score(
        kind, sum(one.planted for one in some), sum(one.listed for one in some), sum(one.both for one in some)
    )  # fmt: skip


def scores(district: Path) -> list[Score]:
    """Compare the cases of the newest run with the truth.

    Args:
        district: A synthetic workspace that was run.
    """
    vault = max((district / "vault").glob("*/coverage_cases.parquet"), key=lambda path: path.stat().st_mtime)
    cases = pd.read_parquet(vault)
    units = cases["uscc"].fillna(cases["name"])
    truth = planted(district)
    return [
        Score(kind, len(truth[kind]), len(listed), len(truth[kind] & listed))
        for kind in PLANTED
        for listed in [set(units[cases["kind"] == kind])]
    ]


def planted(district: Path) -> dict[str, set[str]]:
    """What is true: units missing from the list in the last year, and units with a second row in the register.

    The truth of the first comes from the accounts of the units; it must hold every unit that was left out on purpose.
    """
    years = pd.read_parquet(district / "truth" / "units.parquet")
    dirt = pd.read_parquet(district / "truth" / "dirt.parquet")
    last = years[years["year"] == YEAR]
    missing = set(last.loc[last["reaches_threshold"] & ~last["in_frame"] & last["in_district"], "unit"])
    left_out = set(dirt.loc[dirt["kind"] == PLANTED["missing"], "unit"])
    if left_out - missing:
        sys.exit(f"{len(left_out - missing)} units that were left out on purpose do not reach the threshold.")
    return {"missing": missing, "duplicate": set(dirt.loc[dirt["kind"] == PLANTED["duplicate"], "unit"])}


def keli(*arguments: str) -> None:
    """Run a command of Keli beside this Python."""
    program = Path(sys.executable).with_name("keli")
    done = subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"keli {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
