"""The text of cells brought to one notation by the rules of `catalogue/rules/tidy.yaml`."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import Any

import ibis
import ibis.expr.types as ir

from keli.model.rules import RuleBook

FULL_WIDTH_FIRST, FULL_WIDTH_LAST, FULL_WIDTH_SHIFT = 0xFF01, 0xFF5E, 0xFEE0
FIRST_STEP = "step_0"


def tidied(cells: ir.Table, types: frozenset[str], book: RuleBook) -> ir.Table:
    """Return the cells with their tidied text.

    Method: the rules are applied in order, each to the types that it names.

    Args:
        cells: One row a cell: `type` of its column and `before`, the text as delivered.
        types: Types that occur.
        book: The rules.

    Returns:
        The cells with `tidy` (empty where the cell holds nothing) and `fired`, names of the logged rules that
        changed it.
    """
    kept = cells.columns
    steps = [FIRST_STEP]
    rows = cells.mutate(**{FIRST_STEP: cells.before})
    rules = [rule for rule in book.tidy if types & set(rule.types)]
    for number, rule in enumerate(rules, 1):
        text, applies = rows[steps[-1]], rows.type.isin(list(rule.types))
        operation = OPERATIONS[rule.settings["operation"]]
        rows = rows.mutate(**{f"step_{number}": ibis.ifelse(applies, operation(text, rule.settings), text)})
        steps.append(f"step_{number}")
    names = [
        ibis.ifelse(rows[before] != rows[after], rule.name, None).cast("string")
        for rule, (before, after) in zip(rules, itertools.pairwise(steps), strict=True)
        if rule.logged
    ]
    fired = ibis.array(names).filter(lambda name: name.notnull())
    return rows.select(*kept, tidy=rows[steps[-1]].nullif(""), fired=fired)


def _replace(text: ir.StringValue, settings: dict[str, Any]) -> ir.StringValue:
    return text.re_replace(settings["pattern"], settings["replacement"])


def _blank(text: ir.StringValue, settings: dict[str, Any]) -> ir.StringValue:
    return ibis.ifelse(text.isin(settings["words"]), "", text)


def _half_width(text: ir.StringValue, settings: dict[str, Any]) -> ir.StringValue:
    return text.translate(*half_width_characters(punctuation=settings["punctuation"]))


@functools.cache
def half_width_characters(*, punctuation: bool) -> tuple[str, str]:
    """Return the full-width characters and their half-width ones, with or without punctuation."""
    pairs = [(chr(code), chr(code - FULL_WIDTH_SHIFT)) for code in range(FULL_WIDTH_FIRST, FULL_WIDTH_LAST + 1)]
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
