"""Plain files: a CSV of text columns in, a CSV out; what is wrong with a file is said before work begins."""

from __future__ import annotations

import codecs
import csv
import difflib
import gzip
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from keli.base.errors import KeliError, Place, SourceError

UTF_8, GB18030 = "utf-8", "gb18030"
CHUNK = 1 << 20
BLOCK = 8 << 20
CELL_LIMIT = 1 << 24
EXAMPLE = "id,name,scope\n           1,深圳市某某科技有限公司,软件开发；信息系统集成服务"
# First bytes of files that are no CSV, and what they are.
FOREIGN = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}


@dataclass(frozen=True)
class PlainFile:
    """A CSV file whose head was read.

    Args:
        path: Where it is; a name that ends in .gz is compressed.
        encoding: utf-8 (with or without byte order mark) or gb18030.
        columns: Names of its columns in their order.
    """

    path: Path
    encoding: str
    columns: tuple[str, ...]


def open_plain(path: Path) -> PlainFile:
    """Return the encoding and the columns of a CSV file.

    Args:
        path: The file; .gz is unpacked while it is read.

    Raises:
        SourceError: It is not there, is no CSV, is empty, has a head alone, or its head names a column twice or not.
    """
    if not path.is_file():
        raise SourceError(
            "There is no such file." if not path.exists() else "This is a folder, not a file.",
            where=Place(str(path)),
            next_step=_neighbour(path),
        )
    with _bytes_of(path) as file:
        _check_kind(path, file.read(4))
    encoding = _encoding(path)
    head = _head(path, encoding)
    return PlainFile(path, encoding, head)


def read_plain(file: PlainFile, columns: Iterable[str] | None = None) -> pa.Table:
    """Return a CSV file as a table of text; an empty cell is null.

    Args:
        file: The file.
        columns: The columns to read; all by default.

    Raises:
        SourceError: A row has more or fewer cells than the head.
    """
    batches = list(plain_batches(file, columns))
    return pa.Table.from_batches(batches, batches[0].schema)


