"""Thresholds of the above-scale list, industry by industry."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from keli.model.catalogue import Catalogue
from keli.model.thresholds.above_scale import PARAMETER, above_scale


@pytest.mark.parametrize(
    ("code", "revenue_min", "asked"),
    [
        ("3911", 20_000_000, False),
        ("5211", 5_000_000, False),
        ("65", 20_000_000, False),
        ("7020", 10_000_000, False),
        ("7010", 20_000_000, True),
        ("4710", 20_000_000, True),
        ("8411", 20_000_000, False),
        ("8511", 5_000_000, False),
    ],
)
def test_the_nearest_scope_counts(catalogue: Catalogue, code: str, revenue_min: int, asked: bool) -> None:
    """Industry 2000 万, retail 500 万, services 2000, 1000 and 500 万; builders and developers are asked."""
    threshold = above_scale(catalogue, 2021)[code]
    assert (threshold.revenue_min, threshold.asked) == (Decimal(revenue_min), asked)


@pytest.mark.parametrize("code", ["F", "70", "6610", "0111", "9610"])
def test_a_code_above_several_scopes_and_an_industry_without_one_have_none(catalogue: Catalogue, code: str) -> None:
    assert code in catalogue.gbt
    assert code not in above_scale(catalogue, 2021)


def test_an_industry_without_an_amount_is_not_asked(catalogue: Catalogue) -> None:
    parameter = catalogue.parameter(PARAMETER)
    entry = {"scope": ["E"], "label_zh": "有资质的建筑业", "rule": "all", "revenue_min": None}
    bare = dataclasses.replace(parameter, values=(dataclasses.replace(parameter.values[0], value=[entry]),))
    changed = dataclasses.replace(catalogue, parameters=catalogue.parameters | {PARAMETER: bare})
    assert above_scale(changed, 2021) == {}
    asked = dataclasses.replace(bare, values=(dataclasses.replace(bare.values[0], value=[entry | {"asked_from": 5}]),))
    changed = dataclasses.replace(catalogue, parameters=catalogue.parameters | {PARAMETER: asked})
    assert above_scale(changed, 2021)["4710"].revenue_min == Decimal(5)
