"""Business scopes: the main activity that a scope text names in official phrases."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.text import matches_of, normalised
from keli.line.classify.phrases import AMBIGUOUS

# A segment runs to the next separator; what stands in brackets belongs to it, separators included.
SEGMENT = r"(?:[^;,:、。()]|\([^()]*\))+"
BRACKETED = r"\([^()]*\)"
HEAD = 2


def scope_codes(scopes: ir.Table, phrases: ir.Table) -> ir.Table:
    """Industry code of each scope text.

    Method: the first activity is the main one. The first segment that is an official phrase decides, with its brackets
    (不含...) or without them; where none is, the first segment that contains official phrases, one of them the longest.

    Args:
        scopes: One row for each scope text: `scope`.
        phrases: One row for each official phrase: `phrase`, `phrase_code`.

    Returns:
        One row for each scope text that names a phrase: `scope`, `scope_code` (null where the phrase is ambiguous).
    """
    # Kept: three searches read the segments, and cutting the texts is the dear part.
    parts = _segments(scopes).cache()
    exact = _exact(parts, phrases)
    contained = _contained(parts.anti_join(exact, "scope"), phrases)
    found = exact.union(contained)
    return found.select("scope", scope_code=found.code.nullif(AMBIGUOUS))


def _segments(scopes: ir.Table) -> ir.Table:
    parts = scopes.select("scope", segment=matches_of(normalised(scopes.scope), SEGMENT))
    parts = parts.unnest("segment", offset="position")
    return parts.mutate(plain=parts.segment.re_replace(BRACKETED, ""))


def _exact(parts: ir.Table, phrases: ir.Table) -> ir.Table:
    whole = parts.inner_join(phrases, parts.segment == phrases.phrase)
    stripped = parts.inner_join(phrases, parts.plain == phrases.phrase)
    both = ibis.union(
        whole.select("scope", "phrase_code", order=whole.position * 2),
        stripped.select("scope", "phrase_code", order=stripped.position * 2 + 1),
    )
    return both.group_by("scope").agg(code=both.phrase_code.argmin(both.order))


def _contained(parts: ir.Table, phrases: ir.Table) -> ir.Table:
    longest = _longest_phrases(parts.select("plain").distinct(), phrases)
    found = parts.inner_join(longest, "plain")
    return found.group_by("scope").agg(code=found.phrase_code.argmin(found.position))


def _longest_phrases(segments: ir.Table, phrases: ir.Table) -> ir.Table:
    """The longest official phrase inside each segment, where no other is as long."""
    heads = segments.filter(segments.plain.length() >= HEAD)
    heads = heads.mutate(at=ibis.range(0, heads.plain.length() - 1)).unnest("at")
    heads = heads.mutate(head=heads.plain.substr(heads["at"], HEAD))
    keyed = phrases.mutate(head=phrases.phrase.substr(0, HEAD), length=phrases.phrase.length())
    # Two characters find the few phrases that may begin here; the whole phrase is compared then.
    near = heads.inner_join(keyed, "head")
    inside = near.filter(near.plain.substr(near["at"], near.length) == near.phrase)
    ranked = inside.group_by("plain").agg(longest=inside.length.max())
    best = inside.inner_join(ranked, "plain").filter(lambda both: both.length == both.longest)
    single = best.group_by("plain").agg(
        phrase_code=best.phrase_code.min(), first=best.phrase.min(), last=best.phrase.max()
    )
    return single.filter(single["first"] == single["last"]).select("plain", "phrase_code")