def plain_batches(file: PlainFile, columns: Iterable[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Yield a CSV file in batches of text rows, so that a file larger than the memory passes; an empty cell is null.

    Args:
        file: The file.
        columns: The columns to read; all by default.

    Raises:
        SourceError: A row has more or fewer cells than the head.
    """
    wanted = list(file.columns if columns is None else columns)
    convert = pa_csv.ConvertOptions(
        column_types=dict.fromkeys(file.columns, pa.string()),
        include_columns=wanted,
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )
    reading = pa_csv.ReadOptions(
        column_names=list(file.columns), skip_rows=0, skip_rows_after_names=1, encoding=file.encoding, block_size=BLOCK
    )
    parsing = pa_csv.ParseOptions(newlines_in_values=True)
    try:
        with _bytes_of(file.path) as stream:
            yield from pa_csv.open_csv(stream, reading, parsing, convert)
    except (pa.ArrowInvalid, UnicodeDecodeError) as problem:
        raise _broken(file) from problem


def require_columns(file: PlainFile, columns: Iterable[str], *, option: str | None = None) -> None:
    """Check that a file has the columns that are asked for.

    Args:
        file: The file.
        columns: Names of columns.
        option: The option of the command that names them, for the message.

    Raises:
        SourceError: One is missing; the message names the nearest column and those that there are.
    """
    for column in columns:
        if column in file.columns:
            continue
        lowered = {name.strip().lower(): name for name in file.columns}
        close = difflib.get_close_matches(column.strip().lower(), lowered, n=1, cutoff=0.5)
        nearest = f'Did you mean "{lowered[close[0]]}"? ' if close else ""
        raise SourceError(
            f'The file has no column "{column}".',
            where=Place(str(file.path), 1),
            example=f"{option} {lowered[close[0]] if close else file.columns[0]}" if option else None,
            next_step=f"{nearest}Its columns are: {', '.join(file.columns)}.",
        )


def require_values(table: pa.Table, column: str, path: Path) -> None:
    """Check that a column holds anything at all.

    Args:
        table: Rows of the file.
        column: Name of the column.
        path: The file, for the message.

    Raises:
        SourceError: Every cell of the column is empty or blank.
    """
    filled = pc.sum(pc.not_equal(pc.utf8_trim_whitespace(table[column]), "")).as_py()
    if not filled:
        raise SourceError(
            f'The column "{column}" is empty in all {table.num_rows} rows.',
            where=Place(str(path), None, column),
            next_step="Name the column that holds the text, or see how the file was exported.",
        )


def require_unique(table: pa.Table, column: str, path: Path) -> None:
    """Check that a column identifies the rows: no cell is empty, none occurs twice.

    Args:
        table: Rows of the file.
        column: Name of the column of identifiers.
        path: The file, for the message.

    Raises:
        SourceError: A cell is empty, or an identifier occurs twice; the message names both rows.
    """
    values = table[column].combine_chunks()
    if values.null_count:
        row = pc.index(pc.is_null(values), value=True).as_py() + 2
        raise SourceError(
            f'The identifier "{column}" is empty in {values.null_count} of {len(values)} rows.',
            where=Place(str(path), row, column),
            next_step="Give every row an identifier of its own.",
        )
    counted = pc.value_counts(values)
    repeated = counted.filter(pc.greater(counted.field("counts"), 1))
    if len(repeated):
        first = repeated[0]["values"].as_py()
        rows = [int(place) + 2 for place in pc.indices_nonzero(pc.equal(values, first))[:2].to_pylist()]
        raise SourceError(
            f'Identifiers occur more than once: {len(repeated)}, of which "{first}" in rows {rows[0]} and {rows[1]}.',
            where=Place(str(path), rows[1], column),
            next_step="Keep one row for each identifier, or name a column that tells the rows apart.",
        )


def write_plain(path: Path, rows: pa.Table | Iterable[pa.RecordBatch], *, inputs: Iterable[Path] = ()) -> int:
    """Write rows as a CSV in UTF-8, whole or not at all; a name that ends in .gz is compressed. Return how many.

    Args:
        path: Where they go.
        rows: A table, or batches of one schema.
        inputs: Files that are read and must not be overwritten.

    Raises:
        KeliError: The file is one of the inputs, or its folder is missing.
    """
    check_target(path, inputs)
    part = path.with_name(path.name + ".part")
    batches = iter(rows.to_batches() if isinstance(rows, pa.Table) else rows)
    head: list[str] | None = rows.column_names if isinstance(rows, pa.Table) else None
    written = 0
    try:
        with _target(part, packed=path.suffix == ".gz") as target:
            text = io.TextIOWrapper(target, encoding=UTF_8, newline="", write_through=True)
            writer = csv.writer(text, lineterminator="\n")
            for batch in batches:
                if not written:
                    head = batch.schema.names
                    writer.writerow(head)
                writer.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))
                written += batch.num_rows
            if not written and head is not None:
                writer.writerow(head)
            text.detach()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return written


def check_target(path: Path, inputs: Iterable[Path] = ()) -> None:
    """Check, before work begins, that a result can be written.

    Args:
        path: Where the result will go.
        inputs: Files that are read and must not be overwritten.

    Raises:
        KeliError: The file is one of the inputs or a folder, or its folder is missing.
    """
    if any(path.resolve() == read.resolve() for read in inputs):
        raise KeliError(
            "The result would overwrite what is read.",
            where=Place(str(path)),
            next_step="Name another file for the result.",
        )
    if path.is_dir():
        raise KeliError(
            "The result needs the name of a file; this is a folder.",
            where=Place(str(path)),
            example=str(path / "result.csv"),
        )
    if not path.parent.is_dir():
        raise KeliError(
            "The folder of the result is missing.", where=Place(str(path.parent)), next_step="Make it, or name another."
        )


@contextmanager
def _bytes_of(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked."""
    try:
        if path.suffix == ".gz":
            with gzip.open(path, "rb") as packed:
                yield cast("BinaryIO", packed)
        else:
            with path.open("rb") as plain:
                yield plain
    except (gzip.BadGzipFile, EOFError) as problem:
        raise SourceError(
            "The file ends in .gz but cannot be unpacked.",
            where=Place(str(path)),
            next_step="Deliver it again, or rename it if it is not compressed.",
        ) from problem


@contextmanager
def _target(path: Path, *, packed: bool) -> Iterator[BinaryIO]:
    with path.open("wb") as file:
        if not packed:
            yield file
            return
        # No time of day in the head: the same rows give the same bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6) as archive:
            yield cast("BinaryIO", archive)


def _check_kind(path: Path, start: bytes) -> None:
    """Refuse files that are no CSV."""
    if not start:
        raise SourceError("The file is empty.", where=Place(str(path)), example=EXAMPLE)
    kind = next((kind for magic, kind in FOREIGN.items() if start.startswith(magic)), None)
    if kind is not None:
        raise SourceError(
            f"The file is {kind}, not a CSV.",
            where=Place(str(path)),
            next_step="Save it as CSV UTF-8 and name that file.",
        )


def _encoding(path: Path) -> str:
    """UTF-8 where the whole file is that, else GB18030."""
    for encoding in (UTF_8, GB18030):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with _bytes_of(path) as file:
                while chunk := file.read(CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise SourceError(
        "The text is neither UTF-8 nor GB18030.", where=Place(str(path)), next_step="Save the file as CSV UTF-8."
    )


def _records(path: Path, encoding: str) -> Iterator[list[str]]:
    """The rows as lists of cells; blank lines are left out, as the reader of the rows leaves them out."""
    before = csv.field_size_limit(CELL_LIMIT)  # the limit is the whole program's: others keep theirs
    try:
        with _bytes_of(path) as file:
            text = io.TextIOWrapper(file, encoding="utf-8-sig" if encoding == UTF_8 else encoding, newline="")
            yield from (row for row in csv.reader(text) if row)
    finally:
        csv.field_size_limit(before)


def _head(path: Path, encoding: str) -> tuple[str, ...]:
    """Names of the columns; the file must hold a row below them."""
    records = _records(path, encoding)
    head = [name.removeprefix("\ufeff") for name in next(records, [])]
    if not head:
        raise SourceError("The file is empty.", where=Place(str(path)), example=EXAMPLE)
    blank = [place for place, name in enumerate(head, start=1) if not name.strip()]
    if blank:
        raise SourceError(
            f"Column {blank[0]} of the head has no name.",
            where=Place(str(path), 1),
            next_step="Name every column in the first row; a title above the head must go.",
        )
    repeated = [name for name in head if head.count(name) > 1]
    if repeated:
        raise SourceError(
            f'The head names "{repeated[0]}" {head.count(repeated[0])} times.',
            where=Place(str(path), 1, repeated[0]),
            next_step="Give each column a name of its own.",
        )
    if next(records, None) is None:
        raise SourceError(
            "The file has a head and no rows.",
            where=Place(str(path), 2),
            example=EXAMPLE,
            next_step="See that the export ran to its end.",
        )
    return tuple(head)


def _broken(file: PlainFile) -> SourceError:
    """What is wrong with a file whose rows could not be read: the first row with another number of cells."""
    width = len(file.columns)
    try:
        for number, row in enumerate(_records(file.path, file.encoding), start=1):
            if len(row) != width:
                return SourceError(
                    f"The row has {len(row)} cells; the head has {width}.",
                    where=Place(str(file.path), number),
                    next_step="Put cells that hold a comma or a line break in double quotes.",
                )
    except csv.Error:
        pass
    return SourceError(
        "The rows cannot be told apart; a double quote may be open.",
        where=Place(str(file.path)),
        next_step="Close every double quote; write one inside a cell twice.",
    )


def _neighbour(path: Path) -> str:
    """The file of the nearest name in the same folder, as advice."""
    names = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    close = difflib.get_close_matches(path.name, names, n=1)
    return f"Did you mean {path.parent / close[0]}?" if close else "See that the name and the folder are right."
