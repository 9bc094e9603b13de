"""Weights from paired comparisons: the analytic hierarchy process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from keli.methods.composite.ranks import Array

CONSISTENT_SIZE = 2
RECIPROCAL = 1e-6


@dataclass(frozen=True)
class Judgement:
    """Weights from comparisons.

    Args:
        weights: They add up to one.
        largest: Largest eigenvalue.
        index: Consistency index CI.
        ratio: Consistency ratio CR.
    """

    weights: Array
    largest: float
    index: float
    ratio: float


def judged(matrix: Array, random_index: Mapping[int, float]) -> Judgement:
    """Weights of parts from a matrix of paired comparisons.

    Args:
        matrix: How many times as important the part of the row is as the part of the column; 1/9 to 9.
        random_index: Mean consistency index of random matrices, by size.

    Method: principal right eigenvector divided by its sum; CI = (lambda - n) / (n - 1), CR = CI / RI, zero for n <= 2;
    Saaty 1980.

    Raises:
        ValueError: The matrix is not square, positive and reciprocal, or its size has no random index.
    """
    size = len(matrix)
    if matrix.shape != (size, size) or np.any(matrix <= 0):
        raise ValueError("the matrix is not square with positive entries")
    if np.any(np.abs(matrix * matrix.T - 1) > RECIPROCAL):
        row, column = np.argwhere(np.abs(matrix * matrix.T - 1) > RECIPROCAL)[0] + 1
        raise ValueError(f"entry ({row}, {column}) times entry ({column}, {row}) is not 1")
    if size > CONSISTENT_SIZE and size not in random_index:
        raise ValueError(f"there is no random index for {size} parts")
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    largest, vector = float(values[first].real), np.abs(vectors[:, first].real)
    index = 0.0 if size <= CONSISTENT_SIZE else (largest - size) / (size - 1)
    ratio = 0.0 if size <= CONSISTENT_SIZE else index / random_index[size]
    return Judgement(vector / vector.sum(), largest, index, ratio)
