"""The report of an index as plain fields: everything that its scores rest on, and what they depend on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from keli.methods.composite.ahp import Judgement
from keli.methods.composite.outliers import kurtosis, skewness
from keli.methods.composite.ranks import Array, shift
from keli.methods.composite.reliability import correlations, cronbach_alpha
from keli.plain.index.earlier import MOMENTS
from keli.plain.index.prepared import Outlier
from keli.plain.index.scores import reference
from keli.plain.index.scoring import Scored, Scoring
from keli.plain.index.uncertainty import Uncertain, one_removed

LEAST_VALUES = 4


def reported(
    scoring: Scoring,
    nominal: Scored,
    judged: Mapping[str, Judgement],
    doubt: Uncertain | None,
    limits: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the report.

    Args:
        scoring: The rows.
        nominal: Their scores.
        judged: Judgements of paired comparisons.
        doubt: What the replicates say.
        limits: Limits of the catalogue.
    """
    spec, data = scoring.spec, scoring.data
    columns = [indicator.column for indicator in spec.indicators]
    found: dict[str, Any] = {
        "choices": {**spec.choices, "frontier": spec.key("frontier", {"rows": "pooled"})},
        "units": list(data.units),
        "periods": list(data.periods) if spec.key("period") else None,
        "imputed": [
            {"unit": data.units[row], "period": data.periods[row] or None, "indicator": columns[column],
             "value": float(value)}
            for (row, column), value in _filled(scoring)
        ],
        "treatment": [_outlier(noted) for noted in scoring.outliers(spec.choices)],
        "frozen": [_frozen(scoring, nominal, number) for number in range(len(scoring.blocks))],
        "paired_comparisons": {
            name: {"largest_eigenvalue": one.largest, "consistency_index": one.index, "consistency_ratio": one.ratio}
            for name, one in judged.items()
        },
        "treated": _table(columns, scoring.values(spec.choices)),
        "normalised": _table(columns, nominal.indicators),
        "correlations": _together(columns, nominal, limits["same"]),
        "cronbach_alpha": _alpha(scoring, nominal),
    }  # fmt: skip
    if spec.key("remove_one"):
        found["remove_one"] = _removed(scoring, nominal)
    if doubt is not None:
        found["uncertainty"] = _uncertain(doubt)
    told: dict[str, Any] = plain(found)
    return told


def plain(value: Any) -> Any:
    """Return a value with nothing where a number does not exist."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _filled(scoring: Scoring) -> list[tuple[tuple[int, int], float]]:
    """Cells that were imputed, with their values before treatment."""
    choices = {**scoring.spec.choices, "treatment": {"method": "none"}}
    values = scoring.values(choices)
    cells = np.argwhere(np.isnan(scoring.data.values) & ~np.isnan(values))
    return [((int(row), int(column)), float(values[row, column])) for row, column in cells]


def _outlier(noted: Outlier) -> dict[str, Any]:
    told: dict[str, Any] = {
        "indicator": noted.column, "period": noted.period or None, "steps": list(noted.after.steps),
        "drawn_in_low": noted.after.low, "drawn_in_high": noted.after.high, "lambda": noted.after.exponent,
        "passes": noted.after.passes,
    }  # fmt: skip
    for name, values in (("before", noted.before), ("after", noted.after.values)):
        there = values[~np.isnan(values)]
        varies = len(there) >= LEAST_VALUES and there.min() < there.max()
        told |= {
            f"skewness_{name}": skewness(there) if varies else None,
            f"kurtosis_{name}": kurtosis(there) if varies else None,
        }
    return told


def _frozen(scoring: Scoring, nominal: Scored, number: int) -> dict[str, Any]:
    """Reference and weights of a block: an index of a later year can take them."""
    spec, block = scoring.spec, scoring.blocks[number]
    against = reference(scoring.data, scoring.values(spec.choices), spec, block, spec.choices["normalisation"])
    return {
        "period": scoring.data.periods[block.rows[0]] or None if len(scoring.blocks) > 1 else None,
        "reference": {
            one.column: {moment: float(getattr(against, moment)[column]) for moment in MOMENTS}
            for column, one in enumerate(spec.indicators)
        },
        "weights": {
            node.name: _weights(node.name, [part.name for part in node.parts], nominal.weights[number])
            for node in spec.top.branches()
        },
    }


def _weights(name: str, parts: list[str], found: Mapping[str, Array]) -> dict[str, Any]:
    """Weights by part: a number each, or with benefit of the doubt a list by unit."""
    own = found[name]
    return {part: own[..., number].tolist() for number, part in enumerate(parts)}


def _table(columns: list[str], values: Array) -> dict[str, Any]:
    return {column: values[:, number].tolist() for number, column in enumerate(columns)}


def _together(columns: list[str], nominal: Scored, same: float) -> dict[str, Any]:
    """Correlations between indicators and with the scores, and the pairs that say the same."""
    between = correlations(nominal.indicators, nominal.indicators)
    ranks = correlations(nominal.indicators, nominal.indicators, ranks=True)
    scores = np.column_stack(list(nominal.branches.values()))
    with_scores = correlations(nominal.indicators, scores)
    return {
        "pearson": {
            column: dict(zip(columns, between[row].tolist(), strict=True)) for row, column in enumerate(columns)
        },
        "spearman": {
            column: dict(zip(columns, ranks[row].tolist(), strict=True)) for row, column in enumerate(columns)
        },
        "with_scores": {
            column: dict(zip(nominal.branches, with_scores[row].tolist(), strict=True))
            for row, column in enumerate(columns)
        },
        "same": [
            [columns[row], columns[column], float(between[row, column])]
            for row, column in np.argwhere(np.abs(between) > same)
            if row < column
        ],
    }


def _alpha(scoring: Scoring, nominal: Scored) -> dict[str, Any]:
    """Alpha of the parts of every branch, and of all indicators."""
    found: dict[str, Any] = {}
    for node in scoring.spec.top.branches():
        parts = [
            nominal.branches[part.name] if part.parts else nominal.indicators[:, part.column] for part in node.parts
        ]
        found[node.name] = cronbach_alpha(np.column_stack(parts))
    return {"by_branch": found, "indicators": cronbach_alpha(nominal.indicators)}


def _removed(scoring: Scoring, nominal: Scored) -> list[dict[str, Any]]:
    """For every part: how far places move without it."""
    before = scoring.places(nominal.branches[scoring.spec.top.name])
    return [
        {"part": name, "mean_shift": shift(after, before), "largest_shift": float(np.nanmax(np.abs(after - before))),
         "places": after}
        for name, after in one_removed(scoring, nominal)
    ]  # fmt: skip


def _uncertain(doubt: Uncertain) -> dict[str, Any]:
    told: dict[str, Any] = {
        "factors": list(doubt.factors), "replicates": len(doubt.shifts), "mean_shift": float(doubt.shifts.mean()),
        "places": {"low": doubt.low, "median": doubt.median, "high": doubt.high, "mean": doubt.mean},
    }  # fmt: skip
    if doubt.sensitivity is not None:
        told["sensitivity"] = {
            "of": "mean absolute shift in rank", "variance": doubt.sensitivity.variance,
            "first_order": dict(zip(doubt.factors, doubt.sensitivity.first.tolist(), strict=True)),
            "total": dict(zip(doubt.factors, doubt.sensitivity.total.tolist(), strict=True)),
        }  # fmt: skip
    return told
