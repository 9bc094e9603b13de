"""keli code: the industry of every row of a file, and a coder trained on coded rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keli.base.errors import Place, SourceError
from keli.engine.coding.ahead import ahead
from keli.engine.coding.kept import kept, write_whole
from keli.methods.industry_coding.concordance import CURRENT, current_codes
from keli.methods.industry_coding.facts import LATEST, core_classes, shipped_settings
from keli.methods.industry_coding.model import RANKS, CodingModel, coded
from keli.methods.industry_coding.stored import SHIPPED_CODER, SHIPPED_TRAINING, model_bytes, model_of
from keli.methods.industry_coding.training import LEAST_UNITS, CodedUnits, own_model, shipped_model
from keli.model.catalogue import Catalogue
from keli.plain.files import (
    PlainFile,
    check_target,
    open_plain,
    plain_batches,
    read_plain,
    require_columns,
    require_values,
    write_plain,
)

ADDED = ("code", "probability", *(f"code_{rank}" for rank in range(2, RANKS + 1)), "p_core", "origin", "p_class",
         "division", "section")  # fmt: skip
ROWS_AT_ONCE = 8192
UNTOLD, CODER = "none", "coder"
DECIMALS = 4
NAME_SUFFIX = "_name"
CLASS, DIVISION = 4, 2


@dataclass(frozen=True)
class Columns:
    """Columns of a file: the business scope, and the firm's name where there is one."""

    text: str
    name: str | None = None

    @property
    def named(self) -> list[str]:
        """The column of the name, if any."""
        return [self.name] if self.name else []


@dataclass(frozen=True)
class CodedFile:
    """What coding a file came to.

    Args:
        rows: Rows of the file.
        empty: Rows whose scope and name say nothing that the coder knows; they get no code.
        sure: Rows whose probability reaches the confidence.
        confidence: Least probability that needs no clerk.
    """

    rows: int
    empty: int
    sure: int
    confidence: float


@dataclass(frozen=True)
class TrainedFile:
    """What training came to.

    Args:
        rows: Rows of the file.
        used: Rows that the coder was trained on.
        classes: Of these, rows whose label is a class of GB/T 4754-2017 after concordance.
        dropped: Rows left out, by reason.
        size: Bytes of the model.
    """

    rows: int
    used: int
    classes: int
    dropped: dict[str, int]
    size: int


def coder(model: Path | None, catalogue: Catalogue, tell: Callable[[str], None]) -> CodingModel:
    """The coder in a file, or the shipped one, which is trained at first use and kept.

    Args:
        model: File of a bureau's own coder, if any.
        catalogue: The facts.
        tell: Is told when the shipped coder is trained first.

    Raises:
        SourceError: The file is not there or is no coder.
    """
    if model is None:

        def made() -> bytes:
            tell(SHIPPED_TRAINING)
            return model_bytes(shipped_model(catalogue))

        return model_of(kept(SHIPPED_CODER, made, made_from=shipped_settings(catalogue)))
    if not model.is_file():
        raise SourceError(
            "There is no such model.",
            where=Place(str(model)),
            example="keli code --train coded.csv --text scope --name name --label code --model our.model",
        )
    return model_of(model.read_bytes(), Place(str(model)))


def code_file(
    source: Path,
    target: Path,
    columns: Columns,
    *,
    model: CodingModel,
    catalogue: Catalogue,
    tell: Callable[[int], None] | None = None,
) -> CodedFile:
    """Write all rows of a file with their industry code and its probability.

    Args:
        source: CSV file.
        target: CSV file to write.
        columns: Its columns.
        model: The coder.
        catalogue: The facts.
        tell: Is told the rows done so far.

    Raises:
        SourceError: A column is missing, empty, or stands in the file under a name that is added.
    """
    file = open_plain(source)
    require_columns(file, [columns.text], option="--text")
    require_columns(file, columns.named, option="--name")
    _check_free(file)
    check_target(target, [source])
    core, sections, found = core_classes(catalogue), _sections(catalogue), Counter[str]()
    confidence = float(catalogue.parameter("coding/confidence").at(LATEST))

    def written() -> Iterator[pa.RecordBatch]:
        for batch in ahead(lambda piece: _with_codes(piece, columns, model, core, sections), _pieces(file)):
            found.update(_tally(batch, columns.text, confidence))
            if tell is not None:
                tell(found["rows"])
            yield batch
        if found["blank"] == found["rows"]:
            raise SourceError(
                f'The column "{columns.text}" is empty in all {found["rows"]} rows.',
                where=Place(str(source), None, columns.text),
                next_step="Name the column of the business scope with --text.",
            )

    write_plain(target, written(), inputs=[source])
    return CodedFile(found["rows"], found["untold"], found["sure"], confidence)


def _tally(batch: pa.RecordBatch, text: str, confidence: float) -> dict[str, int]:
    sure = pc.greater_equal(pc.fill_null(batch["probability"], 0.0), confidence)
    return {
        "rows": batch.num_rows,
        "untold": batch["code"].null_count,
        "sure": pc.sum(sure).as_py() or 0,
        "blank": batch[text].null_count,
    }


