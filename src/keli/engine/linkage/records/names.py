"""Names of Chinese firms: place, core (字号), industry word, legal form, branch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from keli.engine.linkage.records.alphabets import simplified, spoken
from keli.engine.text import normalised

Words = Mapping[str, Sequence[str]]
# Marks that are no part of a name: everything but characters, letters and digits.
MARKS = r"[^\p{Han}A-Z0-9]"
BETWEEN, MARKS_WITHIN = ";", r"[^\p{Han}A-Z0-9;]"
SEVERAL_NAMES = r"[;；、,，/|\n]+"


def one_of(words: Sequence[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"


def with_whole_name(rows: ir.Table) -> ir.Table:
    """Add `written` (with brackets) and `name_key` (without marks) to rows with `name`."""
    return rows.mutate(written=simplified(normalised(rows.name))).mutate(
        name_key=lambda row: row.written.re_replace(MARKS, "").nullif("")
    )


def with_body(rows: ir.Table, words: Words) -> ir.Table:
    """Add `branch`, `grouped` and `body`: the name without legal form, branch, group word and places in brackets.

    Args:
        rows: Rows with `written` and `name_key`.
        words: Facts of linkage/name_words.
    """
    place = one_of([*words["provinces"], *words["cities"]]) + one_of(words["endings"]) + "?"
    forms = one_of(words["forms"])
    bare = rows.written.re_replace(rf"\({place}\)", "").re_replace(MARKS, "")
    tail = rf"(?:公司|厂).{{0,20}}{one_of(words['branches'])}|有限公司.{{2,}}"
    branch = rows.name_key.re_extract(rf"(?:{tail})$", 0)
    head = ibis.ifelse(
        branch != "", bare.re_replace(rf"(公司|厂)(?:.{{0,20}}{one_of(words['branches'])}|.{{2,}})$", r"\1"), bare
    )
    body = head.re_replace(rf"{forms}+$", "")
    grouped = rows.name_key.contains(words["group"][0])
    tidy = body.re_replace(words["group"][0], "")
    return rows.mutate(branch=branch, grouped=grouped, body=ibis.ifelse(tidy.length() >= 2, tidy, rows.name_key))  # noqa: PLR2004


def with_stem(rows: ir.Table, words: Words) -> ir.Table:
    """Add `place`, `stem`, `whole`: the body less places at its ends, unless (`whole`) only industry words are left."""
    place = one_of([*words["provinces"], *words["cities"]]) + one_of(words["endings"]) + "?"
    first = rows.body.re_extract(f"^({one_of([*words['provinces'], *words['cities']])})", 1).nullif("")
    second = rows.body.re_extract(rf"^{place}({one_of([*words['provinces'], *words['cities']])})", 1).nullif("")
    bracketed = rows.written.re_extract(rf"\(({one_of([*words['provinces'], *words['cities']])})", 1).nullif("")
    rest = rows.body.re_replace(rf"^(?:{place}){{1,3}}", "").re_replace(r"^[^省市县区]{2,3}[省市县]([^政场].+)$", r"\1")
    rest = ibis.ifelse(rest.re_search(rf"..{place}$"), rest.re_replace(f"{place}$", ""), rest)
    empty = (rest.length() < 2) | rest.re_search(f"^{one_of([*words['industry'], *words['group']])}+$")  # noqa: PLR2004
    return rows.mutate(
        place=ibis.coalesce(second, first, bracketed), stem=ibis.ifelse(empty, rows.body, rest), whole=empty
    )


def with_core(rows: ir.Table, words: Words) -> ir.Table:
    """Add `core` and `industry`: the stem before and from the industry words at its end."""
    trade = one_of([*words["industry"], *words["group"]])
    # The first two characters are never taken for trade words; without a group to catch the pattern is quick.
    core = rows.stem.substr(0, 2) + rows.stem.substr(2).re_replace(f"{trade}+$", "")
    core = ibis.ifelse(rows.whole, rows.stem, core)
    return rows.mutate(core=core, industry=rows.stem.substr(core.length()).nullif(""))


def with_sound(rows: ir.Table) -> ir.Table:
    """Add `core_sound`: the core as it is spoken."""
    heard = spoken(rows, "core").rename(core_sound="sound")
    return rows.left_join(heard, "core").drop("core_right")


def pieces(text: ir.StringValue) -> ir.ArrayValue:
    """All pairs of neighbouring characters of a text."""
    return ibis.range(0, text.length() - 1).map(lambda place: text.substr(place, 2))


def halves(text: ir.StringValue) -> ir.ArrayValue:
    """First and second halves of a text: two texts that differ in one character have one of them in common.

    A text of odd length is cut on both sides of its middle, since the other may be longer or shorter by one.
    """
    cuts = (text.length() // 2, (text.length() + 1) // 2)
    parts = [part for cut in cuts for part in ("<" + text.left(cut), ">" + text.substr(cut))]
    return ibis.array(parts).unique()


def known_names(name: ir.StringValue, former: Sequence[ir.StringValue]) -> ir.ArrayValue:
    """The whole names that a firm bears and bore, each in the plain form; a cell may hold several former names."""
    several = [simplified(normalised(text)).re_replace(SEVERAL_NAMES, BETWEEN) for text in former]
    plain = [names.re_replace(MARKS_WITHIN, "").split(BETWEEN) for names in several]
    none = ibis.literal([], type="array<string>")
    all_names = ibis.array([name]).cast("array<string>")
    for names in plain:
        all_names = all_names.concat(ibis.coalesce(names, none))
    return all_names.filter(lambda one: one.notnull() & (one != "")).unique()
