"""What an earlier report froze: the reference of its indicators, and its weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from keli.base.errors import ConfigurationError, Place
from keli.methods.composite.normalisation import Reference
from keli.plain.index.spec import Spec

MOMENTS = ("low", "high", "mean", "deviation")


@dataclass(frozen=True)
class Earlier:
    """What was frozen; nothing where no report is named.

    Args:
        reference: Reference of the indicators.
        weights: Weights by branch and part.
    """

    reference: Reference | None = None
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def read_earlier(spec: Spec, beside: Path) -> Earlier:
    """Return what the report that the SPEC names froze.

    Args:
        spec: The SPEC.
        beside: Folder that names of files start from.

    Raises:
        ConfigurationError: The report is not there, is no report of an index, or is of another tree.
    """
    name = spec.key("frontier", {}).get("report")
    if name is None:
        return Earlier()
    path = beside / name
    where = spec.settings.place("frontier", "report")
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        [frozen] = report["frozen"]
        reference = Reference(
            *(np.array([frozen["reference"][one.column][moment] for one in spec.indicators]) for moment in MOMENTS)
        )
        weights = {name: {str(part.name): float(frozen["weights"][name][part.name]) for part in branch.parts}
                   for name, branch in ((node.name, node) for node in spec.top.branches())}  # fmt: skip
    except OSError as problem:
        raise ConfigurationError(
            f"There is no report {path}.", where=where, example="report: index-2019.json"
        ) from problem
    except (ValueError, KeyError, TypeError) as problem:
        raise ConfigurationError(
            f"The report {path} has not what this index needs: {problem}.", where=Place(str(path)),
            next_step="Name the --report of keli index over the same tree, with one frontier for all rows.",
        ) from problem  # fmt: skip
    return Earlier(reference, weights)
