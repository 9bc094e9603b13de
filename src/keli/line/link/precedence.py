"""Precedence: which delivered file speaks first for an attribute."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.context import StageContext
from keli.line.link.rows import UNIT_KINDS
from keli.model.workspace import Workspace

# The frame is kept by the statistical office, hence its code and place come before a business register's.
FRAME_FIRST = ("gbt_code", "subdistrict")
# Files are ranked first, rows inside a file second: one number orders both.
ROWS_IN_A_FILE = 2**40
# More than the rank of any file times the rows in a file.
BEHIND_ALL = 2**60


def file_ranks(context: StageContext, attributes: tuple[str, ...]) -> ir.Table:
    """Rank of every delivered file for every attribute, 0 the best.

    Method: sources that keli.yaml names under `precedence`, in that order; then the others in their order; within a
    source the file received last.

    Returns:
        One row for each source and file, with `rank_<attribute>`.
    """
    files = _files(context)
    columns = {attribute: _ranks(context.workspace, files, attribute) for attribute in attributes}
    rows = [
        {"source": source, "file": file} | {f"rank_{name}": ranks[source, file] for name, ranks in columns.items()}
        for source, _, file, _ in files
    ]
    types = dict.fromkeys((f"rank_{name}" for name in attributes), "int64")
    return ibis.memtable(rows, schema={"source": "string", "file": "string", **types})


def source_order(workspace: Workspace, attribute: str, sources: list[tuple[str, str]]) -> dict[str, int]:
    """Return the position of each source for an attribute, 0 the best.

    Args:
        workspace: Settings with the order of sources and `precedence`.
        attribute: Name of the attribute.
        sources: Name and kind of each source.
    """
    named = workspace.precedence.get(attribute, ())
    listed = [source.name for source in workspace.sources]

    def place(source: tuple[str, str]) -> tuple[int, bool, int, str]:
        name, kind = source
        preferred = named.index(name) if name in named else len(named)
        behind_frame = attribute in FRAME_FIRST and kind != "frame"
        return preferred, behind_frame, listed.index(name) if name in listed else len(listed), name

    return {name: position for position, (name, _) in enumerate(sorted(sources, key=place))}


def order_of(rows: ir.Table, attribute: str) -> ir.IntegerValue:
    """Order of rows by the rank of their file for the attribute, then from top to bottom; linked rows come last."""
    return rows[f"rank_{attribute}"] * ROWS_IN_A_FILE + rows.row + rows.linked.cast("int64") * BEHIND_ALL


def _files(context: StageContext) -> list[tuple[str, str, str, int]]:
    found = [
        rows.group_by("source", "file")
        .agg(received=rows.received.max().epoch_seconds())
        .mutate(kind=ibis.literal(kind))
        for kind in UNIT_KINDS
        for rows in [context.read(f"accepted_{kind}")]
    ]
    columns = context.connection.to_pyarrow(ibis.union(*found)).to_pylist()
    return [(row["source"], row["kind"], row["file"], row["received"]) for row in columns]


def _ranks(workspace: Workspace, files: list[tuple[str, str, str, int]], attribute: str) -> dict[tuple[str, str], int]:
    order = source_order(workspace, attribute, sorted({(source, kind) for source, kind, _, _ in files}))
    ranked = sorted(files, key=lambda file: (order[file[0]], -file[3], file[2]))
    return {(source, file): rank for rank, (source, _, file, _) in enumerate(ranked)}
