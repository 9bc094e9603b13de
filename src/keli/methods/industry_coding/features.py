"""Features: n-grams that training saw often enough, weighted by how few texts hold them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from keli.methods.industry_coding.wording import BUCKET_BITS, Grams


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The n-grams that count.

    Args:
        buckets: Their buckets, ascending.
        rarity: Inverse document frequency of each.
    """

    buckets: npt.NDArray[np.int64]
    rarity: npt.NDArray[np.float32]

    @cached_property
    def columns(self) -> npt.NDArray[np.int32]:
        """Column of each bucket, -1 where it does not count."""
        found = np.full(1 << BUCKET_BITS, -1, dtype=np.int32)
        found[self.buckets] = np.arange(len(self.buckets))
        return found


def vocabulary_of(grams: Grams, least: int) -> Vocabulary:
    """The n-grams of enough training texts with their inverse document frequency.

    Args:
        grams: N-grams of the training texts, a row each.
        least: Texts that an n-gram must stand in.

    Returns:
        The vocabulary; rarity = ln((1 + texts) / (1 + texts that hold the n-gram)) + 1.
    """
    texts = np.bincount(grams.indices, minlength=grams.shape[1])
    buckets = np.flatnonzero(texts >= least)
    rarity = np.log((1 + grams.shape[0]) / (1 + texts[buckets])) + 1
    return Vocabulary(buckets, rarity.astype(np.float32))


def features(grams: Grams, vocabulary: Vocabulary) -> Grams:
    """Features of texts: square root of the summed weights times rarity, each row of length one.

    Args:
        grams: N-grams, a row for each text.
        vocabulary: The n-grams that count.

    Returns:
        A sparse matrix, a row for each text, a column for each n-gram of the vocabulary.
    """
    return weighed(grams[:, vocabulary.buckets].tocsr(), vocabulary)


def weighed(found: Grams, vocabulary: Vocabulary) -> Grams:
    """Features of texts whose n-grams were counted in the columns of the vocabulary; the counts are overwritten.

    Args:
        found: N-grams, a column for each of the vocabulary.
        vocabulary: The n-grams that count.
    """
    found.data = np.sqrt(found.data) * vocabulary.rarity[found.indices]
    squares = np.add.reduceat(np.append(found.data**2, 0), found.indptr[:-1]) if found.shape[0] else np.zeros(0)
    filled = np.diff(found.indptr)
    length = np.sqrt(np.where(filled > 0, squares, 1.0))
    found.data = (found.data / np.repeat(length, filled)).astype(np.float32)
    return found
