"""keli link on plain files: two CSV files of firms or persons, or one with itself, into pairs of the same unit."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from keli.base.errors import ConfigurationError, Place, SourceError
from keli.engine.connect import connect_duckdb
from keli.engine.linkage.link import Linkage, Request, linked, unit_clusters
from keli.engine.linkage.scoring import saved
from keli.model.catalogue import Catalogue
from keli.plain.files import (
    PlainFile,
    check_target,
    open_plain,
    read_plain,
    require_unique,
    require_values,
    write_plain,
)
from keli.plain.link_fields import OPTIONAL, Fields, chosen_fields

FACTS = ("name_words", "address_words", "limits")
Told = Callable[[str], None]


@dataclass(frozen=True)
class LinkTask:
    """What is asked for.

    Args:
        left: The first file.
        right: The second file; the first is compared with itself where there is none.
        identifier: Column that identifies the rows.
        out: Where the pairs go.
        mapping: FIELD=COLUMN of the command.
        threshold: Least probability of an accepted pair.
        one_to_one: At most one partner a row.
        clusters: Where the units go that the rows of one file come to, if wanted.
    """

    left: Path
    right: Path | None
    identifier: str
    out: Path
    mapping: Sequence[str] = ()
    threshold: float = 0.5
    one_to_one: bool = False
    clusters: Path | None = None


@dataclass(frozen=True)
class LinkDone:
    """What came of it.

    Args:
        fields: Columns that were compared.
        records: Rows of each file.
        compared: Pairs that share a key.
        pairs: Accepted pairs.
        weights: Where the weights are.
        notes: What to know.
    """

    fields: Fields
    records: tuple[int, ...]
    compared: int
    pairs: int
    weights: Path
    notes: tuple[str, ...] = field(default=())


def link_files(task: LinkTask, catalogue: Catalogue, tell: Told = lambda _: None) -> LinkDone:
    """Write the pairs of rows that are of the same unit, and beside them the weights that were trained.

    Args:
        task: What is asked for.
        catalogue: Facts of linkage.
        tell: Told of each step.

    Raises:
        SourceError: A file, a column or an identifier is wrong.
        ConfigurationError: The command is wrong.
    """
    _check_task(task)
    files = tuple(open_plain(path) for path in (task.left, task.right) if path is not None)
    fields = chosen_fields(files, task.identifier, task.mapping, catalogue)
    for line in fields.told():
        tell(line)
    tables = [_read(file, task, fields, side) for side, file in enumerate(files)]
    fields, notes = _filled(fields, tables, files)
    facts = {name: catalogue.parameter(f"linkage/{name}").values[-1].value for name in FACTS}
    request = Request(fields.columns, task.right is None, task.threshold, task.one_to_one, facts)
    weights = task.out.with_name(task.out.name.removesuffix(".gz").removesuffix(".csv") + ".weights.json")
    with tempfile.TemporaryDirectory() as spill:
        connection = connect_duckdb(Path(spill), memory_bytes=facts["limits"]["memory_gib"] * 2**30)
        rows = connection.create_table("records", _stacked(tables, fields))
        found = linked(connection, rows, request, tell)
        ids = pa.concat_tables([table.select([task.identifier]) for table in _same_name(tables, task)])
        connection.create_table("identifiers", _numbered(ids, task.identifier))
        number = write_plain(
            task.out, _named(connection, found, facts["limits"]["digits"]), inputs=[f.path for f in files]
        )
        if task.clusters is not None:
            write_plain(task.clusters, _units(connection, found, facts["limits"]), inputs=[f.path for f in files])
        weights.write_text(saved(found.settings), encoding="utf-8")
        found.steps.close()
        connection.disconnect()
    return LinkDone(fields, tuple(table.num_rows for table in tables), found.compared, number, weights, notes)


def told_of_links(done: LinkDone) -> list[str]:
    """The result in lines for a person."""
    sizes = " x ".join(f"{rows:,}" for rows in done.records)
    return [
        *done.notes,
        f"{done.pairs:,} pairs of the same unit among {sizes} rows ({done.compared:,} pairs compared).",
        f"Weights: {done.weights}",
    ]


def _check_task(task: LinkTask) -> None:
    if not 0 < task.threshold <= 1:
        raise ConfigurationError(
            f"The threshold {task.threshold} is no probability.",
            example="--threshold 0.5",
            next_step="Give a number above 0, up to 1.",
        )
    if task.clusters is not None and task.right is not None:
        raise ConfigurationError(
            "--clusters belongs to one file alone.",
            example="keli link units.csv --id id --clusters units_clusters.csv --out pairs.csv",
        )
    for target in (task.out, task.clusters):
        if target is not None:
            check_target(target, [path for path in (task.left, task.right) if path is not None])


def _read(file: PlainFile, task: LinkTask, fields: Fields, side: int) -> pa.Table:
    """The columns that are needed, checked."""
    identifier = fields.identifiers[side]
    table = read_plain(file, dict.fromkeys([identifier, *fields.of(side).values()]))
    require_unique(table, identifier, file.path)
    if task.right is None and table.num_rows == 1:
        raise SourceError(
            "The file has one row: there is nothing to compare it with.",
            where=Place(str(file.path), 2),
            next_step="Give a second file, or a file with several rows.",
        )
    for column in fields.asked(side):
        require_values(table, column, file.path)
    return table


def _filled(fields: Fields, tables: Sequence[pa.Table], files: Sequence[PlainFile]) -> tuple[Fields, tuple[str, ...]]:
    """The fields less guessed ones whose column is empty in a file."""
    empty = [
        (name, column, files[side].path)
        for side, table in enumerate(tables)
        for name, column in fields.of(side).items()
        if table[column].null_count == table.num_rows and name.rsplit("_", 1)[0] not in OPTIONAL
    ]
    notes = tuple(f'The column "{column}" of {path} is empty; it was not compared.' for _, column, path in empty)
    return fields.without({name for name, _, _ in empty}), notes


def _stacked(tables: Sequence[pa.Table], fields: Fields) -> pa.Table:
    """Both files as one table of records, numbered in their order."""
    parts, first = [], 0
    for side, table in enumerate(tables):
        numbers = pa.array(range(first, first + table.num_rows), pa.int64())
        own = fields.of(side)
        named = {
            name: table[own[name]] if name in own else pa.nulls(table.num_rows, pa.string()) for name in fields.pairs
        }
        parts.append(pa.table({"unique_id": numbers, "side": pa.array([side] * table.num_rows, pa.int32()), **named}))
        first += table.num_rows
    return pa.concat_tables(parts)


def _same_name(tables: Sequence[pa.Table], task: LinkTask) -> list[pa.Table]:
    return [table.rename_columns([task.identifier, *table.column_names[1:]]) for table in tables]


def _numbered(ids: pa.Table, identifier: str) -> pa.Table:
    return pa.table({"unique_id": pa.array(range(ids.num_rows), pa.int64()), "id": ids[identifier].combine_chunks()})


def _named(connection: Any, found: Linkage, digits: int) -> pa.Table:
    """Pairs with the identifiers of the files, in the order of the files."""
    ids = connection.table("identifiers")
    named = found.pairs.join(ids, found.pairs.left_key == ids.unique_id).rename(left_id="id").drop("unique_id")
    named = named.join(ids, named.right_key == ids.unique_id).rename(right_id="id")
    ordered = named.order_by(["left_key", ibis.desc("probability"), "right_key"])
    chosen = ordered.select("left_id", "right_id", probability=ordered.probability.round(digits), reason="reason")
    return chosen.to_pyarrow()


def _units(connection: Any, found: Linkage, limits: Mapping[str, Any]) -> pa.Table:
    """The unit of each row: the identifier of its first row in the file."""
    ids = connection.table("identifiers")
    grouped = unit_clusters(connection, found, limits["cluster_records"])
    joined = ids.left_join(grouped, "unique_id").drop("unique_id_right")
    firsts = joined.mutate(unit_key=ibis.coalesce(joined.cluster, joined.unique_id))
    heads = ids.view().select(unit_key="unique_id", unit="id")
    told = firsts.join(heads, "unit_key").order_by("unique_id")
    return told.select("id", "unit").to_pyarrow()
