"""Which parents a leaf is counted in: majors, middles, the core total, plates; and which figures need them."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import pandas as pd

from keli.model.catalogue import Catalogue

CORE = "DE"
ALL = "_T"
UNCLASSIFIED = "_U"
WHOLE = 10**8
"""Weights are integers, parts of this: a weighted sum of amounts stays exact and free of order."""

MAJORS_AND_TOTAL = ("total", "major")

VALUE, COMPONENT, TIER, COUNT = "value", "component", "tier", "count"
"""Scopes: value added; its components; value added by evidence; units."""

Line = tuple[str, str, str, int]


def activity_ancestors(catalogue: Catalogue) -> ir.Table:
    """Parents of each core class and of each industry code, by scope.

    Returns:
        One row a scope, leaf (core class; for counts industry code) and parent, with the weight of the leaf in the
        parent in parts of `WHOLE`: all of it in the classification, the plate's share of the class in a plate. An
        industry code in several core classes has one row at every parent that they share: its units count once
        there.
    """
    lines = sorted(
        {*_value_lines(catalogue), *_component_lines(catalogue), *_tier_lines(catalogue), *_count_lines(catalogue)}
    )
    schema = ibis.schema({"scope": "string", "leaf": "string", "activity": "string", "weight": "int64"})
    return ibis.memtable(lines, schema=schema)


def value_weights(catalogue: Catalogue) -> pd.DataFrame:
    """Parents of each core class with weights, as a small sorted frame: leaf, activity, weight."""
    lines = sorted((leaf, activity, weight / WHOLE) for _, leaf, activity, weight in _value_lines(catalogue))
    return pd.DataFrame(lines, columns=["leaf", "activity", "weight"])


def starred_classes(catalogue: Catalogue) -> frozenset[str]:
    """Return the core classes with a starred industry code."""
    return frozenset(member.activity for member in catalogue.core_memberships() if member.starred)


def coverage_activities(catalogue: Catalogue) -> list[str]:
    """Return the activities that the coverage of the frame is told for: all units, the core, its majors."""
    return [ALL, CORE, *catalogue.digital.below(CORE, "major")]


def tier_activities(catalogue: Catalogue) -> frozenset[str]:
    """Return what figures by evidence are told for: the core total, its majors, and starred classes."""
    return frozenset(activity for _, _, activity, _ in _tier_lines(catalogue))


def major_of(activity: str) -> str:
    """Return the major that a core activity below the total lies in."""
    return activity[:2]


def _tree(catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    """Yield core class, ancestor and the ancestor's level."""
    for leaf in catalogue.digital.below(CORE, "minor"):
        for ancestor in catalogue.digital.ancestors(leaf):
            yield leaf, ancestor, catalogue.digital[ancestor].level


def _value_lines(catalogue: Catalogue) -> Iterator[Line]:
    for leaf, ancestor, _ in _tree(catalogue):
        yield VALUE, leaf, ancestor, WHOLE
    for plate in catalogue.plates:
        yield VALUE, plate.activity, plate.plate, int(plate.weight * WHOLE)


def _component_lines(catalogue: Catalogue) -> Iterator[Line]:
    for leaf, ancestor, level in _tree(catalogue):
        if level != "minor":
            yield COMPONENT, leaf, ancestor, WHOLE


def _tier_lines(catalogue: Catalogue) -> Iterator[Line]:
    starred = starred_classes(catalogue)
    for leaf, ancestor, level in _tree(catalogue):
        if level in MAJORS_AND_TOTAL or ancestor in starred:
            yield TIER, leaf, ancestor, WHOLE


def _count_lines(catalogue: Catalogue) -> Iterator[Line]:
    for member in catalogue.core_memberships():
        for ancestor in catalogue.digital.ancestors(member.activity):
            yield COUNT, member.gbt_code, ancestor, WHOLE
    yield from ((COUNT, code, ALL, WHOLE) for code in (*catalogue.gbt.codes, UNCLASSIFIED))
