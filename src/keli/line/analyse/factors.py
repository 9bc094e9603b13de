"""Benchmark factors: one a year and major, from the district's estimates and the control totals."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from keli.base.errors import ConfigurationError
from keli.line.analyse.ancestors import CORE
from keli.line.analyse.base_cells import EVERY, UNDIVIDED, cell_id
from keli.methods.benchmark import nested_factors

VALUE_ADDED = "VA"


@dataclass(frozen=True)
class Benchmark:
    """What benchmarking did in one year.

    Args:
        factors: Major -> factor; 1 where no control reaches it.
        rests_on: Major -> base cells whose estimates decide its factor; empty where it is 1 for want of a control.
        total: Control total of the core in yuan, or None.
    """

    factors: dict[str, float]
    rests_on: dict[str, tuple[str, ...]]
    total: float | None

    @property
    def applied(self) -> bool:
        """At least one control total was used."""
        return any(self.rests_on.values())


def benchmarks(
    cells: pd.DataFrame, controls: pd.DataFrame, majors: tuple[str, ...], district: str
) -> dict[int, Benchmark]:
    """Benchmark of each year.

    Args:
        cells: Base cells.
        controls: Control totals. Those of the core total and its majors are used; any other is for reconciliation.
        majors: Majors of the core.
        district: Area code whose controls are used.

    Returns:
        Year -> benchmark, for every year with an estimate.

    Raises:
        ConfigurationError: A control total cannot be spread over the estimates.
    """
    estimates = cells[
        (cells["measure"] == VALUE_ADDED)
        & (cells["unit_set"] == EVERY)
        & (cells["dimension"] == UNDIVIDED)
        & (cells["area"] == district)
        & cells["activity"].isin(majors)
    ]
    wanted = controls[
        (controls["measure"] == VALUE_ADDED)
        & (controls["area"] == district)
        & controls["activity"].isin((CORE, *majors))
    ]
    return {
        int(year): _benchmark(
            int(year),
            dict(zip(of_year["activity"], of_year["value"], strict=True)),
            _controls_of(wanted, int(year)),
            district,
        )
        for year, of_year in estimates.groupby("period", sort=True)
    }


def _controls_of(controls: pd.DataFrame, year: int) -> dict[str, float]:
    of_year = controls[controls["period"] == year].sort_values("activity")
    return dict(zip(of_year["activity"], of_year["value"], strict=True))


def _benchmark(year: int, estimates: dict[str, float], controls: dict[str, float], district: str) -> Benchmark:
    total = controls.get(CORE)
    majors = {activity: value for activity, value in controls.items() if activity != CORE}
    try:
        factors = nested_factors(estimates, majors, total)
    except ConfigurationError as problem:
        raise ConfigurationError(
            f"{year}: {problem.what}", example=problem.example, next_step=problem.next_step
        ) from problem
    return Benchmark(factors, _deciding_cells(year, estimates, controls, district), total)


def _deciding_cells(
    year: int, estimates: dict[str, float], controls: dict[str, float], district: str
) -> dict[str, tuple[str, ...]]:
    """Return the base cells that each factor is the quotient of, together with a control."""
    uncontrolled = [activity for activity in estimates if activity not in controls]
    sharing = [CORE] if len(uncontrolled) == len(estimates) else uncontrolled
    deciding: dict[str, list[str]] = {activity: [activity] for activity in estimates}
    for activity in uncontrolled:
        deciding[activity] = sharing if CORE in controls else []
    return {
        activity: tuple(cell_id(VALUE_ADDED, EVERY, year, district, decider) for decider in deciders)
        for activity, deciders in deciding.items()
    }
