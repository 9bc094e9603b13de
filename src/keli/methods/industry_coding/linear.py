"""The linear model of divisions: one weight for each n-gram and division, learnt by support vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.svm import LinearSVC

from keli.methods.industry_coding.calibration import Scores
from keli.methods.industry_coding.features import Vocabulary, features
from keli.methods.industry_coding.wording import Grams

SEED = 7
"""The solver visits the rows in an order drawn from a fixed seed: the same rows give the same weights."""


@dataclass(frozen=True, eq=False)
class LinearModel:
    """Weights of scope and name n-grams for each division.

    Args:
        divisions: Codes of the divisions, ascending.
        scope_vocabulary: N-grams of scopes that count.
        name_vocabulary: N-grams of names that count.
        scope_weights: A row for each n-gram of scopes, a column for each division.
        name_weights: The same for names.
        intercept: Score of each division before any n-gram.
    """

    divisions: tuple[str, ...]
    scope_vocabulary: Vocabulary
    name_vocabulary: Vocabulary
    scope_weights: Scores
    name_weights: Scores
    intercept: Scores

    def scores(self, scope: Grams, name: Grams) -> Scores:
        """Scores of texts, a column for each division.

        Args:
            scope: Features of the scopes.
            name: Features of the names.
        """
        found: Scores = scope @ self.scope_weights + name @ self.name_weights + self.intercept
        return found


@dataclass(frozen=True, eq=False)
class TrainingRows:
    """Texts with their division.

    Args:
        scope: N-grams of scopes.
        name: N-grams of names.
        divisions: Division of each.
        weights: What each counts in the fit on scopes, and in the fit on both.
        name_fit_weights: What each counts in a fit on names alone.
    """

    scope: Grams
    name: Grams
    divisions: Sequence[str]
    weights: npt.NDArray[np.float64]
    name_fit_weights: npt.NDArray[np.float64]


def fitted_together(
    rows: TrainingRows, vocabularies: tuple[Vocabulary, Vocabulary], *, name_weight: float, penalty: float
) -> LinearModel:
    """One fit on scopes and names: for units whose name and scope are known together.

    Args:
        rows: Coded units and official facts.
        vocabularies: N-grams of scopes and of names that count.
        name_weight: Weight of the name's features beside the scope's.
        penalty: Cost of a wrong side (C); more fits closer.

    Method: linear support vectors, squared hinge, one division against the rest; Fan et al. (2008).
    """
    scope, name = features(rows.scope, vocabularies[0]), features(rows.name, vocabularies[1])
    both = sp.hstack([scope, name_weight * name]).tocsr()
    divisions, weights, intercept = _fit(both, rows.divisions, rows.weights, penalty, balanced=False)
    split = scope.shape[1]
    return LinearModel(divisions, *vocabularies, weights[:split], name_weight * weights[split:], intercept)


def fitted_apart(
    rows: TrainingRows, vocabularies: tuple[Vocabulary, Vocabulary], *, name_weight: float, penalty: float
) -> LinearModel:
    """Two fits, on scopes and on names, whose scores add up: for facts that are single phrases.

    Each division weighs the same, however many phrases the catalogue has for it.

    Args:
        rows: Official facts.
        vocabularies: N-grams of scopes and of names that count.
        name_weight: Weight of the name's score beside the scope's.
        penalty: Cost of a wrong side (C); more fits closer.
    """
    scope, name = features(rows.scope, vocabularies[0]), features(rows.name, vocabularies[1])
    divisions, by_scope, scope_base = _fit(scope, rows.divisions, rows.weights, penalty, balanced=True)
    _, by_name, name_base = _fit(name, rows.divisions, rows.name_fit_weights, penalty, balanced=True)
    return LinearModel(divisions, *vocabularies, by_scope, name_weight * by_name, scope_base + name_weight * name_base)


def _fit(
    table: Grams, divisions: Sequence[str], weights: npt.NDArray[np.float64], penalty: float, *, balanced: bool
) -> tuple[tuple[str, ...], Scores, Scores]:
    solver = LinearSVC(C=penalty, random_state=SEED, class_weight="balanced" if balanced else None)
    solver.fit(table, np.array(divisions), sample_weight=weights)
    codes = tuple(str(code) for code in solver.classes_)
    # Kept in half precision, and so used from the first run on: a stored model gives the same figures as a fresh one.
    halved = solver.coef_.T.astype(np.float16).astype(np.float32)
    return codes, np.ascontiguousarray(halved), solver.intercept_.astype(np.float32)
