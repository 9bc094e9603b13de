"""Splink: comparison levels, weights and probabilities of pairs."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend
from splink import DuckDBAPI, Linker

from keli.engine.linkage.models.levels import Comparison, Model
from keli.engine.linkage.steps import Steps
from keli.engine.linkage.weights import SMALLEST, LevelShares

logging.getLogger("splink").setLevel(logging.ERROR)
DIALECT = "duckdb"


def given_shares(model: Model) -> dict[str, LevelShares]:
    """The shares that are known before training, by comparison."""
    return {
        one.name: LevelShares(tuple(level.same for level in one.levels), tuple(level.different for level in one.levels))
        for one in model.comparisons
    }


def splink_settings(
    model: Model, share: float, shares: Mapping[str, LevelShares], *, rarity: bool = True
) -> dict[str, Any]:
    """The model and its weights as Splink saves and reads them; without rarity all values of a level weigh the same."""
    return {
        "link_type": "dedupe_only",
        "sql_dialect": DIALECT,
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": share,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": ["1=1"],
        "comparisons": [_comparison(one, shares[one.name], rarity=rarity) for one in model.comparisons],
    }


def scored(
    connection: BaseBackend,
    steps: Steps,
    rows: ir.Table,
    pairs: ir.Table,
    settings: Mapping[str, Any],
    rarities: Mapping[str, ir.Table],
    *,
    least: float | None = None,
) -> ir.Table:
    """Level and probability of every pair.

    Args:
        connection: The engine.
        steps: Stores the result.
        rows: Prepared records with `unique_id`.
        pairs: One row for each pair: `left_key`, `right_key`.
        settings: Model and weights.
        rarities: Share of the records that bear a value, by column: the column and `tf_<column>`.
        least: Pairs below this probability are left out.

    Returns:
        One row for each pair: `left_key`, `right_key`, `probability`, `weight` (binary logarithm of the odds) and
        `gamma_<comparison>`.
    """
    api = DuckDBAPI(connection=connection.con)
    linker = Linker(api.register(rows.op().name), dict(settings), log_level=logging.ERROR, validate_settings=False)
    for column, table in rarities.items():
        linker.table_management.register_term_frequency_lookup(api.register(table.op().name), column)
    named = steps.store(pairs.select(join_key_l="left_key", join_key_r="right_key", match_key=ibis.literal("0")))
    linker.table_management.register_blocked_pairs_for_predict(api.register(named.op().name))
    predicted = linker.inference.predict(threshold_match_probability=least, warning_mode="never")
    table = connection.table(predicted.physical_name)
    levels = [column for column in table.columns if column.startswith("gamma_")]
    stored = steps.store(
        table.select(
            *levels,
            left_key="unique_id_l",
            right_key="unique_id_r",
            probability="match_probability",
            weight="match_weight",
        )
    )
    linker.table_management.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]
    return stored


def saved(settings: Mapping[str, Any]) -> str:
    """The model and its weights as JSON, the same weights as the same text."""
    return json.dumps(settings, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def level_of(comparison: Comparison, gamma: ir.IntegerValue) -> ir.IntegerValue:
    """Splink counts levels from none (0) upwards; here they are counted from full agreement (0) downwards."""
    return ibis.ifelse(gamma < 0, -1, len(comparison.levels) - 1 - gamma)


def _comparison(comparison: Comparison, shares: LevelShares, *, rarity: bool) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.missing, "label_for_charts": "missing", "is_null_level": True}
    ]
    for level, same, different in zip(comparison.levels, shares.same, shares.different, strict=True):
        entry: dict[str, Any] = {
            "sql_condition": level.condition,
            "label_for_charts": level.words or "all others",
            "m_probability": max(same, SMALLEST),
            "u_probability": max(different, SMALLEST),
        }
        if rarity and level.rarity is not None:
            entry |= {"tf_adjustment_column": level.rarity, "disable_tf_exact_match_detection": True}
        levels.append(entry)
    return {"output_column_name": comparison.name, "comparison_levels": levels}
