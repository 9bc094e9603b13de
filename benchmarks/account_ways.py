# ruff: noqa: E501  (statements and queries read better unbroken)
"""One way of forming the leaves of the account, in a process of its own; called by benchmarks/account.py.

Prints one line of JSON: seconds and CPU seconds from the files to the leaves, peak MiB, and a fingerprint of the leaves.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import resource
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from account_pandas import leaves_by_pandas
from account_sql import group_columns, leaves_by_sql, scan_columns
from rich.console import Console

from keli.engine.connect import connect_duckdb
from keli.engine.context import StageContext
from keli.engine.progress import Reporter
from keli.engine.vault import Vault
from keli.line.account import stage
from keli.line.classify.accounted import accounted_units
from keli.model.catalogue import load_catalogue
from keli.model.workspace import Workspace


def join_units(folder: Path, engine: Any) -> None:
    """Bring together what the account reads in one row a unit and year, as the stage classify does."""
    vault = Vault(folder, engine, load_catalogue().tables)
    given = (vault.read(name) for name in ("unit_period", "unit_activity", "returns", "revenue_bases"))
    vault.write("accounted_units", accounted_units(*given))


def leaves_by_keli(folder: Path, engine: Any) -> Path:
    """The stage as the line runs it, all its tables written to the vault."""
    catalogue = load_catalogue()
    workspace = Workspace(folder, "SYNTHETIC benchmark", "440304", 2020, 2021, ())
    vault = Vault(folder, engine, catalogue.tables)
    report = Reporter(Console(file=io.StringIO()))
    context = StageContext(stage.NAME, workspace, catalogue, vault, stage.READS, stage.WRITES, report)
    stage.run(context)
    return vault.path("leaves")


def fingerprint(path: Path) -> str:
    """Hash of the leaves, whatever their order and number types."""
    table = pq.read_table(path)
    numbers = {field.name: field.type for field in table.schema if pa.types.is_decimal(field.type)}
    for name in numbers:
        table = table.set_column(table.schema.get_field_index(name), name, table[name].cast(pa.float64()))
    leaves = table.to_pandas()
    keys = list(leaves.columns[: leaves.columns.get_loc("value")])
    rows = leaves.sort_values(keys, kind="stable")
    cents = [pd.to_numeric(rows[name], errors="coerce").fillna(0).mul(100).round().astype("int64")
             for name in ("value", "absolute", "units", "x1", "x2")]  # fmt: skip
    text = rows[keys].astype(str).assign(**{f"c{place}": column for place, column in enumerate(cents)})
    return hashlib.sha256(text.to_csv(index=False).encode()).hexdigest()[:16]


def main() -> None:
    """Run the way named on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("way")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", type=int, default=1200)
    options = parser.parse_args()
    engine = connect_duckdb(options.folder / "spill", memory_bytes=options.memory * 2**20, threads=options.threads)
    started, cpu = time.perf_counter(), time.process_time()
    leaves: Path | None = None
    if options.way == "scan":
        scan_columns(options.folder, engine)
    elif options.way == "group":
        group_columns(options.folder, engine)
    elif options.way == "join":
        join_units(options.folder, engine)
    elif options.way == "keli":
        leaves = leaves_by_keli(options.folder, engine)
    elif options.way == "sql":
        leaves = leaves_by_sql(options.folder, engine)
    else:
        leaves = leaves_by_pandas(options.folder)
    # The clock stops where the leaves lie on disk; comparing them is not part of the account.
    figures = {
        "seconds": round(time.perf_counter() - started, 3),
        "cpu": round(time.process_time() - cpu, 3),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "leaves": "" if leaves is None else fingerprint(leaves),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
