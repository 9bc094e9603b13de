"""Links of the line on sample districts against what is true of them.

    python benchmarks/line/links.py --units 20000 --seeds 3

For each seed a new district, a run, and the rows without a valid code whose name is mistyped (planted, written down in
truth/): how many found their unit (recall), how many of all rows that the machine linked went to the right one
(precision), how many are left to people. Fails below the stated precision goal.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

LEAST_PRECISION = 0.99


def main() -> int:
    """Score every district and print the whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first", type=int, default=7)
    parser.add_argument("--workspace", type=Path, help="a sample district that was run, in place of new ones")
    arguments = parser.parse_args()
    rows = []
    if arguments.workspace:
        rows.append(told(scored(arguments.workspace), str(arguments.workspace)))
    else:
        for seed in range(arguments.first, arguments.first + arguments.seeds):
            with tempfile.TemporaryDirectory() as folder:
                district = Path(folder) / "district"
                keli("new", str(district), "--units", str(arguments.units), "--seed", str(seed))
                keli("run", str(district))
                rows.append(told(scored(district), f"seed {seed}"))
    whole = told(pd.concat(rows).groupby("source").sum(), "all")
    return int(whole.right.sum() < LEAST_PRECISION * whole.linked.sum())


def keli(*arguments: str) -> None:
    """Run the command."""
    subprocess.run([sys.executable, "-m", "keli.cli", *arguments], check=True, capture_output=True)


def scored(district: Path) -> pd.DataFrame:
    """Counts of rows by source: planted, planted and found, linked by the machine, linked rightly, left to people."""
    dirt = pd.read_parquet(district / "truth" / "dirt.parquet")
    vault = max(district.glob("vault/*/unit_rows.parquet"), key=lambda path: path.stat().st_mtime).parent
    # By Arrow: unit numbers are integers of 60 bits, and a column with gaps would make floats of them.
    rows, units = (pq.read_table(vault / f"{name}.parquet").to_pandas() for name in ("unit_rows", "units"))
    queue = set(
        pq.read_table(vault / "unit_links.parquet", filters=[("outcome", "=", "listed")])["other_id"].to_pylist()
    )
    rows = rows.assign(file=rows.file.str.rsplit("/", n=1).str[-1])
    units = units.assign(key=units.uscc.fillna(units.name))
    rows = rows.merge(units[["unit_id", "key"]], on="unit_id")
    # A row that is not in the ledger bears its right name: linked elsewhere it is linked wrongly.
    truth = dirt.assign(file=dirt.file.replace("frame", "frame.xlsx")).dropna(subset="row")
    truth = (
        truth.assign(lost=truth.kind == "lost_identity").groupby(["file", "row"]).agg({"unit": "first", "lost": "any"})
    )
    told = rows.merge(truth.reset_index(), on=["file", "row"], how="left")
    lost, linked = told.lost.notna() & (told.lost == 1), told.match == "linked"
    right = linked & (told.unit == told.key)
    counts = pd.DataFrame({
        "source": told.source, "planted": lost, "found": right & lost, "linked": linked, "right": right,
        "asked": lost & ~right & told.own_id.isin(queue),
    })  # fmt: skip
    return counts.groupby("source").sum()


def told(counts: pd.DataFrame, name: str) -> pd.DataFrame:
    """Print counts and return them."""
    for source, one in [*counts[counts.planted + counts.linked > 0].iterrows(), ("all", counts.sum())]:
        recall, precision = one.found / max(1, one.planted), one.right / max(1, one.linked)
        print(
            f"{name:<8} {source:<10} planted {one.planted:5d}  found {one.found:5d}  recall {recall:.1%}"
            f"  linked {one.linked:5d}  precision {precision:.1%}  asked {one.asked:4d}",
            flush=True,
        )
    return counts


if __name__ == "__main__":
    sys.exit(main())
