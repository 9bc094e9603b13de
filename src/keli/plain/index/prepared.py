"""From the data to complete, treated values: screening, imputation, outliers, each step noted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from keli.base.errors import ConfigurationError, SourceError
from keli.methods.composite import imputation
from keli.methods.composite.outliers import Rule, Treated, treated
from keli.methods.composite.ranks import Array
from keli.methods.composite.screening import kept
from keli.plain.index.data import Data
from keli.plain.index.spec import Spec


@dataclass(frozen=True)
class Outlier:
    """Treatment of one indicator in one period.

    Args:
        column: The indicator.
        period: The period; empty where there are none.
        before: Its values before.
        after: What was done, and the values after.
    """

    column: str
    period: str
    before: Array
    after: Treated


def screened(data: Data, spec: Spec) -> npt.NDArray[np.bool_]:
    """Return which rows are scored.

    Raises:
        ConfigurationError: A unit that is to be kept or dropped is not in the data.
    """
    rule = spec.key("screening", {})
    named = {key: {str(unit) for unit in rule.get(key, ())} for key in ("keep", "drop")}
    for key, units in named.items():
        if units - set(data.units):
            raise ConfigurationError(
                f'"{min(units - set(data.units))}" is not a unit of the data.',
                where=spec.settings.place("screening", key), example=f"{key}: [{data.units[0]}]",
            )  # fmt: skip
    enough = kept(data.values, rule.get("available", 0.0), rule.get("nonzero", 0.0))
    label = np.asarray(data.units)
    return (enough | np.isin(label, sorted(named["keep"]))) & ~np.isin(label, sorted(named["drop"]))


def imputed(data: Data, spec: Spec, choice: dict[str, Any]) -> Array:
    """Return the values with missing ones filled, every period by itself; without imputation they stay missing.

    Raises:
        SourceError: A value cannot be found: no unit of the group has one, or the algorithm has no solution.
    """
    method = choice["method"]
    if method == "none":
        return data.values
    filled = data.values.copy()
    for rows in data.by_period():
        some, groups = data.values[rows], [data.groups[row] for row in rows]
        if method == "em":
            filled[rows] = _by_em(data, some)
        elif method == "group_mean":
            filled[rows] = imputation.by_group_mean(some, groups)
        else:
            filled[rows] = imputation.by_mean(some) if method == "mean" else imputation.by_median(some)
    for row, column in np.argwhere(np.isnan(filled)):
        raise SourceError(
            f'"{spec.indicators[column].column}" of {data.label(row)} is missing, and no unit'
            f"{f' of its group ({data.groups[row]})' if method == 'group_mean' else ''} has a value to impute.",
            where=data.place(row, spec.indicators[column].column),
            next_step="Choose another imputation, or leave the indicator out.",
        )
    return filled


def _by_em(data: Data, values: Array) -> Array:
    if not np.isnan(values).any():
        return values
    try:
        return imputation.by_em(values)
    except ValueError as problem:
        raise SourceError(
            f"Imputation by em has no solution for {len(values)} units and {values.shape[1]} indicators: {problem}.",
            where=data.place(), example="imputation: {method: group_mean}",
            next_step="It needs more units than indicators, none of which is the sum of others.",
        ) from problem  # fmt: skip


def without_outliers(
    data: Data, values: Array, spec: Spec, choice: dict[str, Any], rules: dict[str, Any]
) -> tuple[Array, list[Outlier]]:
    """Return the values after treatment, every period by itself, and what was done.

    Args:
        data: Rows, for messages.
        values: Their values.
        spec: What is asked.
        choice: Method of treatment.
        rules: Limits of the catalogue.

    Raises:
        SourceError: The logarithm is asked of values that are not positive.
    """
    if choice["method"] == "none":
        return values, []
    rule = Rule(
        float(choice.get("skewness", rules["skewness"])), float(choice.get("kurtosis", rules["kurtosis"])),
        int(choice.get("points", rules["points"])), choice["method"] == "winsorise", choice.get("then", "none"),
        choice.get("lambda"), bool(choice.get("combine", False)),
    )  # fmt: skip
    changed, noted = values.copy(), []
    for rows in data.by_period():
        for column, indicator in enumerate(spec.indicators):
            if not indicator.terms.get("treat", True) or np.isnan(values[rows, column]).all():
                continue
            try:
                after = treated(values[rows, column], rule)
            except ValueError as problem:
                raise SourceError(
                    f'"{indicator.column}" has outliers and a value of {np.nanmin(values[rows, column]):g}: {problem}.',
                    where=data.place(None, indicator.column), example="then: shifted_log",
                    next_step=f"Choose shifted_log, or treat: false at {indicator.place}.",
                ) from problem  # fmt: skip
            changed[rows, column] = after.values
            noted.append(Outlier(indicator.column, data.periods[rows[0]], values[rows, column], after))
    return changed, noted
