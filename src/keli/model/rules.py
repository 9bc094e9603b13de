"""Rules of intake: what is tidied, what is repaired and what holds a row back, with their texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from keli.base.errors import CatalogueError, Place
from keli.model.tables import CATALOGUE

REPAIR, QUARANTINE = "repair", "quarantine"


@dataclass(frozen=True)
class Rule:
    """One rule.

    Args:
        name: Name that ledgers show.
        effect: repair (the row goes on) or quarantine (the row is held back).
        types: Types of columns that the rule is about; empty for rules on whole rows.
        description: What it says, in English and Chinese; the reason where a row is held back.
        suggestion: What to do about it, in English and Chinese.
        logged: The ledger of repairs lists it; false for mere notation.
        settings: Patterns, words and bounds of the rule.
    """

    name: str
    effect: str
    types: tuple[str, ...]
    description: str
    suggestion: str
    logged: bool
    settings: dict[str, Any]


@dataclass(frozen=True)
class RuleBook:
    """All rules of intake.

    Args:
        plain: Type -> pattern of values that are in order as they stand.
        tidy: Rules on the text of a cell, in order.
        others: Rules on values and on rows, by name.
    """

    plain: dict[str, str]
    tidy: tuple[Rule, ...]
    others: dict[str, Rule]

    def setting(self, rule: str, name: str) -> Any:
        """Return a setting of a rule on values or rows."""
        return self.others[rule].settings[name]

    def held_back(self) -> tuple[Rule, ...]:
        """Return the rules that hold rows back."""
        return tuple(rule for rule in self.others.values() if rule.effect == QUARANTINE)


@cache
def rule_book() -> RuleBook:
    """Return the shipped rules."""
    folder = CATALOGUE / "rules"
    tidy = _entries(folder / "tidy.yaml")
    others = [*_rules(folder / "values.yaml"), *_rules(folder / "rows.yaml")]
    return RuleBook(tidy["plain"], _rules(folder / "tidy.yaml"), {rule.name: rule for rule in others})


def _entries(path: Path) -> dict[str, Any]:
    entries: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return entries


def _rules(path: Path) -> tuple[Rule, ...]:
    rules = tuple(_rule(entry) for entry in _entries(path)["rules"])
    names = [rule.name for rule in rules]
    repeated = {name for name in names if names.count(name) > 1}
    if repeated:
        raise CatalogueError(f"The rules {sorted(repeated)} stand twice.", where=Place(path.name))
    return rules


def _rule(entry: dict[str, Any]) -> Rule:
    own = {"name", "effect", "types", "description", "suggestion", "logged"}
    return Rule(
        entry["name"],
        entry.get("effect", REPAIR),
        tuple(entry.get("types", ())),
        _both(entry["description"]),
        _both(entry.get("suggestion", {})),
        entry.get("logged", True),
        {name: value for name, value in entry.items() if name not in own},
    )


def _both(text: dict[str, str]) -> str:
    return " ".join(text[language] for language in ("en", "zh") if language in text)
