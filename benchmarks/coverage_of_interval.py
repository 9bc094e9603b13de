"""How often does the 95 % interval of value added cover the truth of the synthetic district?

For each seed: `keli new`, `keli run`, then the estimate before benchmarking and its interval in the last year against
truth/headline.json. Prints a line a seed, then the coverage, the mean absolute error and the largest one; ends with 1
where coverage is below 90 % or an error above 2 %.

    python benchmarks/coverage_of_interval.py --seeds 100 --units 3000
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

LEAST_COVERAGE = 0.90
LARGEST_ERROR = 0.02
YEAR = "2021"
HEADLINE = ("VA", "GROWTH", "SHARE_GDP", "SHARE_GDP_CHANGE")


@dataclass(frozen=True)
class Outcome:
    """One seed: truth, estimate before benchmarking and its interval, in 亿元, and the benchmarked headline."""

    seed: int
    truth: float
    estimate: float
    lower: float
    upper: float
    headline: tuple[float, ...]

    @property
    def covered(self) -> bool:
        """The interval holds the truth."""
        return self.lower <= self.truth <= self.upper

    @property
    def error(self) -> float:
        """Relative error of the estimate."""
        return self.estimate / self.truth - 1


def main() -> int:
    """Run all seeds and print the coverage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--units", type=int, default=3000)
    arguments = parser.parse_args()
    outcomes = []
    for seed in range(arguments.first, arguments.first + arguments.seeds):
        with tempfile.TemporaryDirectory() as folder:
            outcomes.append(measured(Path(folder) / "district", arguments.units, seed))
        print(line(outcomes[-1]), flush=True)
    coverage = sum(one.covered for one in outcomes) / len(outcomes)
    errors = [abs(one.error) for one in outcomes]
    print(f"units {arguments.units}, seeds {len(outcomes)}: the interval covers the truth in {coverage:.0%}")
    print(f"mean absolute error {sum(errors) / len(errors):.3%}, largest {max(errors):.3%}")
    return int(coverage < LEAST_COVERAGE or max(errors) > LARGEST_ERROR)


def measured(folder: Path, units: int, seed: int) -> Outcome:
    """Make a district, run the line on it and read the headline."""
    keli("new", str(folder), "--units", str(units), "--seed", str(seed))
    keli("run", str(folder))
    truth = json.loads((folder / "truth" / "headline.json").read_text(encoding="utf-8"))
    conditions = ["ref_area=440304", "activity=DE", f"time_period={YEAR}", "freq=A"]
    where = [part for condition in conditions for part in ("--where", condition)]
    rows = list(csv.DictReader(io.StringIO(keli("table", str(folder), "value_added", "--format", "csv", *where))))
    found = {(row["measure"], row["price_base"]): float(row["obs_value"]) for row in rows if row["obs_value"]}
    headline = [found[measure, "Q" if measure == "GROWTH" else "V"] for measure in HEADLINE]
    return Outcome(
        seed,
        truth["years"][YEAR]["core_value_added_yi"],
        found["VA_UNBENCHMARKED", "V"],
        found["VA_LOWER", "V"],
        found["VA_UPPER", "V"],
        tuple(headline),
    )


def keli(*arguments: str) -> str:
    """Run a command of Keli beside this Python and return what it prints."""
    program = Path(sys.executable).with_name("keli")
    done = subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"keli {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def line(outcome: Outcome) -> str:
    """One line about one seed."""
    headline = " ".join(f"{value:.2f}" for value in outcome.headline)
    mark = "covered" if outcome.covered else "MISSED"
    return (
        f"seed {outcome.seed:3d}  {outcome.estimate:8.2f} [{outcome.lower:8.2f}, {outcome.upper:8.2f}]  "
        f"error {outcome.error:+.3%}  {mark}  headline {headline}"
    )


if __name__ == "__main__":
    sys.exit(main())
