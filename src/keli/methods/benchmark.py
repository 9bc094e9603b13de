"""Benchmarking to control totals: nested pro rata, a factor for each part."""

from __future__ import annotations

from collections.abc import Mapping

from keli.base.errors import ConfigurationError


def nested_factors(
    estimates: Mapping[str, float], controls: Mapping[str, float], total_control: float | None
) -> dict[str, float]:
    """Benchmark factors of the parts of a total.

    Args:
        estimates: Part (major 01..04) -> estimate before benchmarking.
        controls: Part -> control total, where one is supplied.
        total_control: Control total of the sum of the parts, or None.

    Returns:
        Part -> factor. Estimates times factors add up to the control of the total where there is one.

    Method: without controls 1. Controls of some parts hold for these, and the other parts share what is left of
    the total's control in proportion to their estimates. Controls of all parts are first scaled to the total's
    control (the higher level wins). Pro rata adjustment of one period, level by level; ratios between parts
    without controls of their own stay as estimated.

    Raises:
        ConfigurationError: A control cannot be spread: it has no positive estimate, or the parts leave nothing
            of the total for the others.
    """
    wanted = dict(controls)
    if total_control is not None:
        wanted |= _remainder(estimates, controls, total_control)
    if total_control is not None and set(controls) >= set(estimates):
        scale = total_control / _positive(sum(controls.values()), "all parts")
        wanted = {part: control * scale for part, control in controls.items()}
    for part in controls:
        _positive(estimates.get(part, 0.0), part)
    return {part: wanted[part] / estimate if part in wanted else 1.0 for part, estimate in estimates.items()}


def _remainder(estimates: Mapping[str, float], controls: Mapping[str, float], total_control: float) -> dict[str, float]:
    """Return the wanted totals of the parts without a control of their own."""
    open_parts = [part for part in estimates if part not in controls]
    if not open_parts:
        return {}
    rest = _positive(total_control - sum(controls.values()), ", ".join(open_parts))
    estimated = _positive(sum(estimates[part] for part in open_parts), ", ".join(open_parts))
    return {part: rest * estimates[part] / estimated for part in open_parts}


def _positive(value: float, part: str) -> float:
    if value <= 0:
        raise ConfigurationError(
            f"A control total cannot be spread over {part}: there is no positive figure to spread it by.",
            example="controls of the majors that add up to no more than the control of DE",
            next_step="Check the control totals of this year, or leave the control of this part out.",
        )
    return value
