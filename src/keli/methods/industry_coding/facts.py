"""Official facts as training texts: names of the classification, business-scope phrases, words of firm names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from keli.methods.industry_coding.wording import Wording
from keli.model.catalogue import Catalogue

LATEST = 9999
"""Year whose parameter values are taken: the latest."""
DIVISION, CLASS = 2, 4
TRADE = ("销售", "批发", "零售")


@dataclass(frozen=True, eq=False)
class Facts:
    """Training texts that the catalogue itself gives.

    Args:
        texts: Texts.
        codes: Code of each, two to four digits.
        scope_weights: What each counts beside a coded unit, as wording of a scope.
        name_weights: What each counts as wording of a firm's name.
    """

    texts: tuple[str, ...]
    codes: tuple[str, ...]
    scope_weights: npt.NDArray[np.float64]
    name_weights: npt.NDArray[np.float64]


def official_facts(catalogue: Catalogue) -> Facts:
    """Names of GB/T 4754 and of the digital-economy classes, official scope phrases and industry words, with codes.

    A phrase with several codes stands once for each. Trade phrases weigh less: makers write them too.

    Args:
        catalogue: The facts.
    """
    settings = _value(catalogue, "coding/training")
    rows = [
        (text, code, settings["trade_scope"], settings["trade_name"])
        if text.endswith(TRADE)
        else (text, code, 1.0, settings["official_name"])
        for text, code in _official(catalogue)
    ]
    for word, divisions in _value(catalogue, "coding/industry_words").items():
        for rank, division in enumerate(divisions, start=1):
            rows.append((word, division, settings["word_scope"] / rank, settings["word_name"] / rank))
    texts, codes, scope_weights, name_weights = zip(*rows, strict=True)
    return Facts(texts, codes, np.array(scope_weights), np.array(name_weights))


def wording_of(catalogue: Catalogue) -> Wording:
    """How scopes and names are read, from the parameter coding/wording.

    Args:
        catalogue: The facts.
    """
    told = _value(catalogue, "coding/wording")
    return Wording(tuple(told["boilerplate"]), tuple(told["forms"]), told["decay"], told["floor"])


def shipped_settings(catalogue: Catalogue) -> str:
    """The parameters that the shipped coder is made from, as text; a workspace may have its own.

    Args:
        catalogue: The facts.
    """
    names = ("training", "wording", "industry_words", "temperature", "reliability", "core_curve")
    return json.dumps([_value(catalogue, f"coding/{name}") for name in names], ensure_ascii=False, sort_keys=True)


def core_classes(catalogue: Catalogue) -> frozenset[str]:
    """Industry classes of the digital-economy core, starred ones too.

    Args:
        catalogue: Memberships.
    """
    return frozenset(member.gbt_code for member in catalogue.core_memberships())


def _value(catalogue: Catalogue, name: str) -> Any:
    return catalogue.parameter(name).at(LATEST)


def _official(catalogue: Catalogue) -> list[tuple[str, str]]:
    rows = [(phrase.phrase, code) for phrase in catalogue.scope_phrases for code in phrase.gbt_codes]
    rows += [(code.name_zh, code.code) for code in catalogue.gbt.codes.values() if len(code.code) >= DIVISION]
    rows += [(catalogue.digital[member.activity].name_zh, member.gbt_code) for member in catalogue.core_memberships()]
    return rows
