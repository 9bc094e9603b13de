"""The synthetic district, chunk by chunk: bounded memory, the same units whatever the purpose of the pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from keli.model.catalogue import Catalogue
from keli.sample.truth.accounts import Accounts, unit_accounts, value_added_rates
from keli.sample.truth.calibration import Calibration, activity_sums, calibrated
from keli.sample.truth.classes import ClassList, class_list
from keli.sample.truth.conventions import UNITS_OF_CHUNK, YEARS, Conventions, Stream, conventions
from keli.sample.truth.membership import Membership, membership
from keli.sample.truth.population import LEGAL, Population, population
from keli.sample.truth.shares import digital_shares

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Plan:
    """What every chunk needs to know of the whole district."""

    catalogue: Catalogue
    classes: ClassList
    rules: Conventions
    units: int
    seed: int
    truth: Calibration

    @property
    def threshold_scale(self) -> float:
        """Factor on the thresholds of the above-scale list: fewer units are larger ones."""
        return float(self.rules.frame["units_of_reference"]) / self.units


@dataclass(frozen=True)
class Chunk:
    """Units of one chunk with everything that is true of them."""

    plan: Plan
    stream: Stream
    units: Population
    shares: Array
    accounts: Accounts
    members: Membership


def planned(catalogue: Catalogue, units: int, seed: int) -> Plan:
    """Plan a district: draw it once, add up its core and scale the truth to the headline."""
    rules = conventions(catalogue)
    classes = class_list(catalogue, rules)
    sums = np.zeros((len(YEARS), len(classes.activities)))
    for stream, first, count in _pieces(units, seed):
        drawn = population(classes, rules, stream, first, count)
        rates = value_added_rates(classes, drawn, rules, stream)
        sums += activity_sums(classes, drawn, rates, digital_shares(classes, drawn, rules, stream))
    return Plan(catalogue, classes, rules, units, seed, calibrated(catalogue, classes, sums, seed))


def chunks(plan: Plan) -> Iterator[Chunk]:
    """Yield the chunks of a planned district; the last one closes the core to the fen."""
    core = np.zeros(len(YEARS), dtype=np.int64)
    for stream, first, count in _pieces(plan.units, plan.seed):
        units = population(plan.classes, plan.rules, stream, first, count)
        shares = digital_shares(plan.classes, units, plan.rules, stream)
        rates = value_added_rates(plan.classes, units, plan.rules, stream)
        accounts = unit_accounts(plan.classes, units, rates, shares, plan.truth.factors, plan.rules, stream)
        if first + count == plan.units:
            _close(plan.classes, units, accounts, plan.truth.core - core)
        core += accounts.digital.sum(axis=(0, 2))
        members = membership(plan.classes, units, accounts, plan.threshold_scale, plan.rules, stream)
        yield Chunk(plan, stream, units, shares, accounts, members)


def _pieces(units: int, seed: int) -> Iterator[tuple[Stream, int, int]]:
    for number, first in enumerate(range(0, units, UNITS_OF_CHUNK)):
        yield Stream(seed, number), first, min(UNITS_OF_CHUNK, units - first)


def _close(classes: ClassList, units: Population, accounts: Accounts, wanted: Array) -> None:
    """Put the fen that rounding left on the largest wholly digital legal unit of the chunk, year by year."""
    whole = classes.core & ~classes.starred
    for year in range(len(YEARS)):
        candidates = whole[units.klass[:, year]] & (units.kind == LEGAL)
        carrier = int(np.argmax(np.where(candidates, accounts.revenue[:, year], -1)))
        rest = wanted[year] - accounts.digital[:, year].sum()
        accounts.value_added[carrier, year] += rest
        accounts.digital[carrier, year, 0] += rest
        accounts.items["operating_profit"][carrier, year] += rest
