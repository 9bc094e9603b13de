"""Speed and memory of the unit-level account and its reduction to leaves, against honest peers.

Run from the checkout: `python benchmarks/account.py 1000000 10000000` (numbers of units, two years each). Every
measurement runs in a process of its own, one after the other:

* join: what the stage `classify` does beforehand, once: status, industry, returns and revenue bases in one row a unit;
* scan: DuckDB reads the columns that the account needs from Parquet and sums them;
* group: DuckDB groups the same columns by leaf, sums and two largest, and does nothing else;
* keli: the stage `account` as the line runs it, every table written, every view defined, every sum checked;
* sql: the same tables written by hand for DuckDB;
* pandas: the same leaves in plain pandas (up to --pandas-limit units).

CPU seconds are compared, because they depend least on what else the machine does. The leaves of all ways must be equal.
Figures go to benchmarks/results/account.json.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
WAYS = ("join", "scan", "group", "keli", "sql", "pandas")


def measured(way: str, folder: Path, options: argparse.Namespace) -> dict[str, float | str]:
    """Run one way in its own process; return seconds, CPU seconds, peak MiB and the fingerprint of its leaves."""
    command = [sys.executable, str(HERE / "account_ways.py"), way, str(folder), "--threads", str(options.threads),
               "--memory", str(options.memory)]  # fmt: skip
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures: dict[str, float | str] = json.loads(answer.splitlines()[-1])
    figures["process_seconds"] = round(time.perf_counter() - started, 2)
    figures["process_cpu"] = round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2)
    return figures


def compared(units: int, options: argparse.Namespace) -> dict[str, object]:
    """Measure every way at one size; the best of the repeats counts."""
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        subprocess.run([sys.executable, str(HERE / "account_units.py"), str(units), folder], check=True)
        ways = [way for way in WAYS if way != "pandas" or units <= options.pandas_limit]
        runs: dict[str, list[dict[str, float | str]]] = {way: [] for way in ways}
        for _ in range(options.repeats):
            for way in ways:
                runs[way].append(measured(way, Path(folder), options))
    best = {way: min(some, key=lambda run: float(run["cpu"])) for way, some in runs.items()}
    prints = {run["leaves"] for way, some in runs.items() if way not in ("join", "scan", "group") for run in some}
    if len(prints) != 1:
        sys.exit(f"the leaves differ: { {way: run['leaves'] for way, run in best.items()} }")
    return {"units": units, "years": 2, **best}


def show(result: dict[str, object]) -> None:
    """Print one size as a table."""
    print(f"\n{result['units']:,} units x 2 years")
    print(f"{'way':8}{'seconds':>9}{'CPU s':>9}{'peak MiB':>10}{'CPU / scan':>12}{'CPU / keli':>12}")
    scan, keli = result["scan"]["cpu"], result["keli"]["cpu"]  # type: ignore[index]
    for way in WAYS:
        if way in result:
            run = result[way]
            print(f"{way:8}{run['seconds']:9.2f}{run['cpu']:9.2f}{run['peak_mib']:10.0f}"  # type: ignore[index]
                  f"{run['cpu'] / scan:12.2f}{run['cpu'] / keli:12.2f}")  # type: ignore[index]  # fmt: skip


def main() -> None:
    """Measure the sizes named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("units", type=int, nargs="*", default=[1_000_000])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", type=int, default=1200, help="MiB that DuckDB may use")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--pandas-limit", type=int, default=1_000_000)
    parser.add_argument("--folder", help="where the synthetic tables go for the time of the run")
    options = parser.parse_args()
    results = []
    for units in options.units:
        results.append(compared(units, options))
        show(results[-1])
    target = HERE / "results" / "account.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
