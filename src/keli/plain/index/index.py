"""keli index: a composite index of the units of a file, as a SPEC says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keli.base.errors import ConfigurationError, SourceError
from keli.methods.composite.ahp import Judgement
from keli.methods.composite.ranks import Array
from keli.model.catalogue import Catalogue
from keli.plain.files import check_target, write_plain
from keli.plain.index.data import Data, check_number, read_data
from keli.plain.index.earlier import read_earlier
from keli.plain.index.prepared import screened
from keli.plain.index.report import reported
from keli.plain.index.scoring import Scored, Scoring
from keli.plain.index.spec import Spec, read_spec
from keli.plain.index.uncertainty import Uncertain, uncertain
from keli.plain.index.weighing import check_given, judgements

LATEST = 9999
RANK, LOW, MEDIAN, HIGH = "rank", "rank_low", "rank_median", "rank_high"
STATUS, IMPUTED = "status", "imputed"
SCORED, SCREENED, INCOMPLETE = "scored", "screened", "incomplete"


@dataclass(frozen=True)
class Made:
    """An index that was made.

    Args:
        data: All rows of the file.
        used: Rows that are scored.
        scoring: The scored rows.
        nominal: Their scores.
        places: Their places.
        doubt: What the replicates say.
        judged: Judgements of paired comparisons.
        limits: Limits of the catalogue.
    """

    data: Data
    used: npt.NDArray[np.bool_]
    scoring: Scoring
    nominal: Scored
    places: Array
    doubt: Uncertain | None
    judged: dict[str, Judgement]
    limits: dict[str, Any]


def make_index(file: Path, spec_file: Path, out: Path, report: Path | None, catalogue: Catalogue) -> list[str]:
    """Read data and SPEC, write scores and report, and return what was done in words.

    Args:
        file: CSV, one row a unit, or a unit and period.
        spec_file: YAML.
        out: CSV of scores and ranks to write, in the order of the data.
        report: JSON to write; nothing where it is not wanted.
        catalogue: Facts.

    Raises:
        KeliError: The SPEC or the data are not right; nothing is written.
    """
    for target in filter(None, (out, report)):
        check_target(target, [file, spec_file])
    if report is not None and report.resolve() == out.resolve():
        raise ConfigurationError("--out and --report name the same file.", example="--report index.json")
    spec = read_spec(spec_file)
    made = _made(read_data(file, spec), spec, spec_file.parent, catalogue)
    write_plain(out, _table(made), inputs=[file, spec_file])
    if report is not None:
        told = reported(made.scoring, made.nominal, made.judged, made.doubt, made.limits)
        report.write_text(json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1) + "\n", encoding="utf-8")
    return _told(made, out, report)


def _made(data: Data, spec: Spec, beside: Path, catalogue: Catalogue) -> Made:
    limits, comparing = (catalogue.parameter(f"index/{name}").at(LATEST) for name in ("limits", "ahp_random_index"))
    _check_names(spec)
    check_given(spec, float(limits["weights"]))
    judged = judgements(spec, comparing["by_size"])
    by_part = {
        node.name: {
            part.name: float(weight) for part, weight in zip(node.parts, judged[node.name].weights, strict=True)
        }
        for node in spec.top.branches()
        if node.name in judged
    }
    used = screened(data, spec)
    check_number(data.only(used), limits["units"])
    rules = catalogue.parameter("index/outliers").at(LATEST)
    scoring = Scoring(data.only(used), spec, rules, by_part, read_earlier(spec, beside))
    nominal = scoring.score(spec.choices)
    places = scoring.places(nominal.branches[spec.top.name])
    if np.isnan(places).all():
        raise SourceError(
            "No unit has a score: every one lacks a part.", where=data.place(), example="imputation: {method: mean}",
            next_step="Impute what is missing, or let branches do with fewer parts: aggregation: {available: 0.8}",
        )  # fmt: skip
    doubt = uncertain(scoring, places) if spec.key("uncertainty") else None
    return Made(data, used, scoring, nominal, places, doubt, judged, {**limits, "ratio": comparing["largest_ratio"]})


def _check_names(spec: Spec) -> None:
    taken = {RANK, LOW, MEDIAN, HIGH, STATUS, IMPUTED, *(spec.key(key) for key in ("unit", "period", "group"))}
    for name, branch in spec.branches.items():
        if name in taken:
            raise ConfigurationError(
                f'"{name}" is the name of a column of the result.', where=branch.place, next_step="Choose another name."
            )


def _table(made: Made) -> pa.Table:
    """One row for each row of the data, in its order: names, score, places, pillars, what was imputed."""
    spec, rows = made.scoring.spec, len(made.data.units)
    top = spec.top.name
    columns: dict[str, list[Any]] = {}
    for key, texts in (("unit", made.data.units), ("period", made.data.periods), ("group", made.data.groups)):
        if spec.key(key):
            columns[spec.key(key)] = list(texts)
    spread = {top: made.nominal.branches[top], RANK: made.places}
    if made.doubt is not None:
        spread |= {LOW: made.doubt.low, MEDIAN: made.doubt.median, HIGH: made.doubt.high}
    spread |= {name: score for name, score in made.nominal.branches.items() if name != top}
    for name, values in spread.items():
        every = np.full(rows, np.nan)
        every[made.used] = values
        columns[name] = [_cell(value, whole=name == RANK) for value in every]
    score = columns[top]
    columns[STATUS] = [
        (SCORED if score[row] is not None else INCOMPLETE) if made.used[row] else SCREENED for row in range(rows)
    ]
    columns[IMPUTED] = _imputed(made)
    return pa.table(columns)


def _imputed(made: Made) -> list[str]:
    """Names of the indicators that were imputed, by row."""
    values = made.scoring.values({**made.scoring.spec.choices, "treatment": {"method": "none"}})
    filled = np.isnan(made.scoring.data.values) & ~np.isnan(values)
    names = [indicator.column for indicator in made.scoring.spec.indicators]
    cells = iter([";".join(name for name, one in zip(names, row, strict=True) if one) for row in filled])
    return [next(cells) if used else "" for used in made.used]


def _cell(value: float, *, whole: bool) -> float | int | None:
    if np.isnan(value):
        return None
    return int(value) if whole else float(value)


def _told(made: Made, out: Path, report: Path | None) -> list[str]:
    """What was done, in words."""
    spec = made.scoring.spec
    imputed = sum(bool(cell) for cell in _imputed(made))
    empty = int(np.sum(np.isnan(made.nominal.branches[spec.top.name])))
    rows, dropped = len(made.data.units), int(np.sum(~made.used))
    lines = [
        f"{rows - dropped - empty} of {rows} rows scored, {imputed} with imputation; {dropped} screened, {empty} empty",
        f"{len(spec.indicators)} indicators in {len(spec.branches)} branches",
    ]
    noted = made.scoring.outliers(spec.choices)
    treated = sorted({one.column for one in noted if one.after.steps})
    left = sorted({one.column for one in noted if not one.after.passes})
    if treated:
        lines.append(f"treated for outliers: {', '.join(treated)}")
    if left:
        lines.append(f"still with outliers: {', '.join(left)}")
    lines += [
        f"{name}: consistency ratio {one.ratio:.3f} is above {made.limits['ratio']:g}; judge again"
        for name, one in made.judged.items()
        if one.ratio > made.limits["ratio"]
    ]
    if made.doubt is not None:
        lines.append(
            f"{len(made.doubt.shifts)} replicates over {', '.join(made.doubt.factors)}:"
            f" places move by {made.doubt.shifts.mean():.2f} on average"
        )
    return [*lines, f"written: {out}" + ("" if report is None else f", {report}")]
