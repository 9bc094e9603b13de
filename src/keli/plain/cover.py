"""Coverage of a plain file: which units reach the threshold of their industry, and how many of them are on the list."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from keli.base.errors import ConfigurationError, KeliError, Place, SourceError
from keli.base.quantities import YUAN_IN
from keli.methods.capture_recapture import chapman
from keli.methods.growth import share
from keli.model.catalogue import Catalogue
from keli.model.thresholds.above_scale import above_scale
from keli.plain.files import (
    PlainFile,
    open_plain,
    read_plain,
    require_columns,
    require_unique,
    require_values,
    write_plain,
)

YES = frozenset({"1", "y", "yes", "true", "t", "是", "在库", "有"})
NO = frozenset({"0", "n", "no", "false", "f", "否", "不在库", "无", ""})
FEN = 100
MISSING, NEAR, BELOW, LISTED, SMALL, UNTESTED = "missing", "near", "below", "listed", "small", "untested"
SHEETS = (MISSING, NEAR, BELOW, UNTESTED)
ADDED = ("list", "industries", "threshold_yuan", "revenue_yuan", "percent_of_threshold", "remark")
ALL, UNKNOWN = "_T", "_U"
RATES = (
    "area", "industries", "units_reaching", "units_listed", "units_missing", "coverage_count_percent",
    "revenue_reaching_yuan", "revenue_listed_yuan", "coverage_revenue_percent", "units_near", "units_estimated",
    "standard_error",
)  # fmt: skip


@dataclass(frozen=True)
class CoverTask:
    """What is asked of a file of units.

    Args:
        path: The file, one row a unit; .gz is unpacked while it is read.
        out: Folder for the lists and the rates.
        code: Column of the GB/T 4754-2017 code.
        revenue: Column of the revenue of twelve months.
        frame: Column that says whether the unit is on the above-scale list.
        area: Column of the subdistrict, if any.
        second: Column that says whether the unit is on a second list, if any.
        identifier: Column that identifies the units, if any.
        unit: Unit of the revenue: 元, 千元, 万元, 百万元, 亿元.
        near: Part of the threshold from which a unit is near it; that of the catalogue where none is given.
        year: Year whose thresholds hold.
    """

    path: Path
    out: Path
    code: str = "code"
    revenue: str = "revenue"
    frame: str = "in_frame"
    area: str | None = None
    second: str | None = None
    identifier: str | None = None
    unit: str = "元"
    near: float | None = None
    year: int = 9999


@dataclass(frozen=True)
class Covered:
    """What was found.

    Args:
        rows: Rows of the file.
        by_list: Number of rows by list: missing, near, below, listed, small, untested.
        rates: The rates of all units together.
        second: A second list was given.
    """

    rows: int
    by_list: dict[str, int]
    rates: dict[str, float | None]
    second: bool


def cover_file(task: CoverTask, catalogue: Catalogue) -> Covered:
    """Write who is missing from the above-scale list, who is near or below the threshold, and the coverage of the list.

    Method: a unit reaches the threshold where its revenue is not below it (`thresholds/above_scale`); coverage is the
    part of those units, and of their revenue, that is on the list; with a second list the units that neither names are
    estimated (Chapman).

    Raises:
        SourceError: The file cannot be read, or lacks a column.
        ConfigurationError: The unit of the revenue or the share is none.
        KeliError: The folder is a file.
    """
    _check(task)
    file = open_plain(task.path)
    _require(file, task)
    rows = read_plain(file)
    for column in (task.code, task.revenue):
        require_values(rows, column, task.path)
    if task.identifier is not None:
        require_unique(rows, task.identifier, task.path)
    tested = _tested(rows.to_pandas(), task, catalogue)
    rates = _rates(tested, with_second=task.second is not None)
    _write(rows.column_names, tested, rates, task)
    counted = {name: int((tested["list"] == name).sum()) for name in (*SHEETS, LISTED, SMALL)}
    whole = rates.iloc[0][list(RATES[2:])].astype(object)
    figures = {name: None if pd.isna(value) else float(value) for name, value in whole.items()}
    return Covered(rows.num_rows, counted, figures, task.second is not None)


def _check(task: CoverTask) -> None:
    if task.unit not in YUAN_IN:
        raise ConfigurationError(f'"{task.unit}" is no unit of money.', example=f"--unit {' or '.join(YUAN_IN)}")
    if task.near is not None and not 0 < task.near < 1:
        raise ConfigurationError(f"--near {task.near:g} is no part of a threshold.", example="--near 0.8")
    if task.out.exists() and not task.out.is_dir():
        raise KeliError(
            "--out needs a folder; this is a file.", where=Place(str(task.out)), example="--out coverage"
        )  # fmt: skip


def _require(file: PlainFile, task: CoverTask) -> None:
    """Check that the columns are there, and that none has a name that is added."""
    named = {"--code": task.code, "--revenue": task.revenue, "--frame": task.frame, "--area": task.area,
             "--second": task.second, "--id": task.identifier}  # fmt: skip
    for option, column in named.items():
        if column is not None:
            require_columns(file, [column], option=option)
    taken = [name for name in ADDED if name in file.columns]
    if taken:
        raise SourceError(
            f'The file has a column "{taken[0]}" already, which this command adds.',
            where=Place(str(task.path), 1),
            next_step=f"Rename it: the command adds {', '.join(ADDED)}.",
        )


def _tested(rows: pd.DataFrame, task: CoverTask, catalogue: Catalogue) -> pd.DataFrame:
    """The rows with the threshold test; what cannot be tested says why."""
    limits = above_scale(catalogue, task.year)
    code = rows[task.code].fillna("").str.strip().str.replace(r"^[A-Za-z](?=\d)", "", regex=True)
    text = rows[task.revenue].fillna("").str.strip().str.replace(",", "")
    revenue = np.rint(pd.to_numeric(text, errors="coerce") * float(YUAN_IN[task.unit]) * FEN)
    threshold = code.map({name: int(limit.revenue_min * FEN) for name, limit in limits.items()}).astype(float)
    frame = _flag(rows[task.frame])
    second = _flag(rows[task.second]) if task.second is not None else pd.Series(data=False, index=rows.index)
    problem = pd.Series(np.select(
        [code == "", ~code.isin(catalogue.gbt.codes), threshold.isna(), text == "",
         ~np.isfinite(revenue), frame.isna() | second.isna()],
        ["no industry code", "no code of GB/T 4754-2017", "an industry without a threshold", "no revenue",
         "the revenue is no number", "on the list: neither yes nor no"], "",
    ), index=rows.index)  # fmt: skip
    near = catalogue.parameter("coverage/near_share").at(task.year) if task.near is None else task.near
    reaches, listed = revenue >= threshold, frame.eq(other=True)
    found = np.select(
        [problem != "", reaches & listed, reaches, listed, revenue >= near * threshold],
        [UNTESTED, LISTED, MISSING, BELOW, NEAR], SMALL,
    )  # fmt: skip
    area = rows[task.area].fillna(UNKNOWN) if task.area is not None else ALL
    industries = code.map({name: limit.label_zh for name, limit in limits.items()}).fillna("")
    asked = code.map({name: limit.asked for name, limit in limits.items()}).eq(other=True)
    return rows.assign(
        list=found, industries=industries, threshold_yuan=threshold, revenue_yuan=revenue,
        percent_of_threshold=np.floor(share(revenue, threshold)),
        remark=problem.where(problem != "", np.where(asked, "asked for its qualification or activity", "")),
        area_=area, reaches_=reaches & (problem == ""), listed_=listed, second_=second.eq(other=True),
    )  # fmt: skip


def _flag(column: pd.Series) -> pd.Series:
    """Yes and no as truth values, everything else as nothing."""
    told = column.fillna("").str.strip().str.lower()
    return told.map(dict.fromkeys(YES, True) | dict.fromkeys(NO, False)).astype(object)


def _rates(tested: pd.DataFrame, *, with_second: bool) -> pd.DataFrame:
    """Coverage of all units, then of each area, then of each group of industries."""
    groups = [(ALL, ALL, tested)]
    if (tested["area_"] != ALL).any():
        groups += [(str(area), ALL, part) for area, part in tested.groupby("area_", sort=True)]
    known = tested[tested["industries"] != ""]
    groups += [(ALL, str(name), part) for name, part in known.groupby("industries", sort=True)]
    return pd.DataFrame(
        [_rate(area, name, part, with_second=with_second) for area, name, part in groups], columns=list(RATES)
    )


def _rate(area: str, industries: str, rows: pd.DataFrame, *, with_second: bool) -> dict[str, object]:
    reaching = rows[rows["reaches_"]]
    listed = reaching[reaching["listed_"]]
    revenue, on_list = (int(part["revenue_yuan"].sum()) for part in (reaching, listed))
    second = int(reaching["second_"].sum())
    found = chapman(len(listed), second, int(listed["second_"].sum())) if with_second else None
    return {
        "area": area,
        "industries": industries,
        "units_reaching": len(reaching),
        "units_listed": len(listed),
        "units_missing": len(reaching) - len(listed),
        "coverage_count_percent": round(share(len(listed), len(reaching)), 2) if len(reaching) else None,
        "revenue_reaching_yuan": Decimal(revenue) / FEN,
        "revenue_listed_yuan": Decimal(on_list) / FEN,
        "coverage_revenue_percent": round(share(on_list, revenue), 2) if revenue else None,
        "units_near": int((rows["list"] == NEAR).sum()),
        "units_estimated": round(found.population, 2) if found else None,
        "standard_error": round(found.standard_error, 2) if found else None,
    }


def _write(columns: list[str], tested: pd.DataFrame, rates: pd.DataFrame, task: CoverTask) -> None:
    """Write a file for each list, by area and revenue, and the rates."""
    task.out.mkdir(parents=True, exist_ok=True)
    ordered = tested.sort_values(["area_", "revenue_yuan"], ascending=[True, False], kind="stable")
    for name in SHEETS:
        part = ordered[ordered["list"] == name]
        amounts = {column: _yuan(part[column]) for column in ("threshold_yuan", "revenue_yuan")}
        percent = [None if pd.isna(value) else f"{value:.0f}" for value in part["percent_of_threshold"]]
        shown = part.assign(**amounts, percent_of_threshold=percent)[[*columns, *ADDED]]
        write_plain(task.out / f"{name}.csv", _text(shown), inputs=[task.path])
    write_plain(task.out / "coverage.csv", _text(rates), inputs=[task.path])


def _yuan(fen: pd.Series) -> list[str | None]:
    return [None if not np.isfinite(value) else f"{Decimal(int(value)) / FEN:.2f}" for value in fen]


def _text(rows: pd.DataFrame) -> pa.Table:
    """Rows as text; nothing is an empty cell."""
    cells = {
        str(name): pa.array([None if pd.isna(value) else str(value) for value in column], pa.string())
        for name, column in rows.items()
    }
    return pa.table(cells)


def told_of_coverage(done: Covered) -> list[str]:
    """What the command says when it is done: rows by list, coverage, units that no list names."""
    lines = [f"{name}: {count}" for name, count in done.by_list.items()]
    found = done.rates
    if found["coverage_count_percent"] is None:
        return [*lines, "No unit of the file reaches the threshold of its industry."]
    lines.append(
        f"{found['units_listed']:.0f} of {found['units_reaching']:.0f} units that reach the threshold are on the list: "
        f"{found['coverage_count_percent']:.2f} % by count, {found['coverage_revenue_percent']:.2f} % by revenue."
    )
    if done.second:
        lines.append(
            f"Estimated units that reach the threshold: {found['units_estimated']:.2f}, standard error "
            f"{found['standard_error']:.2f} (Chapman)."
        )
    return lines
