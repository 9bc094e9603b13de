"""Decided: what people said about cases of the list links, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from keli.base.identifiers import USCC_LENGTH
from keli.engine.context import StageContext
from keli.engine.functions import surrogate

LIST, YES, NO, OPEN = "links", "yes", "no", "open"
MERGED, APART, VANISHED, CONTRADICTED, UNREADABLE = "merged", "kept_apart", "vanished", "contradicted", "unreadable"
EXPLAINED = {
    MERGED: "Both identities are one unit.",
    APART: "The two identities stay two units.",
    OPEN: "The case is still open.",
    VANISHED: "An identity of the case is in no source of this run: the decision rests until it comes back.",
    CONTRADICTED: "Other decisions, received later or on the units themselves, stand against it.",
    UNREADABLE: "The number of the case is none that a list of links gives: two unit numbers with a line between them.",
}
CASE = r"^(\d{1,18})-(\d{1,18})$"


@dataclass(frozen=True)
class Decided:
    """What people decided on links.

    Args:
        cases: One row for each decision: `case_id`, `decision`, `received`, `one`, `two` (the identities), `effect`.
        root: The identity that each merged identity belongs to, by number.
    """

    cases: pd.DataFrame
    root: dict[int, int]

    @property
    def refused(self) -> set[frozenset[int]]:
        """Pairs to keep apart, by the identities that stand for their ends."""
        no = self.cases[self.cases.effect == APART]
        return {
            frozenset((self.root.get(one, one), self.root.get(two, two)))
            for one, two in zip(no.one, no.two, strict=True)
        }


def cases_of(context: StageContext, decisions: ir.Table) -> pd.DataFrame:
    """Decisions on links, the one received last first.

    Args:
        context: The stage's room.
        decisions: Table `decisions`.

    Returns:
        One row for each case: `case_id`, `decision`, `received`, `one` and `two`, the numbers of its identities, empty
        where the case has none. Where a person named another code, `one` is the unit of that code.
    """
    said = decisions.filter(decisions.list == LIST)
    ends = [said.case_id.re_extract(CASE, at).nullif("").cast("int64") for at in (1, 2)]
    meant = said.value.strip().upper()
    other_unit = (said.decision == YES) & (meant != said.proposed.fill_null("").strip().upper())
    corrected = ibis.cases((other_unit & (meant.length() == USCC_LENGTH), surrogate("code:" + meant)))
    read = said.select("case_id", "decision", "received", one=ibis.coalesce(corrected, ends[0]), two=ends[1])
    columns = context.connection.to_pyarrow(read).to_pydict()
    # Numbers of units have more digits than a float holds: missing ones must not turn the column into one.
    found = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    return found.sort_values(["received", "case_id"], ascending=[False, True], ignore_index=True)


def judged(cases: pd.DataFrame, known: pd.DataFrame) -> Decided:
    """Decisions with their effect.

    Method: a decision holds for the two identities whose numbers the case bears, in whatever order. Of several yes to
    one identity without a code the one received last holds; a yes that would make one unit of two codes without a
    yes to these two is contradicted by the decisions before it. Where people merge identities the one with a code
    stands, else the registered one, else the smallest number.

    Args:
        cases: Decisions, the one received last first, as `cases_of` returns them.
        known: Identities of this run that the cases name: `own_id`, `code`, `registered`.
    """
    rank = {row.own_id: (row.code is None, not row.registered, row.own_id) for row in known.itertuples(index=False)}
    groups: dict[int, set[int]] = {number: {number} for number in rank}
    effects = []
    for case in cases.itertuples(index=False):
        effect = _first_effect(case.one, case.two, case.decision, rank)
        if effect == MERGED:
            together = groups[case.one] | groups[case.two]
            codes = [_holds_code(groups[end], rank) for end in (case.one, case.two)]
            if all(codes) and groups[case.one] is not groups[case.two] and not _both_coded(case, rank):
                effect = CONTRADICTED
            else:
                groups |= dict.fromkeys(together, together)
        effects.append(effect)
    root = {number: min(group, key=lambda one: rank[one]) for number, group in groups.items() if len(group) > 1}
    return Decided(cases.assign(effect=pd.Series(effects, dtype=object)), root)


def _first_effect(one: int, two: int, decision: str, rank: dict[int, tuple[bool, bool, int]]) -> str:
    """Effect of a decision by itself."""
    if pd.isna(one) or pd.isna(two) or one == two:
        return UNREADABLE
    if one not in rank or two not in rank:
        return VANISHED
    return {YES: MERGED, NO: APART}.get(decision, OPEN)


def _both_coded(case: Any, rank: dict[int, tuple[bool, bool, int]]) -> bool:
    """The decision is on two codes: the person knows that they are two."""
    return not (rank[case.one][0] or rank[case.two][0])


def _holds_code(group: set[int], rank: dict[int, tuple[bool, bool, int]]) -> bool:
    return any(not rank[number][0] for number in group)
