"""Machine: pairs of identities that may be one unit, with probability and reason, by the engine's linkage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import log2
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from keli.engine.context import StageContext
from keli.engine.linkage.link import Linkage, Request, linked
from keli.line.link.likeness.identities import TOLD

COLUMNS = {
    "left_id": "int64", "right_id": "int64", "coded": "bool", "probability": "float64", "weight": "float64",
    "reason": "object", "kin": "bool",
}  # fmt: skip
FACTS = ("name_words", "address_words", "limits")
DISTRICT_ENDINGS = r"(新区|区|县|市)$"
GIVEN, TRAINED = "given", "trained"


@dataclass(frozen=True)
class Found:
    """What the machine found.

    Args:
        pairs: One row for each pair: `left_id` (without a code), `right_id`, `coded` (the right one has a code),
            `probability`, `weight`, `reason`, `kin` (may be two units of one group).
        weights: Rows of table `link_weights`.
    """

    pairs: pd.DataFrame
    weights: list[dict[str, Any]]


def likely_pairs(context: StageContext, known: ir.Table) -> Found:
    """Pairs of an identity without a code and any other; none where there is nothing to compare.

    How often units that are two agree is learnt among the identities with a code, where two are never one.

    Args:
        context: The stage's room.
        known: Identities, those that people merged as one.
    """
    named = known.filter(known.name.notnull())
    sided = named.mutate(side=ibis.ifelse(named.code.notnull(), 1, 0).cast("int32"))
    counts = sided.group_by("side").agg(records=sided.count()).to_pyarrow().to_pylist()
    records = {row["side"]: row["records"] for row in counts}
    bare, coded = records.get(0, 0), records.get(1, 0)
    if bare == 0 or bare + coded == 1:
        return Found(pd.DataFrame({name: [] for name in COLUMNS}).astype(COLUMNS), [])
    numbered = sided.mutate(unique_id=ibis.row_number().over(order_by=(sided.side, sided.own_id)).cast("int64"))
    rows = context.connection.create_table(
        "link_rows",
        numbered.select("unique_id", "side", "own_id", **{f"{field}_0": numbered[field] for field in TOLD}),
        overwrite=True,
    )
    bounds, facts = _facts(context)
    fields = {field: (f"{field}_0",) for field in _fields(rows)}
    request = Request(fields, coded == 0, bounds["ask"], one_to_one=False, facts=facts, inner=coded > 0)
    found = linked(context.connection, rows.drop("own_id"), request)
    pairs = context.connection.to_pyarrow(_named(found.pairs, rows, bare)).to_pandas().astype(COLUMNS)
    found.steps.close()
    return Found(pairs, _weights(found))


def _facts(context: StageContext) -> tuple[Mapping[str, Any], dict[str, Any]]:
    year = context.workspace.last_year
    bounds = context.catalogue.parameter("linkage/line").at(year)
    facts = {name: context.catalogue.parameter(f"linkage/{name}").at(year) for name in FACTS}
    area = context.catalogue.areas.codes.get(context.workspace.area)
    own = [re.sub(DISTRICT_ENDINGS, "", area.name_zh)] if area else []
    # A firm of the district may leave its name out: it is a place like a city's.
    facts["name_words"] = facts["name_words"] | {"cities": [*facts["name_words"]["cities"], *own]}
    limits = {name: bounds.get(name, value) for name, value in facts["limits"].items()}
    return bounds, facts | {"limits": limits | {"least": bounds["ask"]}}


def _fields(rows: ir.Table) -> list[str]:
    """Fields that an identity without a code and another one know; former names may be known to the other alone."""
    counts = rows.agg(
        **{f"all_{field}": rows[f"{field}_0"].count() for field in TOLD},
        **{f"bare_{field}": rows[f"{field}_0"].count(where=rows.side == 0) for field in TOLD},
    )
    told = counts.to_pyarrow().to_pylist()[0]
    return [
        field for field in TOLD if told[f"all_{field}"] > 1 and (told[f"bare_{field}"] > 0 or field == "former_name")
    ]


def _named(pairs: ir.Table, rows: ir.Table, bare: int) -> ir.Table:
    """Pairs with the numbers of the identities in place of those of the records."""
    numbers = rows.select(unique_id="unique_id", own_id="own_id")
    named = pairs.join(numbers, pairs.left_key == numbers.unique_id).rename(left_id="own_id").drop("unique_id")
    named = named.join(numbers, named.right_key == numbers.unique_id).rename(right_id="own_id").drop("unique_id")
    return named.mutate(coded=named.right_key >= bare).select(*COLUMNS)


def _weights(found: Linkage) -> list[dict[str, Any]]:
    """Rows of table `link_weights`."""
    origin = TRAINED if found.weights.rounds else GIVEN
    rows = []
    for comparison in found.settings["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for number, level in enumerate(levels):
            same, different = level["m_probability"], level["u_probability"]
            rows.append(
                {
                    "comparison": comparison["output_column_name"],
                    "level": number,
                    "words": level["label_for_charts"],
                    "same": same,
                    "different": different,
                    "weight": round(log2(same / different), 6),
                    "share_same": found.weights.share_same,
                    "origin": origin,
                }
            )
    return rows
