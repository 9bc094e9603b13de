"""Profiles: which class of its division a text is nearest to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from keli.methods.industry_coding.calibration import Scores, softmax
from keli.methods.industry_coding.wording import Grams
from keli.model.codes import CodeList

DIVISION, CLASS = 2, 4
LARGEST = 400
"""N-grams that a profile keeps, the weightiest: what lies below is noise of single units."""
SMALLEST_COUNT = 0.5


@dataclass(frozen=True, eq=False)
class Profiles:
    """What the texts of each class look like.

    Args:
        classes: Codes of the classes, ascending.
        means: A row for each class: mean features of its texts, of length one.
        prior: Logarithm of the coded units of each class and a half.
    """

    classes: tuple[str, ...]
    means: Grams
    prior: Scores

    @cached_property
    def _by_start(self) -> dict[int, tuple[npt.NDArray[np.int32], Scores]]:
        """By the place of each division's first class: the row of each n-gram, and the rows, a column for each class.

        Only n-grams that a class of the division holds have a row of their own; all others share a row of zeros.
        """
        found = {}
        for start, end in division_spans(self.classes):
            table = self.means[start:end]
            held = np.unique(table.indices)
            place = np.full(table.shape[1], len(held), dtype=np.int32)
            place[held] = np.arange(len(held))
            dense = np.zeros((len(held) + 1, end - start), dtype=np.float32)
            dense[:-1] = table[:, held].toarray().T
            found[start] = (place, dense)
        return found

    def scores(self, scope: Grams, start: int) -> Scores:
        """Cosine of each text with the profiles of one division, a column for each class.

        Args:
            scope: Features of the scopes.
            start: Place of the division's first class.
        """
        place, dense = self._by_start[start]
        columns = sp.csr_matrix((scope.data, place[scope.indices], scope.indptr), shape=(scope.shape[0], len(dense)))
        near: Scores = columns @ dense
        return near


def class_profiles(scope: Grams, codes: Sequence[str], weights: npt.NDArray[np.float64], gbt: CodeList) -> Profiles:
    """Mean features of the texts of every class; a text of a group or division speaks for all its classes, faintly.

    Args:
        scope: Features of coded units and official facts.
        codes: Code of each, two to four digits.
        weights: What each counts; 1 for a coded unit.
        gbt: GB/T 4754-2017.
    """
    classes = tuple(sorted(code.code for code in gbt.at_level("class")))
    place = {code: number for number, code in enumerate(classes)}
    held = {code: [place[below] for below in gbt.below(code, "class")] for code in sorted(set(codes))}
    rows = np.concatenate([np.array(held[code], int) for code in codes])
    sizes = np.array([len(held[code]) for code in codes])
    columns = np.repeat(np.arange(len(codes)), sizes)
    shares = np.repeat(weights / sizes, sizes)
    sums = (sp.csr_matrix((shares, (rows, columns)), shape=(len(classes), len(codes))) @ scope).tocsr()
    units = np.bincount(rows, np.where(np.repeat(weights, sizes) == 1, shares, 0.0), len(classes))
    return Profiles(classes, _pruned(sums), np.log(SMALLEST_COUNT + units).astype(np.float32))


def class_shares(near: Scores, prior: Scores, temperature: float) -> Scores:
    """Probability of each class of one division, given the division.

    Args:
        near: Cosines of texts with the profiles of the division, a column for each class.
        prior: Logarithm of the coded units of each class and a half.
        temperature: The smaller, the more the nearest profile decides.
    """
    return softmax(near / np.float32(temperature) + prior)


def division_spans(classes: Sequence[str]) -> list[tuple[int, int]]:
    """First and last place (exclusive) of the classes of each division, in ascending order of the divisions.

    Args:
        classes: Codes of classes, ascending.
    """
    divisions = [code[:DIVISION] for code in classes]
    starts = [place for place, code in enumerate(divisions) if place == 0 or divisions[place - 1] != code]
    return list(zip(starts, [*starts[1:], len(classes)], strict=True))


def _pruned(sums: Grams) -> Grams:
    """The weightiest n-grams of each row, the row of length one."""
    rows = []
    for number in range(sums.shape[0]):
        row = sums[number].copy()
        if row.nnz > LARGEST:
            least = np.partition(row.data, -LARGEST)[-LARGEST]
            row.data[row.data < least] = 0
            row.eliminate_zeros()
        length = np.sqrt((row.data**2).sum())
        row.data = (row.data / (length or 1.0)).astype(np.float16).astype(np.float32)
        rows.append(row)
    return sp.vstack(rows).tocsr().astype(np.float32)
