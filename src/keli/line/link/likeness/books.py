"""Books of the linkage: pairs, the work list and what came of decisions, as the vault keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from keli.engine.context import StageContext
from keli.engine.text import normalised
from keli.line.link.likeness.choice import DECIDED, LISTED, REFUSED
from keli.line.link.likeness.decided import EXPLAINED, LIST, Decided

UNMATCHED, REPEATED, SOURCES, TWO_CODES = "unmatched", "repeated", "sources", "two_codes"
CODES_APART = "Two valid codes: the machine never merges them."
BY_PERSON = "Decided by a person."
SAME_PLACE, SAME_START = "same name; same address", "same name; same date; same capital"
SHEETS = ("link_queue", "link_decisions")
# A name that more units bear is no sign of a unit that stands twice.
MOST_BEARERS = 5
Rows = list[dict[str, Any]]


def twice_registered(context: StageContext, known: ir.Table, refused: set[frozenset[int]]) -> Rows:
    """Pairs of registered units with two codes that bear one name at one address, or since one day with one capital.

    Args:
        context: The stage's room.
        known: Identities.
        refused: Pairs that people decided to keep apart.

    Returns:
        Rows of table `unit_links` without the number of the case.
    """
    coded = known.filter(known.code.notnull() & known.registered)
    keyed = coded.select("own_id", "date", "capital", key=normalised(coded.name), place=normalised(coded.address))
    bearers = keyed.group_by("key").agg(bearers=keyed.count())
    several = keyed.semi_join(bearers.filter(bearers.bearers.between(2, MOST_BEARERS)), "key")
    some = context.connection.to_pyarrow(several.order_by("own_id")).to_pandas()
    pairs = some.merge(some, on="key", suffixes=("", "_other"))
    pairs = pairs[pairs.own_id < pairs.own_id_other]
    same_place = pairs.place.notna() & (pairs.place == pairs.place_other)
    same_start = pairs.date.notna() & (pairs.date == pairs.date_other)
    same_start &= pairs.capital.notna() & (pairs.capital == pairs.capital_other)
    pairs = pairs.assign(reason=same_place.map({True: SAME_PLACE, False: SAME_START}))[same_place | same_start]
    return [
        {
            "unit_id": one, "other_id": two, "relation": TWO_CODES, "reason": reason, "obstacle": CODES_APART,
            "outcome": REFUSED if frozenset((one, two)) in refused else LISTED,
        }
        for one, two, reason in pairs[["own_id", "own_id_other", "reason"]].itertuples(index=False)
    ]  # fmt: skip


def machine_links(pairs: pd.DataFrame, registered: set[int]) -> Rows:
    """Pairs of the machine as rows of table `unit_links`."""
    columns = ["unit_id", "other_id", "probability", "weight", "reason", "outcome", "obstacle", "repeated"]
    told = pairs[columns].astype(object)
    rows: Rows = told.where(told.notna(), None).to_dict("records")
    for row in rows:
        repeated = row.pop("repeated")
        row["relation"] = UNMATCHED if row["other_id"] not in registered else REPEATED if repeated else SOURCES
    return rows


def decided_links(root: dict[int, int], registered: set[int]) -> Rows:
    """Pairs that people merged as rows of table `unit_links`."""
    return [
        {
            "unit_id": unit,
            "other_id": own,
            "relation": SOURCES if own in registered else UNMATCHED,
            "reason": BY_PERSON,
            "outcome": DECIDED,
        }
        for own, unit in root.items()
        if own != unit
    ]


def write_links(context: StageContext, rows: Rows) -> Rows:
    """Write table `unit_links`; return its rows."""
    for row in rows:
        row["case_id"] = f"{row['unit_id']}-{row['other_id']}"
    ordered = sorted(rows, key=lambda row: (row["unit_id"], row["other_id"]))
    context.write_rows("unit_links", ordered)
    return ordered


def write_queue(context: StageContext, links: Rows, known: pd.DataFrame) -> None:
    """Write the work list of the pairs that are left to people, the likeliest first, and its sheet.

    Args:
        context: The stage's room.
        links: Rows of table `unit_links`.
        known: Identities that the rows name.
    """
    of = {row["own_id"]: row for row in known.to_dict("records")}
    cases = [row for row in links if row["outcome"] == LISTED]
    cases.sort(key=lambda row: (-(row.get("probability") or 0), row["case_id"]))
    context.write_rows("link_queue", [_case(row, of[row["unit_id"]], of[row["other_id"]]) for row in cases])
    context.vault.write_sheet("link_queue")


def write_decisions(context: StageContext, decided: Decided) -> None:
    """Write what came of the decisions, and its sheet."""
    cases = decided.cases.sort_values("case_id")
    told = cases[["case_id", "decision", "received", "effect"]].to_dict("records")
    context.write_rows("link_decisions", [row | {"explanation": EXPLAINED[row["effect"]]} for row in told])
    context.vault.write_sheet("link_decisions")


def named_in(links: Iterable[dict[str, Any]]) -> set[int]:
    """Identities that rows of table `unit_links` name."""
    return {row[end] for row in links for end in ("unit_id", "other_id")}


def _case(link: dict[str, Any], one: dict[str, Any], two: dict[str, Any]) -> dict[str, Any]:
    """A case of the work list."""
    told = {name: link.get(name) for name in ("case_id", "relation", "probability", "reason", "obstacle")}
    return told | {
        "list": LIST, "proposed": one["code"] or one["name"] or "", "name": one["name"], "other_name": two["name"],
        "address": one["address"], "other_address": two["address"], "sources": one["sources"],
        "other_sources": two["sources"], "subdistrict": two["area"] or one["area"], "largest_revenue": two["revenue"],
    }  # fmt: skip
