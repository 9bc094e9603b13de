"""The industry coder: codes with probabilities from scopes and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keli.methods.industry_coding.calibration import Reliability, Scores, pulled, softmax
from keli.methods.industry_coding.core import CoreModel
from keli.methods.industry_coding.features import weighed
from keli.methods.industry_coding.linear import LinearModel
from keli.methods.industry_coding.profiles import DIVISION, Profiles, class_shares, division_spans
from keli.methods.industry_coding.wording import Grams, Wording

SHIPPED, OWN = "shipped", "own"
RANKS = 5
RIVALS = 3


@dataclass(frozen=True)
class Origin:
    """Where a model comes from.

    Args:
        kind: shipped or own.
        units: Coded units in the training.
        edition: Edition of their codes, before concordance.
    """

    kind: str
    units: int
    edition: int


@dataclass(frozen=True, eq=False)
class CodingModel:
    """An industry coder.

    Args:
        wording: How scopes and names are read.
        linear: Model of divisions.
        sections: Number of the section of each division of the linear model.
        profiles: Model of classes within divisions.
        pull: Temperature and weight of the section, see `pulled`.
        division_temperature: Turns pulled scores into probabilities of divisions.
        reliability: How often the likeliest division is right.
        class_temperature: Turns cosines into probabilities of classes within a division.
        core: Model of the digital-economy core.
        origin: Where the model comes from.
    """

    wording: Wording
    linear: LinearModel
    sections: tuple[int, ...]
    profiles: Profiles
    pull: tuple[float, float]
    division_temperature: float
    reliability: Reliability
    class_temperature: float
    core: CoreModel
    origin: Origin


@dataclass(frozen=True, eq=False)
class Codes:
    """Codes of texts.

    Args:
        divisions: Codes of the divisions, the columns of `division_shares`.
        division_shares: Probability of each division.
        ranked: Five class codes for each text: the best class of each of the three likeliest divisions, then the
            likeliest others.
        probability: Probability that the division of the first code is right.
        class_probability: Probability that the first code is right in all four digits.
        core_by_class: Sum of the probabilities of the classes of the digital-economy core, before its own model.
        core_probability: Probability that the unit belongs to the digital-economy core.
        told: Whether the texts say anything that the model knows.
    """

    divisions: tuple[str, ...]
    division_shares: Scores
    ranked: npt.NDArray[np.str_]
    probability: Scores
    class_probability: Scores
    core_by_class: Scores
    core_probability: Scores
    told: npt.NDArray[np.bool_]


def coded(model: CodingModel, scopes: Sequence[str], names: Sequence[str], core: frozenset[str]) -> Codes:
    """Industry of units: class, probability, rivals, and the probability of the digital-economy core.

    Args:
        model: The coder.
        scopes: Business scopes, the main activity first; may be empty text.
        names: Firm names; may be empty text.
        core: Industry classes of the digital-economy core.

    Returns:
        A row for each unit.

    Method: P(class) = P(division) * P(class | division): linear support vectors on character n-grams for the
    division, nearness to the class's profile within it; the core by its classes and by its own learners. See
    docs/methods/industry_coding.md.
    """
    known = model.linear.scope_vocabulary, model.linear.name_vocabulary
    scope = weighed(model.wording.scope_grams(scopes, known[0].columns), known[0])
    name = weighed(model.wording.name_grams(names, known[1].columns), known[1])
    return coded_features(model, scope, name, core)


def coded_features(model: CodingModel, scope: Grams, name: Grams, core: frozenset[str]) -> Codes:
    """Industry of units by the features of their texts, see `coded`.

    Args:
        model: The coder.
        scope: Features of the scopes.
        name: Features of the names.
        core: Industry classes of the digital-economy core.
    """
    raised = pulled(model.linear.scores(scope, name), np.array(model.sections), *model.pull)
    division_shares = softmax(raised, model.division_temperature)
    told = (np.diff(scope.indptr) + np.diff(name.indptr)) > 0
    likeliest = np.argsort(-division_shares, axis=1, kind="stable")[:, :RIVALS]
    in_core = np.array([code in core for code in model.profiles.classes], dtype=np.float32)
    within = _within(model, scope, likeliest, in_core)
    places, shares = _ranked(np.take_along_axis(division_shares, likeliest, axis=1), within)
    rest = division_shares.copy()
    np.put_along_axis(rest, likeliest, 0, axis=1)
    by_class = (np.take_along_axis(division_shares, likeliest, axis=1) * within.core).sum(axis=1)
    by_class += rest @ _core_by_division(model, in_core)
    stated = division_shares.max(axis=1, initial=0.0)
    probability = model.reliability(stated)
    return Codes(
        divisions=model.linear.divisions,
        division_shares=division_shares,
        ranked=np.array(model.profiles.classes)[places],
        probability=probability,
        class_probability=shares[:, 0] * probability / np.maximum(stated, np.float32(1e-9)),
        core_by_class=by_class,
        core_probability=model.core.probability(by_class, scope, name),
        told=told,
    )


@dataclass(frozen=True, eq=False)
class _Within:
    """Of each text and each of its likeliest divisions: the likeliest classes, their shares, the core's share."""

    places: npt.NDArray[np.int64]
    shares: Scores
    core: Scores


