"""Training: the shipped coder from official facts, a bureau's own from coded units beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keli.methods.industry_coding.calibration import (
    Reliability,
    Scores,
    best_temperature,
    pulled,
    reliability_of,
    softmax,
)
from keli.methods.industry_coding.facts import LATEST, Facts, official_facts, wording_of
from keli.methods.industry_coding.features import features, vocabulary_of
from keli.methods.industry_coding.linear import LinearModel, TrainingRows, fitted_apart, fitted_together
from keli.methods.industry_coding.model import OWN, SHIPPED, CodingModel, Origin
from keli.methods.industry_coding.profiles import DIVISION, Profiles, class_profiles, division_spans
from keli.methods.industry_coding.wording import Grams, Wording
from keli.model.catalogue import Catalogue
from keli.model.codes import CodeList

FOLDS = 5
CLASS = 4
SHUFFLE = 11
# An n-gram of one coded unit says nothing of others; one of a single official phrase may be all that names a class.
ONCE, TWICE = 1, 2
LEAST_UNITS = 50
"""Fewer coded units than this are too few to see how often the coder is right."""
OUT_OF_QUESTION = -1e3


@dataclass(frozen=True, eq=False)
class CodedUnits:
    """Units with a code.

    Args:
        scopes: Business scopes.
        names: Firm names, empty where there is none.
        codes: GB/T 4754-2017 codes of two to four digits.
        edition: Edition that the codes were delivered in.
    """

    scopes: Sequence[str]
    names: Sequence[str]
    codes: Sequence[str]
    edition: int = 2017


def shipped_model(catalogue: Catalogue) -> CodingModel:
    """The coder that official facts of the catalogue alone give.

    Args:
        catalogue: The facts.
    """
    facts, wording = official_facts(catalogue), wording_of(catalogue)
    settings = catalogue.parameter("coding/training").at(LATEST)
    temperature = catalogue.parameter("coding/temperature").at(LATEST)
    scope, name = wording.scope_grams(facts.texts), wording.name_grams(facts.texts)
    divisions = [code[:DIVISION] for code in facts.codes]
    linear = fitted_apart(
        TrainingRows(scope, name, divisions, facts.scope_weights, facts.name_weights),
        (vocabulary_of(scope, ONCE), vocabulary_of(name, ONCE)),
        name_weight=settings["name_weight_shipped"],
        penalty=settings["penalty_shipped"],
    )
    known = features(scope, linear.scope_vocabulary)
    profiles = class_profiles(known, facts.codes, facts.scope_weights * 0.5, catalogue.gbt)
    return CodingModel(
        wording=wording,
        linear=linear,
        sections=_sections(linear.divisions, catalogue.gbt),
        profiles=profiles,
        pull=(settings["pull_temperature"], settings["section_pull_shipped"]),
        division_temperature=temperature["division"],
        reliability=_shipped_reliability(catalogue),
        class_temperature=temperature["class"],
        origin=Origin(SHIPPED, 0, 2017),
    )


def own_model(units: CodedUnits, catalogue: Catalogue) -> CodingModel:
    """A coder from coded units beside the official facts; its probabilities are calibrated on held-out fifths.

    Args:
        units: Coded units, at least ten.
        catalogue: The facts.
    """
    settings = catalogue.parameter("coding/training").at(LATEST)
    wording = wording_of(catalogue)
    texts = _Texts.of(units, official_facts(catalogue), wording)
    pull = (settings["pull_temperature"], settings["section_pull_own"])
    division_temperature, class_temperature, reliability = _calibrated(texts, catalogue, pull)
    linear, profiles = _fitted(texts, np.arange(texts.units), catalogue)
    return CodingModel(
        wording=wording,
        linear=linear,
        sections=_sections(linear.divisions, catalogue.gbt),
        profiles=profiles,
        pull=pull,
        division_temperature=division_temperature,
        reliability=reliability,
        class_temperature=class_temperature,
        origin=Origin(OWN, texts.units, units.edition),
    )


@dataclass(frozen=True, eq=False)
class _Texts:
    """N-grams of coded units, then of official facts, with their codes."""

    scope: Grams
    name: Grams
    codes: npt.NDArray[np.str_]
    units: int
    facts: Facts

    @classmethod
    def of(cls, units: CodedUnits, facts: Facts, wording: Wording) -> _Texts:
        """Return the features of coded units and of the official facts below them."""
        scopes, names = [*units.scopes, *facts.texts], [*units.names, *facts.texts]
        codes = np.array([*units.codes, *facts.codes])
        return cls(wording.scope_grams(scopes), wording.name_grams(names), codes, len(units.codes), facts)


def folds(count: int) -> list[npt.NDArray[np.int64]]:
    """Five parts of rows, drawn with a fixed seed.

    Args:
        count: Number of rows.
    """
    drawn = np.random.default_rng(SHUFFLE).permutation(count)
    return [np.sort(part) for part in np.array_split(drawn, FOLDS)]


def _fitted(texts: _Texts, kept: npt.NDArray[np.int64], catalogue: Catalogue) -> tuple[LinearModel, Profiles]:
    """Both models on some of the units and on all official facts."""
    settings = catalogue.parameter("coding/training").at(LATEST)
    rows = np.concatenate([kept, np.arange(texts.units, len(texts.codes))])
    scope, name, codes = texts.scope[rows], texts.name[rows], texts.codes[rows]
    official = settings["official_scope"]
    weights = np.concatenate([np.ones(len(kept)), official * texts.facts.scope_weights])
    linear = fitted_together(
        TrainingRows(scope, name, [str(code)[:DIVISION] for code in codes], weights, weights),
        (vocabulary_of(scope, TWICE), vocabulary_of(name, TWICE)),
        name_weight=settings["name_weight_own"],
        penalty=settings["penalty_own"],
    )
    profiles = class_profiles(features(scope, linear.scope_vocabulary), [str(c) for c in codes], weights, catalogue.gbt)
    return linear, profiles


def _calibrated(texts: _Texts, catalogue: Catalogue, pull: tuple[float, float]) -> tuple[float, float, Reliability]:
    """Temperatures of divisions and classes, and the reliability, from units that the scoring model did not see."""
    shipped = catalogue.parameter("coding/temperature").at(LATEST)
    if texts.units < LEAST_UNITS:
        return shipped["division"], shipped["class"], _shipped_reliability(catalogue)
    scores, truths, nearness, classes = [], [], [], []
    for held in folds(texts.units):
        linear, profiles = _fitted(texts, np.setdiff1d(np.arange(texts.units), held), catalogue)
        scope = features(texts.scope[held], linear.scope_vocabulary)
        name = features(texts.name[held], linear.name_vocabulary)
        sections = np.array(_sections(linear.divisions, catalogue.gbt))
        column = {code: place for place, code in enumerate(linear.divisions)}
        scores.append(pulled(linear.scores(scope, name), sections, *pull))
        truths.append([column[str(code)[:DIVISION]] for code in texts.codes[held]])
        near, place = _nearness(scope, texts.codes[held], profiles)
        nearness.append(near)
        classes.append(place)
    raised, truth = np.concatenate(scores), np.concatenate(truths)
    division = best_temperature(raised, truth)
    shares = softmax(raised, division)
    reliability = reliability_of(shares.max(axis=1), shares.argmax(axis=1) == truth)
    known = np.concatenate(classes)
    return division, best_temperature(np.concatenate(nearness), known) if len(known) else shipped["class"], reliability


def _sections(divisions: Sequence[str], gbt: CodeList) -> tuple[int, ...]:
    """Number of the section of each division."""
    letters = [str(gbt[division].parent) for division in divisions]
    numbers = {letter: number for number, letter in enumerate(sorted(set(letters)))}
    return tuple(numbers[letter] for letter in letters)


def _shipped_reliability(catalogue: Catalogue) -> Reliability:
    points = np.array(catalogue.parameter("coding/reliability").at(LATEST), dtype=np.float64)
    return Reliability(points[:, 0], points[:, 1])


def _nearness(scope: Grams, codes: npt.NDArray[np.str_], profiles: Profiles) -> tuple[Scores, npt.NDArray[np.int64]]:
    """Cosines with the classes of the right division, and the right one's place, for units whose class is known."""
    known = np.flatnonzero([len(str(code)) == CLASS for code in codes])
    spans = {profiles.classes[span[0]][:DIVISION]: span for span in division_spans(profiles.classes)}
    place = {code: number for number, code in enumerate(profiles.classes)}
    near = np.full((len(known), max(end - start for start, end in spans.values())), OUT_OF_QUESTION, np.float32)
    truth = np.zeros(len(known), np.int64)
    for row, unit in enumerate(known):
        start, end = spans[str(codes[unit])[:DIVISION]]
        near[row, : end - start] = profiles.scores(scope[[unit]], start)[0]
        truth[row] = place[str(codes[unit])] - start
    return near, truth
