"""A workspace with a synthetic district: its truth is known, its files are as dirty as real ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from keli.base.errors import KeliError, Place
from keli.model.catalogue import load_catalogue
from keli.sample.delivery.dirt import Ledger
from keli.sample.delivery.economy import CONTROL_COLUMNS, PRICE_COLUMNS, deliver_controls, deliver_prices
from keli.sample.delivery.evidence import EVIDENCE_COLUMNS, Starred, deliver_evidence, starred_units
from keli.sample.delivery.facts import facts_of, subdistrict_names
from keli.sample.delivery.files import CsvFile
from keli.sample.delivery.register import (
    FRAME_COLUMNS,
    REGISTER_COLUMNS,
    REGISTER_FILE,
    deliver_frame,
    deliver_register,
    finish_frame,
)
from keli.sample.delivery.returns import (
    ANNUAL_COLUMNS,
    QUARTERLY_COLUMNS,
    deliver_annual,
    deliver_quarterly,
    quarterly_years,
)
from keli.sample.delivery.tax import TAX_COLUMNS, TAX_FILES, deliver_tax
from keli.sample.delivery.workspace import MAP_FILE, write_map, write_plates, write_settings, write_thresholds
from keli.sample.truth.conventions import YEARS
from keli.sample.truth.records import TruthFiles
from keli.sample.truth.world import Chunk, Plan, chunks, planned

FEWEST_UNITS = 200
Report = Callable[[str], None]


def write_sample(folder: Path, units: int = 20_000, seed: int = 7, report: Report | None = None) -> None:
    """Write a workspace with a synthetic district; the same units and seed give the same bytes.

    Args:
        folder: Folder of the workspace; it must be empty or not exist.
        units: Number of units.
        seed: Seed of the random numbers.
        report: Told what is being written.

    Raises:
        KeliError: The folder is not empty, there are too few units, or the seed is negative.
    """
    _check(folder, units, seed)
    tell = report or (lambda _: None)
    if folder.exists():
        _fill(folder, units, seed, tell)
        return
    # Made beside its place and moved there whole, so that a stopped command leaves no half district.
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    _fill(partial, units, seed, tell)
    partial.rename(folder)


def _fill(folder: Path, units: int, seed: int, tell: Report) -> None:
    catalogue = load_catalogue()
    inputs, truth, local = _folders(folder)
    tell("truth")
    plan = planned(catalogue, units, seed)
    frame_file = _write_inputs(plan, inputs, truth, tell)
    write_map(catalogue, inputs / "map" / MAP_FILE)
    write_plates(local)
    write_thresholds(catalogue, local / "parameters", plan.threshold_scale)
    write_settings(folder, units, seed, frame_file)


def _check(folder: Path, units: int, seed: int) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KeliError(
            "The folder for the sample is not empty; nothing was written.",
            where=Place(str(folder)),
            example="keli new my-district",
            next_step="Choose a folder that is empty or does not exist.",
        )
    if units < FEWEST_UNITS:
        raise KeliError(
            f"{units} units are too few for a district with every core industry.",
            example="keli new my-district --units 20000",
            next_step=f"Ask for at least {FEWEST_UNITS} units.",
        )
    if seed < 0:
        raise KeliError(f"The seed {seed} is negative.", example="--seed 7", next_step="Take 0 or a positive number.")


def _folders(folder: Path) -> tuple[Path, Path, Path]:
    inputs, truth, local = folder / "inputs", folder / "truth", folder / "catalogue"
    for one in (inputs, inputs / "tax", inputs / "annual", inputs / "quarterly", inputs / "map", truth, local):
        one.mkdir(parents=True)
    return inputs, truth, local


class _Inputs:
    """The files of the deliveries that grow chunk by chunk."""

    def __init__(self, folder: Path) -> None:
        self.register = CsvFile(folder / REGISTER_FILE, REGISTER_COLUMNS)
        self.frame = CsvFile(folder / "frame.csv", FRAME_COLUMNS)
        self.tax = {
            year: CsvFile(folder / "tax" / name, TAX_COLUMNS, encoding=encoding)
            for year, (name, encoding) in TAX_FILES.items()
        }
        self.annual = {
            year: CsvFile(folder / "annual" / f"annual_{year}.csv", ANNUAL_COLUMNS, marked=True)
            for year in YEARS.tolist()
        }
        self.quarterly = {
            year: CsvFile(folder / "quarterly" / f"quarterly_{year}.csv", QUARTERLY_COLUMNS, marked=True)
            for year in quarterly_years()
        }

    def write(self, chunk: Chunk, ledger: Ledger, truth: TruthFiles) -> Starred:
        """Append a chunk to every file; return its units of starred classes."""
        facts = facts_of(chunk, ledger)
        deliver_register(facts, self.register)
        deliver_frame(facts, self.frame)
        for year, file in self.tax.items():
            deliver_tax(facts, year, file)
        for year, file in self.annual.items():
            deliver_annual(facts, year, file)
        for year, file in self.quarterly.items():
            deliver_quarterly(facts, year, file)
        codes = tuple(code for code, _ in subdistrict_names(chunk.plan.catalogue))
        truth.write(chunk, facts.identity.key, facts.identity.name, codes)
        return starred_units(facts)

    def close(self) -> None:
        """End every file."""
        for file in (self.register, self.frame, *self.tax.values(), *self.annual.values(), *self.quarterly.values()):
            file.close()


def _write_inputs(plan: Plan, inputs: Path, truth: Path, tell: Report) -> str:
    """Write the deliveries and the truth; return the name of the above-scale list."""
    files, ledger, records = _Inputs(inputs), Ledger(truth / "dirt.parquet"), TruthFiles(truth)
    starred = []
    for number, chunk in enumerate(chunks(plan), start=1):
        tell(f"units, part {number}")
        starred.append(files.write(chunk, ledger, records))
    files.close()
    ledger.close()
    records.close(plan)
    for name, columns in (
        ("split_evidence", EVIDENCE_COLUMNS),
        ("prices", PRICE_COLUMNS),
        ("controls", CONTROL_COLUMNS),
    ):
        file = CsvFile(inputs / f"{name}.csv", columns)
        if name == "split_evidence":
            deliver_evidence(plan, starred, file)
        elif name == "prices":
            deliver_prices(plan.truth, file)
        else:
            deliver_controls(plan, file)
        file.close()
    tell("above-scale list")
    return finish_frame(inputs, files.frame.rows, int(plan.rules.frame["rows_of_xlsx"]))
