"""Temporal disaggregation of a plain file: which method, over which periods, what is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from keli.base.errors import ConfigurationError, Place, SourceError
from keli.methods.disaggregation.conversion import CONVERSIONS, SUM, conversion_matrix
from keli.methods.disaggregation.denton import ADDITIVE, CRITERIA, ORDERS, PROPORTIONAL, denton, uniform
from keli.methods.disaggregation.regression import (
    FAST_RHO,
    MAXLOG,
    MINRSS_ECOTRIM,
    MINRSS_QUILIS,
    Fit,
    estimated,
    regressed,
)
from keli.methods.disaggregation.shocks import autoregressive, walk
from keli.plain.disaggregate.series import PER_YEAR, TIME, TOLD, VALUE, Series, label, read_series
from keli.plain.files import check_target, write_plain

DENTON, CHOLETTE, UNIFORM, FERNANDEZ, FAST = "denton", "denton-cholette", "uniform", "fernandez", "fast"
CHOW_LIN, LITTERMAN = "chow-lin", "litterman"
FIXED, LIKELIHOOD, SQUARES = "fixed", "maxlog", "minrss"
ADJUSTING = (DENTON, CHOLETTE, UNIFORM)
ESTIMATING = tuple(f"{family}-{how}" for family in (CHOW_LIN, LITTERMAN) for how in (LIKELIHOOD, SQUARES))
GIVEN = (f"{CHOW_LIN}-{FIXED}", f"{LITTERMAN}-{FIXED}")
METHODS = (*ADJUSTING, FAST, FERNANDEZ, *ESTIMATING, *GIVEN)
VARIANTS = ("ecotrim", "quilis")
FINER = {"a": ("q", "m"), "q": ("m",), "m": ()}


@dataclass(frozen=True)
class DisaggregateTask:
    """What is asked of a series of years or quarters.

    Args:
        low: File of the long periods.
        out: File to write.
        method: One of METHODS.
        high: Files of indicators of the short periods; all of one span.
        to: q or m; needed where there is no indicator.
        conversion: sum, average, first or last.
        criterion: proportional or additive (Denton); proportional where none is given.
        h: Order of the differences (Denton); 1 where none is given.
        fixed_rho: rho of the methods whose name ends in fixed; 0.5 where none is given.
        least_rho: Least rho of the methods that estimate it; -1 allows all.
        constant: Regress on a constant too.
        variant: ecotrim or quilis (chow-lin-minrss); ecotrim where none is given.
    """

    low: Path
    out: Path
    method: str
    high: tuple[Path, ...] = ()
    to: str | None = None
    conversion: str = SUM
    criterion: str | None = None
    h: int | None = None
    fixed_rho: float | None = None
    least_rho: float | None = None
    constant: bool = True
    variant: str | None = None


@dataclass(frozen=True)
class Disaggregated:
    """What was done.

    Args:
        long_periods: Long periods read.
        long_kind: years or quarters.
        short_periods: Short periods written.
        short_kind: quarters or months.
        outside: Short periods before and after the long ones.
        fit: The regression, where the method is one.
        unused: Options that the method does not use.
    """

    long_periods: int
    long_kind: str
    short_periods: int
    short_kind: str
    outside: tuple[int, int]
    fit: Fit | None
    unused: tuple[str, ...]


@dataclass(frozen=True)
class _Span:
    """Short periods of the result, and where the long ones lie in them."""

    frequency: str
    first: int
    periods: int
    ratio: int
    before: int
    after: int


def disaggregate_file(task: DisaggregateTask) -> Disaggregated:
    """Write a series of short periods that agrees with one of long periods.

    Method: one problem over the whole span of the indicators; short periods outside the long ones weigh nothing in the
    conversion and so are extrapolated.

    Raises:
        ConfigurationError: An option is none, or the method cannot be applied to these files.
        SourceError: A file cannot be read, has gaps, or does not cover what it must.
        KeliError: The result cannot be written.
    """
    _check(task)
    check_target(task.out, [task.low, *task.high])
    low = read_series(task.low)
    high = [read_series(path) for path in task.high]
    span = _span(low, high, task.to)
    weights = conversion_matrix(task.conversion, span.ratio, len(low.values), span.before, span.after)
    values, fit = _applied(task, low, high, weights)
    times = [label(span.frequency, span.first + place) for place in range(span.periods)]
    texts = [repr(float(value)) for value in values]
    write_plain(task.out, pa.table({TIME: times, VALUE: texts}), inputs=[task.low, *task.high])
    return Disaggregated(
        len(low.values), TOLD[low.frequency], span.periods, TOLD[span.frequency], (span.before, span.after), fit,
        _unused(task),
    )  # fmt: skip


def _check(task: DisaggregateTask) -> None:
    """Check the options by themselves."""
    chosen: tuple[tuple[str, object, tuple[object, ...]], ...] = (
        ("--method", task.method, METHODS), ("--to", task.to, ("q", "m", None)),
        ("--conversion", task.conversion, CONVERSIONS), ("--criterion", task.criterion, (*CRITERIA, None)),
        ("--h", task.h, (*ORDERS, None)), ("--variant", task.variant, (*VARIANTS, None)),
    )  # fmt: skip
    for option, value, allowed in chosen:
        if value not in allowed:
            told = ", ".join(str(one) for one in allowed if one is not None)
            raise ConfigurationError(f'{option} knows no "{value}".', example=f"{option} {allowed[0]}",
                                     next_step=f"Choose one of: {told}.")  # fmt: skip
    if task.least_rho is not None and not -1 <= task.least_rho < 1:
        raise ConfigurationError(f"--least-rho {task.least_rho:g} is not from -1 to 1.", example="--least-rho 0")
    if task.method in ADJUSTING and len(task.high) > 1:
        raise ConfigurationError(
            f"{task.method} takes one indicator; {len(task.high)} are given.",
            next_step="Keep one, or use a method that regresses on several, such as chow-lin-maxlog.",
        )
    if task.method not in ADJUSTING and not task.high and not task.constant:
        raise ConfigurationError(
            "There is nothing to regress on: no indicator and no constant.", next_step="Give --high, or a constant."
        )


def _span(low: Series, high: list[Series], to: str | None) -> _Span:
    """Short periods of the result; the indicators agree with each other and cover the long periods."""
    for other in high:
        _require_same_span(high[0], other)
    frequency = _frequency(low, high, to)
    ratio = PER_YEAR[frequency] // PER_YEAR[low.frequency]
    start, end = low.first * ratio, low.after * ratio
    if not high:
        return _Span(frequency, start, end - start, ratio, 0, 0)
    _require_cover(low, high[0], start, end)
    return _Span(frequency, high[0].first, len(high[0].values), ratio, start - high[0].first, high[0].after - end)


def _frequency(low: Series, high: list[Series], to: str | None) -> str:
    """Frequency of the result: that of the indicators, that asked for, or the next finer one."""
    finer = FINER[low.frequency]
    if not finer:
        raise SourceError(
            "Months are not divided further.",
            where=Place(str(low.path), low.rows[0], TIME),
            example="2005 or 2005-Q1",
            next_step="Give a file of years or quarters as --low.",
        )
    found = high[0].frequency if high else to or finer[0]
    if found not in finer:
        raise SourceError(
            f"{TOLD[low.frequency].capitalize()} cannot be divided into {TOLD[found]}.",
            where=Place(str((high[0] if high else low).path), None, TIME),
            example=f"--to {finer[0]}",
            next_step="See which file is --low and which is --high.",
        )
    if to not in {None, found}:
        raise SourceError(
            f"--to asks for {TOLD[to or found]}; the indicator holds {TOLD[found]}.",
            where=Place(str(high[0].path), high[0].rows[0], TIME),
            example=f"--to {found}",
            next_step="Leave --to out, or give an indicator of the periods that are wanted.",
        )
    return found


def _require_same_span(first: Series, other: Series) -> None:
    if (first.frequency, first.first, first.after) != (other.frequency, other.first, other.after):
        ends = [f"{label(one.frequency, one.first)} to {label(one.frequency, one.after - 1)}" for one in (first, other)]
        raise SourceError(
            f"The indicators cover different spans: {first.path.name} {ends[0]}, {other.path.name} {ends[1]}.",
            where=Place(str(other.path), other.rows[0], TIME),
            next_step="Cut them to the periods that all of them have.",
        )


def _require_cover(low: Series, high: Series, start: int, end: int) -> None:
    """Check that the indicator has every short period of the long ones."""
    if high.first <= start and high.after >= end:
        return
    lacking = start if high.first > start else max(high.after, start)
    row = low.rows[lacking * len(low.values) // (end - start) - low.first]
    raise SourceError(
        f"{high.path.name} covers {label(high.frequency, high.first)} to {label(high.frequency, high.after - 1)}; "
        f"{label(high.frequency, lacking)}, which this row needs, is missing.",
        where=Place(str(low.path), row, TIME),
        next_step=f"Give the indicator from {label(high.frequency, start)} to {label(high.frequency, end - 1)}, or "
        "leave out the rows that it does not cover.",
    )


def _applied(
    task: DisaggregateTask, low: Series, high: list[Series], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], Fit | None]:
    """The series, and the regression where the method is one."""
    ones = np.ones(weights.shape[1])
    if task.method in ADJUSTING:
        indicator = high[0].values if high else ones
        if task.method == UNIFORM:
            return uniform(low.values, indicator, weights), None
        criterion = task.criterion or PROPORTIONAL
        if high and criterion == PROPORTIONAL:
            _require_no_zero(high[0])
        order = 1 if task.h is None else task.h
        cholette = task.method == CHOLETTE
        return denton(low.values, indicator, weights, criterion=criterion, h=order, cholette=cholette), None
    columns = ([ones] if task.constant else []) + [one.values for one in high]
    fit = _fitted(task, low.values, np.column_stack(columns), weights)
    return fit.series, fit


def _fitted(
    task: DisaggregateTask, low: NDArray[np.float64], indicators: NDArray[np.float64], weights: NDArray[np.float64]
) -> Fit:
    if task.method == FAST:
        return regressed(low, indicators, weights, autoregressive, FAST_RHO)
    if task.method == FERNANDEZ:
        return regressed(low, indicators, weights, walk, 0.0)
    spread = autoregressive if task.method.startswith(CHOW_LIN) else walk
    if task.method in GIVEN:
        return regressed(low, indicators, weights, spread, 0.5 if task.fixed_rho is None else task.fixed_rho)
    ecotrim = spread is autoregressive and task.variant != "quilis"
    squares = MINRSS_ECOTRIM if ecotrim else MINRSS_QUILIS
    objective = MAXLOG if task.method.endswith(LIKELIHOOD) else squares
    return estimated(low, indicators, weights, spread, objective=objective, least_rho=task.least_rho or 0.0)


def _require_no_zero(indicator: Series) -> None:
    """Check that a proportional correction can move every period."""
    for row, value in zip(indicator.rows, indicator.values, strict=True):
        if value == 0:
            raise SourceError(
                "The indicator is zero: a proportional correction cannot move it.",
                where=Place(str(indicator.path), row, VALUE),
                example=f"--criterion {ADDITIVE}",
                next_step="Correct the value, or use the additive criterion.",
            )


def _unused(task: DisaggregateTask) -> tuple[str, ...]:
    """Options that were given and that the method does not use."""
    used = {
        "--criterion": task.method in {DENTON, CHOLETTE},
        "--h": task.method in {DENTON, CHOLETTE},
        "--fixed-rho": task.method in GIVEN,
        "--least-rho": task.method in ESTIMATING,
        "--variant": task.method == f"{CHOW_LIN}-{SQUARES}",
        "--no-constant": task.method not in ADJUSTING,
    }
    given = {
        "--criterion": task.criterion, "--h": task.h, "--fixed-rho": task.fixed_rho, "--least-rho": task.least_rho,
        "--variant": task.variant, "--no-constant": None if task.constant else True,
    }  # fmt: skip
    return tuple(option for option, value in given.items() if value is not None and not used[option])


def told_of_disaggregation(task: DisaggregateTask, done: Disaggregated) -> list[str]:
    """What the command says when it is done: periods, extrapolation, rho, coefficients, options without use."""
    before, after = done.outside
    periods = f"{done.long_periods} {done.long_kind} -> {done.short_periods} {done.short_kind}"
    lines = [f"{periods}, {task.method}, {task.conversion}"]
    if before or after:
        lines.append(f"extrapolated: {before} {done.short_kind} before, {after} after")
    if done.fit is not None:
        names = (["constant"] if task.constant else []) + [path.name for path in task.high]
        lines += [f"{name}: {value:.6g}" for name, value in zip(names, done.fit.coefficients, strict=True)]
        lines += _told_of_rho(done.fit)
    lines += [f"{option} is not used by {task.method}" for option in done.unused]
    if task.method == DENTON and (task.h is None or task.h):
        lines.append(f"{DENTON} bends the series at its beginning; {CHOLETTE} does not")
    return lines


def _told_of_rho(fit: Fit) -> list[str]:
    lines = [f"rho: {fit.rho:.6g}" + (" (truncated: the best one is smaller)" if fit.truncated else "")]
    if fit.rival is not None:
        lines.append(
            f"another optimum: rho near {fit.rival:g} fits better than the one that the search came to; compare with "
            "the fixed method"
        )
    return lines
