"""Suppression and audit of generated business tables, beside pytauargus.

    python benchmarks/protect.py --cases 414 3000 --peer-python /path/to/python

Without --peer-python the peer is left out: pytauargus is no dependency of Keli, install it (0.6.0) in an environment of
its own. Each way runs in a process of its own; seconds, CPU seconds and peak memory are those of the whole command,
reading and writing included. Patterns of the peer are audited by `keli protect --audit`. Rules: fewer than three
holders, p = 10 per cent; how far nobody may come near as the rule asks. --plot writes benchmarks/protect.svg.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from protection.growth import exponent, plot
from protection.tables import Made, make_table, write_spec

CASES: dict[str, tuple[int, ...]] = {
    "414": (18, 23), "1000": (25, 40), "3000": (50, 60), "3000x3": (12, 15, 17), "10000": (80, 125),
    "10000x3": (18, 22, 25), "10000x4": (9, 10, 10, 11), "30000": (150, 200), "100000": (250, 400),
    "100000x3": (40, 50, 50),
}  # fmt: skip
HERE = Path(__file__).resolve().parent
KELI = "import sys; from keli.cli import main; sys.exit(main())"
HEAD = (
    "table",
    "grid",
    "cells",
    "way",
    "sensitive",
    "secondary",
    "value withheld besides, %",
    "s",
    "CPU s",
    "MiB",
    "audit: public",
    "audit: one insider",
)
ROUNDING = ("table", "cells", "s", "CPU s", "MiB", "far", "nearest", "mean deviation", "largest", "broken sums")
WAYS = ("none", "one", "MOD", "OPT")
AUDIT_LIMIT = 240
"""Seconds that an audit without a proof may take."""
NOT_PROMISED = "not promised"

OPTIMAL_PEER = 3_000
"""Cells up to which the optimal method of the peer is tried; its modular method always is."""


@dataclass(frozen=True)
class Spent:
    """What a process took.

    Args:
        seconds: By the clock.
        cpu: CPU seconds.
        peak: MiB.
        code: Exit code; negative where it was stopped.
        told: What it wrote to stderr.
    """

    seconds: float
    cpu: float
    peak: float
    code: int
    told: str


def spent(command: Sequence[str | Path], limit: float, folder: Path | None = None) -> Spent:
    """Run a command, in a folder, and tell what it took."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=told, start_new_session=True, cwd=folder
        )
        watch = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        watch.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        text = told.read().decode(errors="replace").strip()
    cpu = used.ru_utime + used.ru_stime
    return Spent(time.monotonic() - began, cpu, used.ru_maxrss / 1024, process.returncode, text)


def keli(*options: str | Path) -> list[str | Path]:
    """The command that runs keli protect in this environment."""
    return [sys.executable, "-c", KELI, "protect", *options]


def audit(out: Path, spec: Path, folder: Path, limit: float) -> str:
    """Violations that the auditor finds in a protected file, without its proof."""
    report = folder / "audit.json"
    report.unlink(missing_ok=True)
    took = spent(keli("--audit", out, "--spec", spec, "--report", report), limit)
    if not report.is_file():
        return "not ended" if took.code < 0 else "refused"
    return str(len(json.loads(report.read_text(encoding="utf-8"))["audit"]["violations"]))


def of_keli(folder: Path, insider: str, asked: argparse.Namespace, made: Made) -> list[str]:
    """Figures of keli protect."""
    spec = write_spec(folder, made.dimensions, insider=insider, seconds=asked.seconds, method=asked.method)
    out, report = folder / f"out_{insider}.csv", folder / f"report_{insider}.json"
    took = spent(keli(folder / "cells.csv", "--spec", spec, "--out", out, "--report", report), 900)
    way = f"keli {asked.method}" + ("" if insider == "one" else ", public only")
    if took.code:
        return [
            way,
            "",
            "",
            "",
            *_figures(took),
            f"exit {took.code}",
            took.told.splitlines()[0][:60] if took.told else "",
        ]
    done = json.loads(report.read_text(encoding="utf-8"))
    kind = "" if done["complete"] else " (limit of time)"
    verdict = str(len(done["audit"]["violations"]))
    share = f"{100 * done['value_secondary'] / done['value']:.2f}"
    name = way + (", cheapest" if done["optimal"] else "") + kind
    inside = verdict if insider == "one" else NOT_PROMISED
    return [name, f"{done['sensitive']:,}", f"{done['secondary']:,}", share, *_figures(took), verdict, inside]


def of_peer(folder: Path, method: str, python: Path, made: Made) -> list[str]:
    """Figures of the peer, its pattern audited."""
    way = f"pytauargus {method}"
    (folder / "peer.csv").unlink(missing_ok=True)
    took = spent([python, HERE / "protection" / "peer.py", folder, method], 900, folder)
    if took.code:
        why = (
            "stopped after 900 s"
            if took.code == -signal.SIGKILL
            else (took.told.splitlines() or ["no message"])[-1][:60]
        )
        return [way, "", "", "", *_figures(took), f"exit {took.code}", why]
    sensitive, secondary, share = _as_result(folder, made)
    found = audit(folder / "peer_out.csv", folder / "spec_none.yaml", folder, AUDIT_LIMIT)
    return [way, f"{sensitive:,}", f"{secondary:,}", f"{100 * share:.2f}", *_figures(took), found, NOT_PROMISED]


