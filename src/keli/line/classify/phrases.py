"""Scope phrases: the one industry code that an official business-scope phrase stands for."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.text import normalised
from keli.line.classify.declared import resolved_codes
from keli.model.catalogue import Catalogue
from keli.model.codes import CodeList

# A phrase whose codes have nothing in common below the section stands for no industry.
AMBIGUOUS = ""


def phrase_codes(catalogue: Catalogue) -> ir.Table:
    """Official phrases in their normal form with the code that each stands for.

    Method: one code is that code, and the class where a shorter code has one class only; several codes stand for
    the longest code (group or division) that they share.

    Returns:
        One row for each phrase: `phrase`, `phrase_code` (empty text where the codes share nothing).
    """
    codes: dict[str, set[str]] = {}
    for phrase in catalogue.scope_phrases:
        codes.setdefault(phrase.phrase, set()).update(phrase.gbt_codes)
    resolved = resolved_codes(catalogue.gbt)
    rows = [
        (phrase, resolved.get(shared_code(catalogue.gbt, found), AMBIGUOUS)) for phrase, found in sorted(codes.items())
    ]
    told = ibis.memtable(rows, schema={"printed": "string", "printed_code": "string"})
    # Two printed forms may have one normal form: where their codes differ, the phrase is ambiguous.
    keyed = told.group_by(phrase=normalised(told.printed)).agg(
        low=told.printed_code.min(), high=told.printed_code.max()
    )
    return keyed.select("phrase", phrase_code=ibis.ifelse(keyed.low == keyed.high, keyed.low, AMBIGUOUS))


def shared_code(gbt: CodeList, codes: set[str]) -> str:
    """Return the longest code of at least two digits at or above all codes; empty where there is none."""
    lines = [[above for above in gbt.ancestors(code) if gbt[above].level != "section"] for code in sorted(codes)]
    shared = set(lines[0]).intersection(*lines[1:])
    return max(shared, key=len, default=AMBIGUOUS)
