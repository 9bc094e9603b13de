"""The digital-economy core, yes or no: learnt directly from units, beside the probabilities of classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC

from keli.methods.industry_coding.calibration import Scores
from keli.methods.industry_coding.linear import SEED
from keli.methods.industry_coding.wording import Grams
from keli.model.codes import CodeList

CORE, APART, UNKNOWN = 1, 0, -1
LEARNERS = 3
LEAST_OF_EACH = 20
"""Fewer units than this inside or outside the core are too few to learn it from."""
SUREST = 1e-4


@dataclass(frozen=True, eq=False)
class CoreModel:
    """Probability of the core from that of its classes and from the words themselves.

    Args:
        scope_weights: What each n-gram of scopes adds to the log odds of the core.
        name_weights: The same for names.
        shift: Log odds before any n-gram.
        slope: Weight of the log odds that the classes give.
    """

    scope_weights: Scores
    name_weights: Scores
    shift: float
    slope: float

    def probability(self, by_class: Scores, scope: Grams, name: Grams) -> Scores:
        """Probability of the core.

        Args:
            by_class: Sum of the probabilities of the classes of the core.
            scope: Features of the scopes.
            name: Features of the names.
        """
        words = scope @ self.scope_weights + name @ self.name_weights
        found: Scores = (1 / (1 + np.exp(-(self.shift + self.slope * log_odds(by_class) + words)))).astype(np.float32)
        return found


def curve_alone(sizes: tuple[int, int], curve: Mapping[str, float]) -> CoreModel:
    """The core by the probabilities of its classes alone.

    Args:
        sizes: N-grams of scopes and of names that count.
        curve: `shift` and `slope` of the log odds.
    """
    nothing = np.zeros(sizes[0], np.float32), np.zeros(sizes[1], np.float32)
    return CoreModel(*nothing, float(curve["shift"]), float(curve["slope"]))


def log_odds(shares: Scores) -> Scores:
    """ln(p / (1 - p)), with p held off 0 and 1."""
    held = np.clip(shares, SUREST, 1 - SUREST)
    odds: Scores = np.log(held / (1 - held))
    return odds


def known_core(codes: Sequence[str], gbt: CodeList, core: frozenset[str]) -> npt.NDArray[np.int64]:
    """Whether units of the codes belong to the core: 1 yes, 0 no, -1 where only some classes of a short code do.

    Args:
        codes: Codes of two to four digits.
        gbt: GB/T 4754-2017.
        core: Industry classes of the core.
    """
    inside = {code: {below in core for below in gbt.below(code, "class")} for code in set(codes)}
    return np.array([UNKNOWN if len(inside[code]) != 1 else int(True in inside[code]) for code in codes])


@dataclass(frozen=True, eq=False)
class Learners:
    """Three linear learners of the core: support vectors on scopes and names, on names alone, and naive Bayes on both.

    Args:
        scope_weights: A row for each n-gram of scopes, a column for each learner.
        name_weights: The same for names.
        intercepts: Score of each before any n-gram.
    """

    scope_weights: Scores
    name_weights: Scores
    intercepts: Scores

    def scores(self, scope: Grams, name: Grams) -> Scores:
        """Scores of texts, a column for each learner."""
        found: Scores = scope @ self.scope_weights + name @ self.name_weights + self.intercepts
        return found


def core_learners(
    features: tuple[Grams, Grams], known: npt.NDArray[np.int64], weights: npt.NDArray[np.float64],
    settings: Mapping[str, float],
) -> Learners:  # fmt: skip
    """Learn the core from units and official facts whose code says whether they belong to it.

    Args:
        features: Features of scopes and of names.
        known: 1 for the core, 0 outside; others are left out.
        weights: What each row counts.
        settings: `name_weight_own`, `penalty_core` and `smoothing_core`.

    Method: differences of the learners' weights between core and others; Fan et al. (2008), McCallum, Nigam (1998).
    """
    rows = np.flatnonzero(known != UNKNOWN)
    scope, name = features[0][rows], settings["name_weight_own"] * features[1][rows]
    truth, weighed = known[rows] == CORE, weights[rows]
    both = sp.hstack([scope, name]).tocsr()
    on_both = LinearSVC(C=settings["penalty_core"], random_state=SEED).fit(both, truth, sample_weight=weighed)
    on_names = LinearSVC(C=settings["penalty_core"], random_state=SEED).fit(name, truth, sample_weight=weighed)
    bayes = MultinomialNB(alpha=settings["smoothing_core"]).fit(both, truth, sample_weight=weighed)
    split = scope.shape[1]
    columns = [
        on_both.coef_[0],
        np.concatenate([np.zeros(split), on_names.coef_[0]]),
        bayes.feature_log_prob_[1] - bayes.feature_log_prob_[0],
    ]
    table = np.stack(columns, axis=1)
    table[split:] *= settings["name_weight_own"]
    bases = [on_both.intercept_[0], on_names.intercept_[0], bayes.class_log_prior_[1] - bayes.class_log_prior_[0]]
    return Learners(*(part.astype(np.float32) for part in (table[:split], table[split:], np.array(bases))))


def enough_to_learn(known: npt.NDArray[np.int64]) -> bool:
    """Whether there are units enough on both sides of the core."""
    return min(int((known == CORE).sum()), int((known == APART).sum())) >= LEAST_OF_EACH


def stacked(by_class: Scores, scores: Scores, known: npt.NDArray[np.int64], learners: Learners) -> CoreModel:
    """The core by classes and learners together, weighed on units that neither had seen.

    Args:
        by_class: Sum of the probabilities of the classes of the core, of held-out units.
        scores: Scores of the learners, of the same units.
        known: 1 for the core, 0 outside, of the same units; others are left out.
        learners: The learners on all units, to which the weights are put.

    Method: logistic regression on standardised log odds and scores (stacking, Wolpert 1992). The learners are linear in
    the n-grams, so that one weight for each n-gram is left.
    """
    rows = np.flatnonzero(known != UNKNOWN)
    table = np.column_stack([log_odds(by_class), scores])[rows].astype(np.float64)
    spread = np.maximum(table.std(axis=0), SUREST)
    fitted = LogisticRegression(C=1.0).fit(table / spread, known[rows] == CORE)
    slopes = fitted.coef_[0] / spread
    shares = slopes[1:].astype(np.float32)
    shift = float(fitted.intercept_[0] + learners.intercepts @ shares)
    return CoreModel(learners.scope_weights @ shares, learners.name_weights @ shares, shift, float(slopes[0]))