def _within(model: CodingModel, scope: Grams, likeliest: npt.NDArray[np.int64], in_core: Scores) -> _Within:
    """Classes of the likeliest divisions only: the others would cost ten times as much and change no code."""
    shape = (*likeliest.shape, RIVALS)
    found = _Within(np.zeros(shape, np.int64), np.zeros(shape, np.float32), np.zeros(likeliest.shape, np.float32))
    spans = _spans(model)
    for division in range(len(model.linear.divisions)):
        rows, ranks = np.nonzero(likeliest == division)
        if not len(rows):
            continue
        start, end = spans[division]
        near = model.profiles.scores(scope[rows], start)
        shares = class_shares(near, model.profiles.prior[start:end], model.class_temperature)
        best = np.argsort(-shares, axis=1, kind="stable")[:, :RIVALS]
        kept = best.shape[1]
        found.places[rows, ranks, :kept] = best + start
        found.shares[rows, ranks, :kept] = np.take_along_axis(shares, best, axis=1)
        found.core[rows, ranks] = shares @ in_core[start:end]
    return found


def _ranked(division_shares: Scores, within: _Within) -> tuple[npt.NDArray[np.int64], Scores]:
    """Five classes: the best of each of the three likeliest divisions, then the likeliest of the others."""
    shares = within.shares * division_shares[:, :, None]
    rows = len(shares)
    others, places = shares[:, :, 1:].reshape(rows, -1), within.places[:, :, 1:].reshape(rows, -1)
    next_best = np.argsort(-others, axis=1, kind="stable")[:, : RANKS - RIVALS]
    return (
        np.concatenate([within.places[:, :, 0], np.take_along_axis(places, next_best, axis=1)], axis=1),
        np.concatenate([shares[:, :, 0], np.take_along_axis(others, next_best, axis=1)], axis=1),
    )


def _core_by_division(model: CodingModel, in_core: Scores) -> Scores:
    """Share of the core in each division by the prior of its classes."""
    prior = np.exp(model.profiles.prior)
    spans = _spans(model)
    shares: Scores = np.array(
        [(prior[start:end] @ in_core[start:end]) / prior[start:end].sum() for start, end in spans], dtype=np.float32
    )
    return shares


def _spans(model: CodingModel) -> list[tuple[int, int]]:
    """Places of the classes of each division, in the order of the linear model."""
    by_division = {model.profiles.classes[span[0]][:DIVISION]: span for span in division_spans(model.profiles.classes)}
    return [by_division[division] for division in model.linear.divisions]