def train_file(
    source: Path, target: Path, columns: Columns, *, label: str, edition: int, catalogue: Catalogue
) -> TrainedFile:
    """Train a coder on coded rows and write it.

    Args:
        source: CSV file of coded units.
        target: File of the model to write.
        columns: Its columns.
        label: Column of the GB/T 4754 code; for edition 2011 the official name of the code stands in <label>_name.
        edition: Edition of the codes, 2011 or 2017.
        catalogue: The facts.

    Raises:
        SourceError: A column is missing or empty, or too few rows have a code.
    """
    check_target(target, [source])
    rows = _labelled(source, columns, label)
    labels = [code.strip() if code else "" for code in rows[label].to_pylist()]
    official = f"{label}{NAME_SUFFIX}"
    names = rows[official].to_pylist() if official in rows.column_names else [None] * len(labels)
    current = current_codes(labels, names, catalogue.gbt, edition=edition)
    scopes, firms = _texts(rows, columns.text), _texts(rows, columns.name)
    used = [row for row, code in enumerate(current) if code is not None and (scopes[row] or firms[row])]
    if len(used) < LEAST_UNITS:
        raise _too_few(Place(str(source), None, label), labels, len(used), edition)
    chosen = [current[row] or "" for row in used]
    units = CodedUnits([scopes[row] for row in used], [firms[row] for row in used], chosen, edition)
    contents = model_bytes(own_model(units, catalogue))
    write_whole(target, contents)
    uncoded = sum(code is None for code in current)
    dropped = {"no code of the edition": uncoded, "no text": len(labels) - len(used) - uncoded}
    classes = sum(len(code) == CLASS for code in chosen)
    return TrainedFile(len(labels), len(used), classes, dropped, len(contents))


def _labelled(source: Path, columns: Columns, label: str) -> pa.Table:
    """The columns of a training file that are read."""
    file = open_plain(source)
    require_columns(file, [columns.text], option="--text")
    require_columns(file, [label], option="--label")
    require_columns(file, columns.named, option="--name")
    official = [column for column in (f"{label}{NAME_SUFFIX}",) if column in file.columns]
    rows = read_plain(file, dict.fromkeys([columns.text, label, *columns.named, *official]))
    require_values(rows, columns.text, source)
    require_values(rows, label, source)
    return rows


def told_of_codes(done: CodedFile) -> list[str]:
    """What coding a file came to, in words."""
    share = f"{done.sure / done.rows:.0%}"
    lines = [
        f"rows: {done.rows}; {done.sure} ({share}) reach the probability {done.confidence:g}, others need a clerk."
    ]
    if done.empty:
        lines.append(f"{done.empty} rows say nothing that the coder knows and have no code (origin {UNTOLD}).")
    return lines


def told_of_training(done: TrainedFile, edition: int) -> list[str]:
    """What training came to, in words."""
    lines = [f"{done.used} of {done.rows} rows trained, {done.classes} of them with a class of four digits."]
    lines += [f"{count} rows left out: {reason}." for reason, count in done.dropped.items() if count]
    if edition != CURRENT and not done.classes:
        lines.append("Codes of 2011 become classes of 2017 by their official names: put these in <label>_name.")
    return [*lines, f"The model has {done.size / 1e6:.1f} MB."]


def _check_free(file: PlainFile) -> None:
    taken = [column for column in ADDED if column in file.columns]
    if taken:
        raise SourceError(
            f'The file has a column "{taken[0]}" already, which the result adds.',
            where=Place(str(file.path), 1, taken[0]),
            next_step=f"Rename it; the result adds: {', '.join(ADDED)}.",
        )


def _texts(rows: pa.Table | pa.RecordBatch, column: str | None) -> list[str]:
    """A column as text, nothing for null; all empty where there is no such column."""
    if column is None:
        return [""] * int(rows.num_rows)
    return [text.strip() if text else "" for text in rows[column].to_pylist()]


def _pieces(file: PlainFile) -> Iterator[pa.RecordBatch]:
    for batch in plain_batches(file):
        for start in range(0, batch.num_rows, ROWS_AT_ONCE):
            yield batch.slice(start, ROWS_AT_ONCE)


def _sections(catalogue: Catalogue) -> dict[str, str]:
    """Division of GB/T 4754 -> letter of its section."""
    entries = catalogue.gbt.codes.values()
    return {entry.code: entry.parent for entry in entries if len(entry.code) == DIVISION and entry.parent}


def _with_codes(
    batch: pa.RecordBatch, columns: Columns, model: CodingModel, core: frozenset[str], sections: dict[str, str]
) -> pa.RecordBatch:
    found = coded(model, _texts(batch, columns.text), _texts(batch, columns.name), core)
    missing = ~found.told
    divisions = [code[:DIVISION] for code in found.ranked[:, 0]]
    added: dict[str, pa.Array] = {
        "code": pa.array(found.ranked[:, 0], pa.string(), mask=missing),
        "probability": _share(found.probability, missing),
        **{f"code_{rank + 1}": pa.array(found.ranked[:, rank], pa.string(), mask=missing) for rank in range(1, RANKS)},
        "p_core": _share(found.core_probability, missing),
        "origin": pa.array([CODER if told else UNTOLD for told in found.told]),
        "p_class": _share(found.class_probability, missing),
        "division": pa.array(divisions, pa.string(), mask=missing),
        "section": pa.array([sections.get(division) for division in divisions], pa.string(), mask=missing),
    }
    return pa.RecordBatch.from_arrays([*batch.columns, *added.values()], names=[*batch.schema.names, *added])


def _share(values: Any, missing: Any) -> pa.Array:
    return pa.array(values.astype("float64").round(DECIMALS), mask=missing)


def _too_few(place: Place, labels: Sequence[str], used: int, edition: int) -> SourceError:
    examples = ", ".join(dict.fromkeys(code for code in labels[:20] if code))
    return SourceError(
        f"{used} rows have a text and a code of GB/T 4754-{edition}; training needs {LEAST_UNITS}. Labels: {examples}.",
        where=place,
        example="6513",
        next_step="Name the column of the industry code with --label, and its edition with --edition.",
    )
