"""Opinions: what the coder makes of the texts of every unit of the district."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from keli.engine.coding.ahead import ahead
from keli.line.classify.coding.coder import Coder
from keli.line.classify.origins import DIVISION
from keli.methods.industry_coding.facts import core_classes
from keli.methods.industry_coding.model import coded
from keli.model.catalogue import Catalogue

TEXTS_AT_ONCE = 8192
DECIMALS = 4
OPINION = pa.schema(
    {
        "text_id": pa.int64(), "code": pa.string(), "probability": pa.float64(), "p_class": pa.float64(),
        "code_2": pa.string(), "code_3": pa.string(), "p_core": pa.float64(), "declared_share": pa.float64(),
    }
)  # fmt: skip


def asked_units(units: ir.Table, declared: ir.Table, periods: ir.Table) -> ir.Table:
    """Units that the coder is asked about: those that are in the district in some year and have a scope or a name.

    Args:
        units: `units`.
        declared: One row for each unit and year, with `declared` and `declared_origin`.
        periods: `unit_period`.

    Returns:
        One row for each unit: its texts, last year, the code declared for that year, and text_id: the least number of
        the units with the same texts and the same declared division.
    """
    here = periods.filter(periods.in_district).select("unit_id").distinct()
    last = declared.group_by("unit_id").agg(period=declared.period.max())
    told = declared.inner_join(last, ["unit_id", "period"]).semi_join(here, "unit_id")
    told = told.mutate(division=told.declared.substr(0, DIVISION).fill_null(""))
    texts = units.filter(units.scope.notnull() | units.name.notnull())
    texts = texts.select("unit_id", scope=texts.scope.fill_null(""), name=texts.name.fill_null(""))
    asked = told.inner_join(texts, "unit_id")
    alike = ibis.window(group_by=["scope", "name", "division"])
    return asked.mutate(text_id=asked.unit_id.min().over(alike))


def opinions(asked: ir.Table, coder: Coder, catalogue: Catalogue) -> ir.Table:
    """What the coder says of every unit; units whose texts say nothing that it knows are left out.

    Texts are coded once, however many units have them, in the order of text_id.

    Args:
        asked: Of `asked_units`.
        coder: The coder.
        catalogue: Classes of the core.
    """
    different = asked.filter(asked.unit_id == asked.text_id).select("text_id", "scope", "name", "division")
    core = core_classes(catalogue)
    batches = ahead(lambda batch: _opinions(batch, coder, core), _batches(different.order_by("text_id")))
    found = ibis.memtable(pa.Table.from_batches(batches, schema=OPINION))
    of_units = asked.select("unit_id", "text_id", "period", "declared_origin", declared_code="declared")
    return of_units.inner_join(found, "text_id").drop("text_id")


def _batches(texts: ir.Table) -> Iterator[pa.RecordBatch]:
    """Batches of one size, whatever the engine gives: a figure must not depend on who came along with it."""
    waiting: pa.Table | None = None
    for batch in texts.to_pyarrow_batches():
        piece = pa.Table.from_batches([batch])
        waiting = piece if waiting is None else pa.concat_tables([waiting, piece])
        while waiting.num_rows >= TEXTS_AT_ONCE:
            yield waiting.slice(0, TEXTS_AT_ONCE).combine_chunks().to_batches()[0]
            waiting = waiting.slice(TEXTS_AT_ONCE)
    if waiting is not None and waiting.num_rows:
        yield waiting.combine_chunks().to_batches()[0]


def _opinions(batch: pa.RecordBatch, coder: Coder, core: frozenset[str]) -> pa.RecordBatch:
    found = coded(coder.model, batch["scope"].to_pylist(), batch["name"].to_pylist(), core)
    place = {division: column for column, division in enumerate(found.divisions)}
    columns = np.array([place.get(division, -1) for division in batch["division"].to_pylist()])
    shares = found.division_shares[np.arange(len(columns)), columns]
    stated: dict[str, Any] = {
        "text_id": batch["text_id"],
        "code": pa.array(found.ranked[:, 0], pa.string()),
        "probability": _share(found.probability),
        "p_class": _share(found.class_probability),
        "code_2": pa.array(found.ranked[:, 1], pa.string()),
        "code_3": pa.array(found.ranked[:, 2], pa.string()),
        "p_core": _share(found.core_probability),
        "declared_share": _share(shares, columns < 0),
    }
    return pa.RecordBatch.from_pydict(stated, schema=OPINION).filter(pa.array(found.told))


def _share(values: Any, missing: Any = None) -> pa.Array:
    return pa.array(values.astype("float64").round(DECIMALS), mask=missing)
