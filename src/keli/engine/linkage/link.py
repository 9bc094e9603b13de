"""The linkage: records in, pairs with probability and reason out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
from ibis.backends import BaseBackend

from keli.engine.linkage.blocking import candidate_pairs, key_tables
from keli.engine.linkage.decisions import Rules, clusters, settled, with_reason
from keli.engine.linkage.models.firms import firm_keys, firm_model, prepared_firms
from keli.engine.linkage.models.levels import Model
from keli.engine.linkage.models.persons import person_keys, person_model, prepared_persons
from keli.engine.linkage.scoring import scored, splink_settings
from keli.engine.linkage.steps import Steps
from keli.engine.linkage.training import Sizes, Trainee, weights_of
from keli.engine.linkage.weights import Weights

FIRM_FIELDS = ("name", "former_name", "address", "date", "capital", "phone", "activity", "area")
# Fewer digits than the machine has: the same files give the same weights on every machine.
DIGITS = 9
Told = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """What is to be linked, and how.

    Args:
        fields: Columns of the records by field, such as address: (address_0, address_1).
        one_file: The records are compared among themselves.
        threshold: Least probability of an accepted pair.
        one_to_one: Each record has at most one partner.
        facts: Parameters linkage/<name> by name.
        inner: The records of the left file are compared among themselves too; pairs do not share certainty.
    """

    fields: Mapping[str, Sequence[str]]
    one_file: bool
    threshold: float
    one_to_one: bool
    facts: Mapping[str, Any]
    inner: bool = False

    @property
    def persons(self) -> bool:
        """The records are persons."""
        return any(field not in FIRM_FIELDS for field in self.fields)


@dataclass(frozen=True)
class Linkage:
    """What was found.

    Args:
        pairs: Accepted pairs: `left_key`, `right_key`, `probability`, `weight`, `reason`, `kin`.
        compared: Number of pairs that shared a key.
        weights: Trained weights.
        settings: Model and weights as Splink reads them.
        steps: Holds the stored tables; close it when the pairs were read.
    """

    pairs: ir.Table
    compared: int
    weights: Weights
    settings: dict[str, Any]
    steps: Steps


def linked(connection: BaseBackend, rows: ir.Table, request: Request, tell: Told = lambda _: None) -> Linkage:
    """Pairs of records of the same unit.

    Args:
        connection: The engine.
        rows: One row for each record: `unique_id` (left numbers before right ones), `side` (0 left, 1 right), the
            fields' columns as text.
        request: What is to be linked, and how.
        tell: Told of each step.

    Method: Fellegi-Sunter by Splink: fields in one form, pairs that share a key, levels of agreement, weights trained
    on the pairs themselves, commoner values weigh less, probability.
    """
    steps = Steps(connection)
    counted = rows.group_by("side").agg(records=rows.count()).to_pandas().set_index("side")["records"]
    left = int(counted.get(0, 0))
    right = left if request.one_file else int(counted.get(1, 0))
    sizes = Sizes(left, right, request.one_file, request.inner)
    ready, model, keys = _prepared(steps, rows, request)
    tell("fields in one form")
    limits = request.facts["limits"]
    few = left + right <= limits["few_records"]
    tables = key_tables(Steps(connection), ready, keys, limits, few=few)
    pairs = candidate_pairs(Steps(connection), tables, *sizes.among)
    compared = int(pairs.count().execute())
    tell(f"{compared:,} pairs share a key")
    weights = weights_of(connection, Trainee(ready, tables, pairs, model, sizes, limits))
    tell("weights trained")
    settings = splink_settings(model, weights.share_same, weights.levels)
    rarities = {} if request.persons else _bearers(steps, ready, model, weights, one_file=request.one_file)
    found = scored(connection, steps, ready, pairs, settings, rarities, least=min(request.threshold, limits["least"]))
    rules = Rules(request.threshold, request.one_file or request.inner, request.one_to_one)
    told = with_reason(settled(steps, found, limits, rules), model)
    told = told.select("left_key", "right_key", "probability", "weight", "reason", "kin")
    return Linkage(steps.store(told), compared, weights, settings, steps)


def unit_clusters(connection: BaseBackend, found: Linkage, most: int) -> ir.Table:
    """Records that the accepted pairs of one file make one unit, as `clusters` has them."""
    return clusters(Steps(connection), found.pairs, most)


def _prepared(steps: Steps, rows: ir.Table, request: Request) -> tuple[ir.Table, Model, dict[str, ir.Value]]:
    if request.persons:
        ready = prepared_persons(steps, rows, request.fields)
        return ready, person_model(request.fields), person_keys(ready, request.fields)
    ready = prepared_firms(steps, rows, request.fields, request.facts)
    return ready, firm_model(request.fields), firm_keys(ready, request.fields)


def _bearers(steps: Steps, rows: ir.Table, model: Model, weights: Weights, *, one_file: bool) -> dict[str, ir.Table]:
    """How common values are: the trained share of chance agreement, more for values that more firms bear.

    Method: of n firms that bear a value in each file n pairs at most are of the same firm and n times n agree, so that
    a value weighs as its level does times the level's mean number of bearers over its own.
    """
    tables = {}
    for comparison in model.comparisons:
        alone = any(level.lone for level in comparison.levels)
        for level, share in zip(comparison.levels, weights.levels[comparison.name].different, strict=True):
            if level.rarity is None:
                continue
            column = level.rarity
            known = rows.filter(rows[column].notnull())
            by_side = known.group_by(column, "side").agg(records=known.count())
            borne = by_side.group_by(column).agg(bearers=by_side.records.max() - int(one_file), files=by_side.count())
            borne = steps.store(borne.filter(borne.bearers > 0))
            met = borne.filter((borne.bearers > 1) if alone else (borne.files == (1 if one_file else 2)))
            sums = (
                met.agg(squares=(met.bearers * met.bearers).sum(), bearers=met.bearers.sum())
                .to_pyarrow()
                .to_pylist()[0]
            )
            mean = max(1.0, (sums["squares"] or 1) / (sums["bearers"] or 1))
            share_of_value = float(f"{share / mean:.{DIGITS}g}") * borne.bearers.cast("float64")
            tables[column] = steps.store(borne.select(column, **{f"tf_{column}": share_of_value}))
    return tables
