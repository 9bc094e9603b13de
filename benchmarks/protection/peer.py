"""Suppresses a table of the benchmark with pytauargus, in an interpreter of its own that has it.

    python benchmarks/protection/peer.py FOLDER MOD|OPT

Reads units.csv and the hierarchies (.hrc) of the folder, writes peer.csv: codes, status S, U (sensitive) or M
(secondary). Rules of the benchmark: fewer than three units, p = 10 per cent; 10 per cent around cells with too few.
"""

from __future__ import annotations

import csv
import shutil
import sys
import tempfile
from pathlib import Path

from pytauargus import protect  # not a dependency of Keli

RULES = "FREQ(3,10)|P(10,1)"
MINUTES = 2
"""Limit of time of the peer's methods."""


def main(folder: Path, method: str) -> None:
    """Suppress the table of a folder."""
    with (folder / "units.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    names = head[:-1]
    units: dict[str, list[object]] = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    units["value"] = [float(row[-1]) for row in rows]
    asked = f"OPT(1,{MINUTES})" if method == "OPT" else f"MOD(1,{MINUTES},1,1,1)"
    work = Path(tempfile.mkdtemp(prefix="peer"))
    try:
        done = protect(
            units, names, "value", safety_rules=RULES, suppress=asked, totcode="T", hierleadstring="@",
            hrc={name: str(folder / f"{name}.hrc") for name in names}, workdir=str(work),
        )  # fmt: skip
        table = done.tables[0]
        with (folder / "peer.csv").open("w", encoding="utf-8", newline="") as file:
            write = csv.writer(file, lineterminator="\n")
            write.writerow([*names, "status"])
            for row, status in zip(table.rows, table.status(), strict=True):
                write.writerow([*(str(row[name]).strip() for name in names), status])
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
