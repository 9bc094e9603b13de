"""Cell keys: the same units give the same noise, wherever their cell is shown."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp

from keli.methods.linked_tables.holders import sums_of
from keli.methods.linked_tables.tables import Floats, Integers
from keli.methods.rounding.noise import NoiseTable

BITS = 32
KEYS = 2**BITS
"""Number of different keys."""


def record_keys(units: Sequence[str], secret: str) -> Integers:
    """Return (u,) the key of each unit, evenly spread from 0 to 2^32 - 1.

    Args:
        units: What never changes of a unit: its number.
        secret: Known to nobody outside; whoever knows it can take the noise away.

    Method: the first 32 bits of HMAC-SHA-256.
    """
    made = (hmac.new(secret.encode(), unit.encode(), hashlib.sha256).digest()[: BITS // 8] for unit in units)
    return np.array([int.from_bytes(one, "big") for one in made], np.int64)


def keys_of_cells(keys: Integers, relations: Any) -> Integers:
    """Return (n,) the keys of all cells from those of inner cells.

    Args:
        keys: (n,) key of each cell that is no total; what stands at totals is not read.
        relations: (m, n) relations; those that are sums are used.

    Method: the key of a cell is the sum of the keys of its units, modulo 2^32 (Fraser and Wooton 2005). So the key of a
    total is the sum of the keys of its parts.
    """
    sums, count = sums_of(relations), len(keys)
    _, first = np.unique(sums.total, return_index=True)
    chosen = np.isin(sums.of, first)
    parts = sp.csr_matrix(
        (np.ones(int(chosen.sum()), np.int64), (sums.total[sums.of[chosen]], sums.part[chosen])), shape=(count, count)
    )
    is_total = np.isin(np.arange(count), sums.total)
    added = np.where(is_total, 0, keys)
    found = added.copy()
    while added.any():
        added = parts @ added % KEYS
        found += added
    keyed: Integers = found % KEYS
    return keyed


def perturbed(counts: Integers, keys: Integers, table: NoiseTable) -> Integers:
    """Return (n,) counts with noise.

    Args:
        counts: (n,) true counts, 0 or more.
        keys: (n,) cell keys, from 0 to 2^32 - 1.
        table: The p-table.

    Method: key / 2^32 is looked up in the cumulated probabilities of the count's row. Cells are looked up one by one:
    sums of published counts need not hold (Thompson, Broadfoot and Elazar 2013).
    """
    upto: Floats = np.cumsum(table.probabilities, axis=1)
    place = (keys[:, None] / KEYS >= upto[table.row_of(counts)][:, :-1]).sum(axis=1)
    published: Integers = counts + table.changes[place]
    return published
