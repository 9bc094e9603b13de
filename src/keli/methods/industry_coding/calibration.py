"""Calibration: probabilities that come true as often as they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
TEMPERATURES = np.geomspace(0.02, 2.0, 61)
BINS = 10


def softmax(scores: Scores, temperature: float = 1.0) -> Scores:
    """Probabilities from scores: exp(score / temperature), each row summed to one."""
    scaled = scores / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares: Scores = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def best_temperature(scores: Scores, truth: npt.NDArray[np.int64]) -> float:
    """The temperature under which held-out codes are most likely.

    Args:
        scores: Scores of texts that the scoring model did not see, a column for each code.
        truth: Column of the right code of each text.

    Returns:
        The value of a grid from 0.02 to 2 with the least mean -ln(probability of the right code).

    Method: temperature scaling, Guo, Pleiss, Sun, Weinberger (2017).
    """
    rows = np.arange(len(truth))
    losses = [-np.log(np.maximum(softmax(scores, t)[rows, truth], 1e-9)).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def pulled(scores: Scores, groups: npt.NDArray[np.int64], temperature: float, pull: float) -> Scores:
    """Logarithms of division probabilities, raised by the probability of the section that the division lies in.

    Many sections have several like divisions, among which the probability spreads; the section is the surer statement.

    Args:
        scores: Scores, a column for each division.
        groups: Number of the section of each division.
        temperature: Turns scores into probabilities.
        pull: Weight of the section: log p(division) + pull * log p(section).
    """
    shares = softmax(scores, temperature)
    sections = np.zeros((len(groups), int(groups.max()) + 1), np.float32)
    sections[np.arange(len(groups)), groups] = 1
    least = np.float32(1e-12)
    raised: Scores = np.log(shares + least) + np.float32(pull) * np.log(shares @ sections + least)[:, groups]
    return raised


@dataclass(frozen=True, eq=False)
class Reliability:
    """How often decisions of a stated share are right.

    Args:
        stated: Shares that the model states, ascending.
        right: Share of such decisions that is right, never falling.
    """

    stated: npt.NDArray[np.float64]
    right: npt.NDArray[np.float64]

    def __call__(self, shares: Scores) -> Scores:
        """Probability that decisions are right, between the points of the curve on straight lines."""
        found: Scores = np.interp(shares, self.stated, self.right).astype(np.float32)
        return found


def reliability_of(shares: Scores, right: npt.NDArray[np.bool_]) -> Reliability:
    """Curve of the share right over the stated share, from decisions on held-out texts.

    Args:
        shares: Stated shares.
        right: Whether each decision was right.

    Returns:
        At most ten points: tenths of the decisions by stated share, neighbours joined where the share right would fall.

    Method: pooled adjacent violators on tenths; Zadrozny, Elkan (2002).
    """
    parts = [part for part in np.array_split(np.argsort(shares, kind="stable"), BINS) if len(part)]
    pools: list[list[float]] = []
    for part in parts:
        pools.append([float(shares[part].sum()), float(right[part].sum()), float(len(part))])
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]:
            last = pools.pop()
            pools[-1] = [old + new for old, new in zip(pools[-1], last, strict=True)]
    table = np.array(pools)
    return Reliability(table[:, 0] / table[:, 2], table[:, 1] / table[:, 2])


def calibration_error(probability: npt.NDArray[np.floating], right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error: mean distance of stated probability and share right, in ten bins of probability.

    Args:
        probability: Stated probability of each decision.
        right: Whether it was right.

    Returns:
        Sum over bins of (share of decisions in the bin) * abs(share right - mean probability); a share.
    """
    bins = np.minimum((probability * BINS).astype(int), BINS - 1)
    count = np.bincount(bins, minlength=BINS)
    gap = np.bincount(bins, probability, BINS) - np.bincount(bins, right, BINS)
    return float(np.abs(gap).sum() / max(count.sum(), 1))


def automatic_share(probability: npt.NDArray[np.floating], right: npt.NDArray[np.bool_], precision: float) -> float:
    """Largest share of decisions, the surest first, of which at least the given share is right.

    Args:
        probability: Stated probability of each decision.
        right: Whether it was right.
        precision: Share of right decisions that is asked for.
    """
    ordered = right[np.argsort(-probability, kind="stable")]
    reached = np.flatnonzero(np.cumsum(ordered) / np.arange(1, len(ordered) + 1) >= precision)
    return float((reached[-1] + 1) / len(ordered)) if len(reached) else 0.0