def _as_result(folder: Path, made: Made) -> tuple[int, int, float]:
    """Write the pattern as a result of keli protect; count its cells, and the share of value of secondary ones."""
    with (folder / "peer.csv").open(encoding="utf-8", newline="") as file:
        status = {tuple(row[name] for name in made.dimensions): row["status"] for row in csv.DictReader(file)}
    with (folder / "cells.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = [status[tuple(row[name] for name in made.dimensions)] for row in rows]
    with (folder / "peer_out.csv").open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n")
        write.writerow([*rows[0], "conf_status"])
        for row, said in zip(rows, found, strict=True):
            write.writerow([*row.values(), {"S": "F", "U": "A", "M": "D"}[said]])
    value = sum(int(row["value"]) for row in rows)
    besides = sum(int(row["value"]) for row, said in zip(rows, found, strict=True) if said == "M")
    return found.count("U"), found.count("M"), besides / value


def _figures(took: Spent) -> list[str]:
    return [f"{took.seconds:.1f}", f"{took.cpu:.1f}", f"{took.peak:.0f}"]


def line(cells: Sequence[str]) -> str:
    """A row of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def options() -> argparse.Namespace:
    """What is asked for."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    asked.add_argument("--cases", nargs="+", choices=CASES, default=["414", "1000", "3000", "3000x3"])
    asked.add_argument("--peer-python", type=Path, help="interpreter that has pytauargus")
    asked.add_argument("--seconds", type=float, default=600, help="time_limit of keli protect")
    asked.add_argument("--method", choices=("auto", "fast", "optimal"), default="auto")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--shared", type=float, default=0.0, help="share of units whose holder has others; no peer then")
    asked.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    asked.add_argument("--plot", action="store_true")
    asked.add_argument("--rounding", action="store_true", help="controlled rounding of the counts instead")
    return asked.parse_args()


def rows_of(case: str, asked: argparse.Namespace) -> Iterator[tuple[int, list[str]]]:
    """Cells and figures of one table, way by way."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = make_table(CASES[case], asked.seed, folder, units_per_cell=2.0, shared=asked.shared)
        for insider in ("none", "one"):
            write_spec(folder, made.dimensions, insider=insider, seconds=asked.seconds)
        for way in asked.ways:
            if way in ("none", "one"):
                row = of_keli(folder, way, asked, made)
            elif asked.peer_python and not asked.shared and (way == "MOD" or made.grid <= OPTIMAL_PEER):
                row = of_peer(folder, way, asked.peer_python, made)
            else:
                continue
            yield made.cells, [case, f"{made.grid:,}", f"{made.cells:,}", *row]


def rounded(case: str, seed: int) -> str:
    """Controlled rounding of the counts of one table to base 5, in words."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = make_table(CASES[case], seed, folder, units_per_cell=2.0, shared=0.0)
        spec = write_spec(folder, made.dimensions, insider="none", seconds=0)
        text = spec.read_text(encoding="utf-8").replace("value: value", "value: freq")
        spec.write_text(text.replace("method: auto", "method: rounding") + "base: 5\n", encoding="utf-8")
        report = folder / "report.json"
        took = spent(keli(folder / "cells.csv", "--spec", spec, "--out", folder / "out.csv", "--report", report), 900)
        if took.code:
            return f"{case}: exit {took.code}"
        done = json.loads(report.read_text(encoding="utf-8"))
    lost = done["utility"]
    cells = [case, f"{made.cells:,}", *_figures(took), f"{done['far_cells']:,}", "yes" if done["nearest"] else "no"]
    return line([*cells, f"{lost['mean_deviation']:.2f}", f"{lost['largest_deviation']:g}", str(lost["broken_sums"])])


def suppressed(asked: argparse.Namespace) -> None:
    """Run the cases that are asked for, all ways."""
    points: dict[str, list[tuple[int, float]]] = {}
    print(line(HEAD), line(["---"] * len(HEAD)), sep="\n", flush=True)
    for case in asked.cases:
        for cells, row in rows_of(case, asked):
            print(line(row), flush=True)
            if row[4]:
                way = row[3].split(" (")[0].removesuffix(", cheapest")
                points.setdefault(way, []).append((cells, float(row[8])))
    for way, found in points.items():
        if len(found) > 2:
            print(f"\n{way}: CPU seconds grow with cells to the power {exponent(found):.2f}")
    if asked.plot:
        plot(points, HERE / "protect.svg")


def main() -> None:
    """Suppress, or round."""
    asked = options()
    if not asked.rounding:
        suppressed(asked)
        return
    print(line(ROUNDING), line(["---"] * len(ROUNDING)), sep="\n", flush=True)
    for case in asked.cases:
        print(rounded(case, asked.seed), flush=True)


if __name__ == "__main__":
    main()
