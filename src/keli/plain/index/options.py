"""Options that go with methods: one that its method does not read is refused, not ignored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keli.base.errors import ConfigurationError
from keli.model.settings.located import Located, Steps

FOLLOWS = "Remove it, or choose the method that reads it; see docs/methods/composite_index.md."
_RULE = {"then", "lambda", "combine", "points", "skewness", "kurtosis"}
_LEARNT = {"of", "over"}
READ: dict[str, dict[str, set[str]]] = {
    "imputation": {},
    "treatment": {"winsorise": _RULE, "transform": _RULE - {"combine", "points"}},
    "normalisation": {
        "minmax": {"range", "clip"}, "zscore": {"mean", "deviation", "divisor"}, "rank": {"ties"},
        "percentile": {"ties"}, "borda": {"ties"}, "distance_to_target": {"clip"}, "distance_to_frontier": {"scale"},
        "base_100": {"base_unit", "base_period"},
    },
    "weights": {
        "given": {"relative"}, "entropy": _LEARNT, "critic": _LEARNT, "standard_deviation": _LEARNT, "pca": _LEARNT,
        "pca_factors": _LEARNT, "ahp": {"matrix"}, "benefit_of_doubt": {"shares"},
    },
    "aggregation": {
        "arithmetic": {"available"}, "geometric": {"available"}, "harmonic": {"available"}, "topsis": {"length"},
        "copeland": {"count"},
    },
}  # fmt: skip
FROZEN = {
    "normalisation": {"rank", "percentile", "borda"},
    "weights": {"benefit_of_doubt"},
    "aggregation": {"topsis", "copeland"},
}


def check_options(settings: Located, said: Sequence[tuple[str, dict[str, Any], Steps]]) -> None:
    """Check every method that a SPEC names.

    Args:
        settings: The file.
        said: Section, method with its options, and place of each.

    Raises:
        ConfigurationError: An option does not go with its method, one that is needed is missing, the method depends on
            all rows while the frontier is frozen, or it cannot be drawn or stand where it stands.
    """
    frozen = {"period", "report"} & set(settings.contents.get("frontier", {}))
    for section, choice, steps in said:
        _check_read(settings, section, choice, steps)
        _check_needed(settings, section, choice, steps)
        if frozen and choice["method"] in FROZEN.get(section, ()):
            raise ConfigurationError(
                f"{choice['method']} compares with all rows, so it cannot be held against a frozen frontier.",
                where=settings.place(*steps, "method"),
                next_step="Choose minmax, zscore or a distance, and arithmetic, geometric or harmonic means.",
            )
    _check_bounds(settings)


def _check_read(settings: Located, section: str, choice: dict[str, Any], steps: Steps) -> None:
    allowed = READ[section].get(choice["method"], set())
    for option in choice:
        if option != "method" and option not in allowed:
            raise ConfigurationError(
                f'"{option}" is not an option of {choice["method"]}.'
                f" Its options: {', '.join(sorted(allowed)) or 'none'}.",
                where=settings.place(*steps, option),
                next_step=FOLLOWS,
            )


def _check_needed(settings: Located, section: str, choice: dict[str, Any], steps: Steps) -> None:
    method, lacking = choice["method"], ""
    if method == "group_mean" and "group" not in settings.contents:
        lacking = "group: region"
    if method == "ahp" and "matrix" not in choice:
        lacking = 'weights: {method: ahp, matrix: [[1, 3], ["1/3", 1]]}'
    if method == "transform" and choice.get("then", "none") == "none":
        lacking = "treatment: {method: transform, then: shifted_log}"
    if method == "base_100" and len({"base_unit", "base_period"} & set(choice)) != 1:
        lacking = "normalisation: {method: base_100, base_period: 2015}"
    if "base_period" in choice and "period" not in settings.contents:
        lacking = "period: year"
    _check_stand(settings, method, steps)
    if lacking:
        raise ConfigurationError(f"The {section} {method} needs more.", where=settings.place(*steps), example=lacking)


def _check_stand(settings: Located, method: str, steps: Steps) -> None:
    """Methods that cannot stand everywhere."""
    if method == "ahp" and "index" not in steps:
        raise ConfigurationError(
            "Paired comparisons belong to the branch whose parts they compare.", where=settings.place(*steps),
            example='{name: digital_economy, weights: {method: ahp, matrix: [[1, 3], ["1/3", 1]]}, parts: [...]}',
        )  # fmt: skip
    if method == "benefit_of_doubt" and "vary" in steps:
        raise ConfigurationError(
            "benefit_of_doubt cannot be drawn: every replicate would solve a program for every unit.",
            where=settings.place(*steps), next_step="Take it out of vary.",
        )  # fmt: skip


def _check_bounds(settings: Located) -> None:
    """Pairs of numbers in their order, and periods where they are needed."""
    contents = settings.contents
    pairs: list[tuple[Steps, Any]] = [
        (("normalisation", "range"), contents.get("normalisation", {}).get("range")),
        (("weights", "shares"), contents.get("weights", {}).get("shares")),
        (("uncertainty", "interval"), contents.get("uncertainty", {}).get("interval")),
    ]
    for steps, pair in pairs:
        if pair is not None and pair[0] >= pair[1]:
            raise ConfigurationError(
                f"{'.'.join(map(str, steps))} goes from {pair[0]} to {pair[1]}.", where=settings.place(*steps),
                next_step="Give the smaller number first.",
            )  # fmt: skip
    if {"period", "rows"} & set(contents.get("frontier", {})) and "period" not in contents:
        raise ConfigurationError(
            "The frontier speaks of periods, but no column of periods is named.", where=settings.place("frontier"),
            example="period: year",
        )  # fmt: skip
