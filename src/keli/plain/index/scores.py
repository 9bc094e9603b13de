"""From values to scores of indicators: direction, reference, normalisation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from keli.base.errors import ConfigurationError, SourceError
from keli.methods.composite import normalisation as scale
from keli.methods.composite.normalisation import Reference
from keli.methods.composite.ranks import Array, rising
from keli.plain.index.data import Data
from keli.plain.index.spec import Indicator, Spec

PERCENT = 100.0


@dataclass(frozen=True)
class Block:
    """Rows that are scored together.

    Args:
        rows: The rows.
        base: Places among them of those that make the reference and the weights.
        reference: Reference of an earlier report, where one is given.
    """

    rows: npt.NDArray[np.intp]
    base: npt.NDArray[np.intp]
    reference: Reference | None = None


def blocks(data: Data, spec: Spec, earlier: Reference | None) -> list[Block]:
    """Return which rows are scored together, and against which.

    Args:
        data: Rows.
        spec: What is asked.
        earlier: Reference of an earlier report.

    Raises:
        ConfigurationError: The base period is not in the data.
    """
    frontier, every = spec.key("frontier", {}), np.arange(len(data.units))
    if frontier.get("rows") == "each":
        return [Block(rows, np.arange(len(rows))) for rows in data.by_period()]
    if "period" in frontier:
        base = np.flatnonzero(np.asarray(data.periods) == str(frontier["period"]))
        if not len(base):
            raise ConfigurationError(
                f"No row is of the base period {frontier['period']}.", where=spec.settings.place("frontier", "period"),
                next_step=f"The periods are: {', '.join(sorted(set(data.periods)))}.",
            )  # fmt: skip
        return [Block(every, base)]
    return [Block(every, every, earlier)]


def reference(data: Data, values: Array, spec: Spec, block: Block, choice: dict[str, Any]) -> Reference:
    """Return what the rows of a block are measured against.

    Raises:
        SourceError: An indicator has one value in all rows of the base: it tells no unit from another.
    """
    if block.reference is not None:
        return block.reference
    turned = scale.directed(values[block.rows], spec.numbers("direction", 1), spec.numbers("ideal"))[block.base]
    for column, indicator in enumerate(spec.indicators):
        there = turned[~np.isnan(turned[:, column]), column]
        if not len(there) or there.min() == there.max():
            raise SourceError(
                f'"{indicator.column}" has {"one value" if len(there) else "no value"} in all {len(turned)} rows'
                " that it is measured against: it tells no unit from another.",
                where=data.place(None, indicator.column),
                next_step=f"Take it out of the SPEC ({indicator.place}), or see how the file was made.",
            )
    return scale.reference_of(turned, population=choice.get("divisor") == "population")


def normalised(data: Data, values: Array, spec: Spec, block: Block, choice: dict[str, Any]) -> Array:
    """Return the scores of the indicators of a block.

    Raises:
        ConfigurationError: An indicator lacks the number that the method needs.
        SourceError: A value must be positive and is not, or an indicator does not vary.
    """
    own = values[block.rows]
    against = reference(data, values, spec, block, choice)
    turned = scale.directed(own, spec.numbers("direction", 1), spec.numbers("ideal"))
    method, ties = choice["method"], choice.get("ties", "min")
    low, high = choice.get("range", (0, 100))
    ways: dict[str, Callable[[], Array]] = {
        "none": lambda: turned,
        "minmax": lambda: scale.minmax(turned, against, low, high),
        "zscore": lambda: scale.zscore(turned, against, choice.get("mean", 0), choice.get("deviation", 1)),
        "rank": lambda: rising(turned, ties),
        "percentile": lambda: scale.percentile(turned, ties),
        "borda": lambda: scale.borda(turned, ties),
        "distance_to_target": lambda: scale.to_target(turned, against, _target(spec, against)),
        "distance_to_frontier": lambda: _to_frontier(own, spec, choice),
        "distance_to_maximum": lambda: scale.to_maximum(turned, against),
        "share_of_maximum": lambda: _share_of_maximum(data, own, spec, block, against),
        "base_100": lambda: PERCENT * _share_of_base(data, own, spec, block, choice),
    }
    scores = ways[method]()
    if choice.get("clip"):
        scores = np.clip(scores, low, high) if method == "minmax" else np.minimum(scores, 1.0)
    return scores


def _target(spec: Spec, against: Reference) -> Array:
    """Targets, turned as the values are; each above the smallest value."""
    for indicator in spec.indicators:
        _need(indicator, "target", "{indicator: share, target: 60}")
    target: Array = scale.directed(
        spec.numbers("target")[None, :], spec.numbers("direction", 1), spec.numbers("ideal")
    )[0]
    for indicator, goal, low in zip(spec.indicators, target, against.low, strict=True):
        if goal <= low:
            raise ConfigurationError(
                f'The target of "{indicator.column}" is not better than its worst value.', where=indicator.place,
                next_step="Mend the target, or the direction.",
            )  # fmt: skip
    return target


def _to_frontier(own: Array, spec: Spec, choice: dict[str, Any]) -> Array:
    for indicator in spec.indicators:
        for key in ("worst", "best"):
            _need(indicator, key, "{indicator: days, worst: 60, best: 5}")
        upwards = indicator.number("best") > indicator.number("worst")
        if indicator.number("best") == indicator.number("worst") or upwards != (indicator.number("direction", 1) > 0):
            raise ConfigurationError(
                f'"{indicator.column}": worst, best and direction do not agree.', where=indicator.place,
                example="{indicator: days, direction: -1, worst: 60, best: 5}",
            )  # fmt: skip
    return scale.to_frontier(own, spec.numbers("worst"), spec.numbers("best"), choice.get("scale", PERCENT))


def _share_of_maximum(data: Data, own: Array, spec: Spec, block: Block, against: Reference) -> Array:
    """Shares of the best value of the base; turned back, it is the smallest one where less is better."""
    _check_positive(data, own, spec, block, "share_of_maximum")
    direction = spec.numbers("direction", 1)
    return scale.share_of(own, against.high * direction, direction)


def _share_of_base(data: Data, own: Array, spec: Spec, block: Block, choice: dict[str, Any]) -> Array:
    """Shares of a unit's value in the same period, or of the own value in a base period."""
    _check_positive(data, own, spec, block, "base_100")
    units, periods = ([texts[row] for row in block.rows] for texts in (data.units, data.periods))
    found = {key: place for place, key in enumerate(zip(units, periods, strict=True))}
    leader = np.full_like(own, np.nan)
    for place, (unit, period) in enumerate(zip(units, periods, strict=True)):
        key = (str(choice.get("base_unit", unit)), str(choice.get("base_period", period)))
        if key not in found:
            raise ConfigurationError(
                f"{data.label(int(block.rows[place]))} has no base: there is no row {' '.join(filter(None, key))}.",
                where=spec.settings.place("normalisation"), next_step="Name a base that every unit or period has.",
            )  # fmt: skip
        leader[place] = own[found[key]]
    return scale.share_of(own, leader, spec.numbers("direction", 1))


def _check_positive(data: Data, own: Array, spec: Spec, block: Block, method: str) -> None:
    for indicator in spec.indicators:
        if "ideal" in indicator.terms:
            raise ConfigurationError(
                f'"{indicator.column}" has an ideal value, which {method} does not know.', where=indicator.place,
                example="normalisation: {method: minmax}",
            )  # fmt: skip
    for place, column in np.argwhere(own <= 0):
        row, name = int(block.rows[place]), spec.indicators[column].column
        raise SourceError(
            f'"{name}" of {data.label(row)} is {own[place, column]:g}; {method} needs positive values.',
            where=data.place(row, name), example="normalisation: {method: minmax}",
        )  # fmt: skip


def _need(indicator: Indicator, key: str, example: str) -> None:
    if key not in indicator.terms:
        raise ConfigurationError(f'"{indicator.column}" has no {key}.', where=indicator.place, example=example)
