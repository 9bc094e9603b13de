"""Wording: the segments of business scopes and the character n-grams in them, weighted by their place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

LINE_BREAK = 10
# Everything that is neither a letter nor a Chinese character ends a segment.
LETTERS, CHARACTERS = (0x41, 0x5A), (0x4E00, 0x9FFF)
BUCKET_BITS = 20
LONGEST = 3
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_FOLD = np.uint64(29)
_SHIFT = np.uint64(64 - BUCKET_BITS)
Columns = npt.NDArray[np.int32] | None
Grams = Any
"""A sparse matrix: a row for each text, a column for each bucket of n-grams, the summed weights of their places."""


@dataclass(frozen=True)
class Wording:
    """How scopes and names are read.

    Args:
        boilerplate: Patterns of licence wording and of activities that every firm writes.
        forms: Patterns of what a name says beside the industry: places, legal forms.
        decay: Loss of weight from one segment to the next; the first names the main business.
        floor: Least weight of a segment.
    """

    boilerplate: tuple[str, ...]
    forms: tuple[str, ...]
    decay: float
    floor: float

    @cached_property
    def _boilerplate(self) -> re.Pattern[str]:
        return re.compile("|".join(self.boilerplate))

    @cached_property
    def _forms(self) -> re.Pattern[str]:
        return re.compile("|".join(self.forms), re.MULTILINE)

    def scope_grams(self, scopes: Sequence[str], columns: Columns = None) -> Grams:
        """Weighted n-grams of business scopes, without licence wording.

        Args:
            scopes: Scope texts.
            columns: Column of each bucket, below zero where it is left out; all buckets by default.

        Returns:
            A row for each text. A place in segment k (from 0) weighs max(floor, 1 / (1 + decay k)).
        """
        text = self._boilerplate.sub("、", _joined(scopes)) if self.boilerplate else _joined(scopes)
        return _grams(text, len(scopes), (self.decay, self.floor), columns)

    def name_grams(self, names: Sequence[str], columns: Columns = None) -> Grams:
        """N-grams of firm names, without place and legal form.

        Args:
            names: Names.
            columns: Column of each bucket, below zero where it is left out; all buckets by default.

        Returns:
            A row for each name.
        """
        text = self._forms.sub("", _joined(names))
        return _grams(text, len(names), (0.0, 1.0), columns)


def _joined(texts: Sequence[str]) -> str:
    """All texts in one, a line each: one pass over long text is many times faster than one for each text."""
    text = "\n".join(texts)
    if text.count("\n") >= max(len(texts), 1) or "\r" in text:
        text = "\n".join(one.replace("\n", "；").replace("\r", "；") for one in texts)
    return text.upper()


def _grams(text: str, rows: int, loss: tuple[float, float], columns: Columns) -> Grams:
    """Hashed n-grams of one to LONGEST characters that lie within a segment."""
    width = 1 << BUCKET_BITS if columns is None else int(columns.max(initial=-1)) + 1
    if not rows:
        return sp.csr_matrix((0, width), dtype=np.float32)
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    breaks = points == LINE_BREAK
    inside = ((points >= LETTERS[0]) & (points <= LETTERS[1])) | ((points >= CHARACTERS[0]) & (points <= CHARACTERS[1]))
    row = np.cumsum(breaks, dtype=np.int32)
    weights = _place_weights(inside, breaks, row, *loss)
    parts = []
    for at, bucket in _hashed(points.astype(np.uint64), inside):
        if columns is None:
            parts.append((row[at], bucket, weights[at]))
        else:
            column = columns[bucket]
            seen = np.flatnonzero(column >= 0)
            parts.append((row[at[seen]], column[seen], weights[at[seen]]))
    found = [np.concatenate(part) for part in zip(*parts, strict=True)]
    return sp.csr_matrix((found[2], (found[0], found[1])), shape=(rows, width), dtype=np.float32)


def _place_weights(
    inside: npt.NDArray[np.bool_],
    breaks: npt.NDArray[np.bool_],
    row: npt.NDArray[np.int32],
    decay: float,
    floor: float,
) -> npt.NDArray[np.float32]:
    starts = inside & ~np.concatenate([[False], inside[:-1]])
    segment = np.cumsum(starts, dtype=np.int32)
    begins = np.concatenate([[0], np.flatnonzero(breaks) + 1])
    before = np.concatenate([[0], segment])[begins]
    order = np.maximum(segment - 1 - before[row], 0)
    weights: npt.NDArray[np.float32] = np.maximum(floor, 1 / (1 + decay * order)).astype(np.float32)
    return weights


def _hashed(
    points: npt.NDArray[np.uint64], inside: npt.NDArray[np.bool_]
) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]]:
    """Place and bucket of every n-gram, for each length."""
    found: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]] = []
    hashed, whole = np.zeros(len(points), np.uint64), inside.copy()
    for length in range(1, LONGEST + 1):
        left = max(len(points) - length + 1, 0)
        hashed = (hashed[:left] + points[length - 1 :][:left] + np.uint64(1)) * _FACTOR
        hashed ^= hashed >> _FOLD
        whole = whole[:left] & inside[length - 1 :][:left]
        at = np.flatnonzero(whole)
        found.append((at, ((hashed[at] * _FACTOR) >> _SHIFT).astype(np.int32)))
    return found
