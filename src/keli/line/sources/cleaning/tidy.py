"""The text of cells brought to one notation by the rules of `catalogue/rules/tidy.yaml`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.model.rules import Rule, RuleBook

FULL_WIDTH_FIRST, FULL_WIDTH_LAST, FULL_WIDTH_SHIFT = 0xFF01, 0xFF5E, 0xFEE0


@dataclass(frozen=True)
class Tidied:
    """The tidied text of a cell (empty where it holds nothing) and the rules that changed it."""

    text: ir.StringValue
    fired: ir.ArrayValue


def tidied(delivered: ir.StringValue, column_type: str, book: RuleBook) -> Tidied:
    """Return the text of a column with the rules of its type applied in order.

    Args:
        delivered: Text as delivered.
        column_type: Type of the column in catalogue/sources.
        book: The rules.
    """
    rules = book.tidy_rules(column_type)
    steps = list(_steps(delivered, rules))
    changed = [
        ibis.ifelse(before.identical_to(after), ibis.null("string"), rule.name)
        for rule, before, after in zip(rules, [delivered, *steps], steps, strict=False)
        if rule.logged
    ]
    fired = ibis.array(changed).filter(lambda name: name.notnull())
    plain = delivered.isnull() | delivered.re_search(book.plain[column_type])
    empty = delivered.isnull() | (delivered == "")
    return Tidied(
        ibis.cases((empty, ibis.null("string")), (plain, delivered), else_=steps[-1].nullif("")),
        ibis.ifelse(plain | empty, ibis.null("array<string>"), fired),
    )


def _steps(text: ir.StringValue, rules: tuple[Rule, ...]) -> list[ir.StringValue]:
    steps: list[ir.StringValue] = []
    for rule in rules:
        text = OPERATIONS[rule.settings["operation"]](text, rule.settings)
        steps.append(text)
    return steps


def _replace(text: ir.StringValue, settings: dict[str, Any]) -> ir.StringValue:
    return text.re_replace(settings["pattern"], settings["replacement"])


def _blank(text: ir.StringValue, settings: dict[str, Any]) -> ir.StringValue:
    return ibis.ifelse(text.isin(settings["words"]), "", text)


def _half_width(text: ir.StringValue, settings: dict[str, Any]) -> ir.StringValue:
    return text.translate(*half_width_characters(punctuation=settings["punctuation"]))


@functools.cache
def half_width_characters(*, punctuation: bool) -> tuple[str, str]:
    """Return the full-width characters and their half-width ones, with or without punctuation."""
    pairs = [
        (chr(code), chr(code - FULL_WIDTH_SHIFT)) for code in range(FULL_WIDTH_FIRST, FULL_WIDTH_LAST + 1)
    ]
    kept = [pair for pair in pairs if punctuation or pair[1].isalnum()]
    return "".join(full for full, _ in kept), "".join(half for _, half in kept)


def _group_separators(text: ir.StringValue, settings: dict[str, Any]) -> ir.StringValue:
    return ibis.ifelse(text.re_search(settings["pattern"]), text.replace(",", ""), text)


def _words(text: ir.StringValue, settings: dict[str, Any]) -> ir.StringValue:
    word = text.re_extract(settings["pattern"], 1)
    return ibis.ifelse(text.re_search(settings["pattern"]), word.substitute(settings["words"], else_=word), text)


def _date(text: ir.StringValue, settings: dict[str, Any]) -> ir.StringValue:
    branches = [(text.re_search(pattern), _iso(text, pattern)) for pattern in settings["patterns"]]
    return ibis.cases(*branches, else_=text)


def _iso(text: ir.StringValue, pattern: str) -> ir.StringValue:
    year, month, day = (text.re_extract(pattern, group) for group in (1, 2, 3))
    return year + "-" + month.lpad(2, "0") + "-" + day.lpad(2, "0")


def _upper_without(text: ir.StringValue, settings: dict[str, Any]) -> ir.StringValue:
    return text.upper().translate(settings["characters"], "")


OPERATIONS: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "replace": _replace,
    "blank": _blank,
    "half_width": _half_width,
    "group_separators": _group_separators,
    "words": _words,
    "date": _date,
    "upper_without": _upper_without,
}
