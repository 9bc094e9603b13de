"""Training: the shipped coder from official facts, a bureau's own from coded units beside them."""

from __future__ import annotations

import dataclasses
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
from keli.methods.industry_coding.concordance import CURRENT
from keli.methods.industry_coding.core import (
    LEARNERS,
    CoreModel,
    Learners,
    core_learners,
    curve_alone,
    enough_to_learn,
    known_core,
    stacked,
)
from keli.methods.industry_coding.facts import LATEST, Facts, core_classes, official_facts, wording_of
from keli.methods.industry_coding.features import features, vocabulary_of
from keli.methods.industry_coding.linear import LinearModel, TrainingRows, fitted_apart, fitted_together
from keli.methods.industry_coding.model import OWN, SHIPPED, CodingModel, Origin, coded_features
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
AS_IT_IS = {"shift": 0.0, "slope": 1.0}
"""The core's probability as the classes sum it."""


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
        core=curve_alone(_sizes(linear), catalogue.parameter("coding/core_curve").at(LATEST)),
        origin=Origin(SHIPPED, 0, 2017),
    )


def own_model(units: CodedUnits, catalogue: Catalogue) -> CodingModel:
    """A coder from coded units beside the official facts; its probabilities are calibrated on held-out fifths.

    Args:
        units: Coded units, at least ten.
        catalogue: The facts.
    """
    texts = _Texts.of(units, official_facts(catalogue), wording_of(catalogue))
    return _calibrated(_raw_model(texts, np.arange(texts.units), catalogue, units.edition), texts, catalogue)


def _raw_model(texts: _Texts, kept: npt.NDArray[np.int64], catalogue: Catalogue, edition: int) -> CodingModel:
    """The coder on some units and all official facts, with the temperatures and curves of the shipped one."""
    settings = catalogue.parameter("coding/training").at(LATEST)
    temperature = catalogue.parameter("coding/temperature").at(LATEST)
    linear, profiles = _fitted(texts, kept, catalogue)
    return CodingModel(
        wording=wording_of(catalogue),
        linear=linear,
        sections=_sections(linear.divisions, catalogue.gbt),
        profiles=profiles,
        pull=(settings["pull_temperature"], settings["section_pull_own"]),
        division_temperature=temperature["division"],
        reliability=_shipped_reliability(catalogue),
        class_temperature=temperature["class"],
        core=curve_alone(_sizes(linear), AS_IT_IS),
        origin=Origin(OWN, len(kept), edition),
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

    def rows(self, kept: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Some units, then all official facts."""
        return np.concatenate([kept, np.arange(self.units, len(self.codes))])

    def weights(self, kept: npt.NDArray[np.int64], catalogue: Catalogue) -> npt.NDArray[np.float64]:
        """What each of these rows counts: a unit one."""
        official = catalogue.parameter("coding/training").at(LATEST)["official_scope"]
        return np.concatenate([np.ones(len(kept)), official * self.facts.scope_weights])


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
    rows, weights = texts.rows(kept), texts.weights(kept, catalogue)
    scope, name, codes = texts.scope[rows], texts.name[rows], texts.codes[rows]
    linear = fitted_together(
        TrainingRows(scope, name, [str(code)[:DIVISION] for code in codes], weights, weights),
        (vocabulary_of(scope, TWICE), vocabulary_of(name, TWICE)),
        name_weight=settings["name_weight_own"],
        penalty=settings["penalty_own"],
    )
    profiles = class_profiles(features(scope, linear.scope_vocabulary), [str(c) for c in codes], weights, catalogue.gbt)
    return linear, profiles


def _calibrated(model: CodingModel, texts: _Texts, catalogue: Catalogue) -> CodingModel:
    """The coder with temperatures, reliability and core from units that the scoring models did not see."""
    if texts.units < LEAST_UNITS:
        curve = catalogue.parameter("coding/core_curve").at(LATEST)
        return dataclasses.replace(model, core=curve_alone(_sizes(model.linear), curve))
    parts = [_Part.of(texts, held, catalogue) for held in folds(texts.units)]
    raised, truth = (np.concatenate([getattr(part, name) for part in parts]) for name in ("raised", "truth"))
    division = best_temperature(raised, truth)
    shares = softmax(raised, division)
    near, known = (np.concatenate([getattr(part, name) for part in parts]) for name in ("nearness", "places"))
    model = dataclasses.replace(
        model,
        division_temperature=division,
        class_temperature=best_temperature(near, known) if len(known) else model.class_temperature,
        reliability=reliability_of(shares.max(axis=1), shares.argmax(axis=1) == truth),
    )
    return dataclasses.replace(model, core=_core(model, parts, texts, catalogue))


@dataclass(frozen=True, eq=False)
class _Part:
    """A fifth of the units under the coder of the others: pulled scores and nearness, with the right columns."""

    held: npt.NDArray[np.int64]
    model: CodingModel
    scope: Grams
    name: Grams
    raised: Scores
    truth: npt.NDArray[np.int64]
    nearness: Scores
    places: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: _Texts, held: npt.NDArray[np.int64], catalogue: Catalogue) -> _Part:
        """Return a held-out part, scored."""
        model = _raw_model(texts, np.setdiff1d(np.arange(texts.units), held), catalogue, CURRENT)
        scope = features(texts.scope[held], model.linear.scope_vocabulary)
        name = features(texts.name[held], model.linear.name_vocabulary)
        column = {code: place for place, code in enumerate(model.linear.divisions)}
        raised = pulled(model.linear.scores(scope, name), np.array(model.sections), *model.pull)
        truth = np.array([column[str(code)[:DIVISION]] for code in texts.codes[held]])
        return cls(held, model, scope, name, raised, truth, *_nearness(scope, texts.codes[held], model.profiles))


def _core(model: CodingModel, parts: Sequence[_Part], texts: _Texts, catalogue: Catalogue) -> CoreModel:
    """The core from classes and learners together; by the classes alone where too few units tell."""
    classes = core_classes(catalogue)
    known = known_core([str(code) for code in texts.codes], catalogue.gbt, classes)
    if not enough_to_learn(known[: texts.units]):
        return curve_alone(_sizes(model.linear), AS_IT_IS)
    by_class, scores = np.zeros(texts.units, np.float32), np.zeros((texts.units, LEARNERS), np.float32)
    for part in parts:
        tuned = dataclasses.replace(
            part.model, division_temperature=model.division_temperature, class_temperature=model.class_temperature
        )
        by_class[part.held] = coded_features(tuned, part.scope, part.name, classes).core_by_class
        others = np.setdiff1d(np.arange(texts.units), part.held)
        scores[part.held] = _learners(part.model.linear, texts, others, known, catalogue).scores(part.scope, part.name)
    whole = _learners(model.linear, texts, np.arange(texts.units), known, catalogue)
    return stacked(by_class, scores, known[: texts.units], whole)


def _learners(
    linear: LinearModel, texts: _Texts, kept: npt.NDArray[np.int64], known: npt.NDArray[np.int64], catalogue: Catalogue
) -> Learners:
    """Learners of the core on some of the units and on all official facts."""
    rows, weights = texts.rows(kept), texts.weights(kept, catalogue)
    found = features(texts.scope[rows], linear.scope_vocabulary), features(texts.name[rows], linear.name_vocabulary)
    return core_learners(found, known[rows], weights, catalogue.parameter("coding/training").at(LATEST))


def _sizes(linear: LinearModel) -> tuple[int, int]:
    """N-grams of scopes and of names that count."""
    return len(linear.scope_vocabulary.buckets), len(linear.name_vocabulary.buckets)


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
