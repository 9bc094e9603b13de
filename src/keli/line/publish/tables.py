"""Open tables as they leave: in the order of their key, each row once, nothing withheld in them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from keli.base.errors import ContractError
from keli.engine.context import StageContext
from keli.formats.parquet import parquet_bytes

PREFIX = "open_"


def open_table(context: StageContext, name: str) -> pa.Table:
    """Return an open table in the order of its key.

    Args:
        context: The room of the stage.
        name: Name in the vault, such as open_value_added.

    Raises:
        ContractError: A row stands twice, a confidential row has a value, a value is no number, or one that is not
            there is not said to be missing.
    """
    key = context.catalogue.tables[name].key
    rows = context.read(name).order_by(list(key)).to_pyarrow()
    if rows.group_by(list(key)).aggregate([]).num_rows != rows.num_rows:
        raise ContractError(f'"{name}" has two rows with the same key {", ".join(key)}.')
    confidential = pc.equal(rows.column("conf_status"), "C")
    if pc.any(pc.and_(confidential, pc.is_valid(rows.column("obs_value")))).as_py():
        raise ContractError(f'"{name}" has a confidential row with a value.', next_step="Mend the stage protect.")
    if pc.any(pc.invert(pc.is_finite(rows.column("obs_value")))).as_py():
        raise ContractError(f'"{name}" has a value that is no finite number.', next_step="Mend the stage analyse.")
    missing = pc.equal(rows.column("obs_status"), "M")
    if pc.any(pc.invert(pc.or_(pc.or_(confidential, missing), pc.is_valid(rows.column("obs_value"))))).as_py():
        raise ContractError(f'"{name}" has an empty figure that is not missing.', next_step="Mend the stage analyse.")
    return rows


def table_files(tables: dict[str, pa.Table]) -> dict[str, bytes]:
    """Return the Parquet file of each table by its path in the release."""
    return {f"{name}.parquet": parquet_bytes(rows) for name, rows in tables.items()}


def confidential_rows(rows: pa.Table) -> int:
    """Number of rows of an open table that are confidential."""
    count: int = pc.sum(pc.equal(rows.column("conf_status"), "C")).as_py() or 0
    return count
