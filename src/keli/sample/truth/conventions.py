"""The conventions of the sample: the dated parameters under `sample/`, read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np

from keli.model.catalogue import Catalogue

YEARS = np.arange(2017, 2022)
FIRST_YEAR, LAST_YEAR = int(YEARS[0]), int(YEARS[-1])
UNITS_OF_CHUNK = 100_000


@dataclass(frozen=True)
class Conventions:
    """The dated conventions of the sample, by the name of their parameter file."""

    profile: dict[str, Any]
    structure: dict[str, float]
    sizes: dict[str, float]
    income: dict[str, float]
    frame: dict[str, float]
    split: dict[str, Any]
    dirt: dict[str, float]


def conventions(catalogue: Catalogue) -> Conventions:
    """Return the conventions that hold in the last year of the sample."""
    names = (
        "class_profile", "unit_structure", "size_distribution", "income_structure", "frame_design", "split_design",
        "dirt_rates",
    )  # fmt: skip
    return Conventions(*(catalogue.parameter(f"sample/{name}").at(LAST_YEAR) for name in names))


@dataclass(frozen=True)
class Stream:
    """Random numbers that depend on the seed, the chunk and the purpose only, not on what was drawn before."""

    seed: int
    chunk: int

    def draw(self, purpose: str) -> np.random.Generator:
        """Return the generator of one purpose."""
        return np.random.default_rng([self.seed, self.chunk, crc32(purpose.encode())])
