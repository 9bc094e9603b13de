"""Codes of units, industries, digital-economy classes and areas."""

from __future__ import annotations

from collections import Counter

import ibis
import ibis.expr.types as ir

from keli.base.identifiers import USCC_ALPHABET, USCC_LENGTH, uscc_remainder
from keli.line.sources.cleaning.reading_of import NO_RULE, Cell, Facts, Reading, first_problem, named_where
from keli.model.catalogue import Catalogue

WHOLE_ECONOMY = "_T"
SUBDISTRICT_DIGITS = 9


def read_uscc(cell: Cell, facts: Facts) -> Reading:  # noqa: ARG001
    """Valid unified social credit code, or nothing. Characters are never guessed."""
    in_form = cell.text.re_search(f"^[{USCC_ALPHABET}]{{{USCC_LENGTH}}}$")
    text = ibis.ifelse(in_form, cell.text, None)
    values = [ibis.literal(USCC_ALPHABET).find(text.substr(position, 1)) for position in range(USCC_LENGTH)]
    valid = (uscc_remainder(values) == 0).fill_null(False)  # noqa: FBT003
    value = ibis.ifelse(valid, text, NO_RULE)
    return Reading(value, (named_where(cell.text.notnull() & ~valid, "invalid_code_removed"),))


def read_gbt_code(cell: Cell, facts: Facts) -> Reading:
    """Class of GB/T 4754-2017 (4 digits), or nothing."""
    codes = facts.catalogue.gbt
    classes = {code.code for code in codes.at_level("class")}
    section_of = {code: codes.ancestors(code)[-1] for code in codes.codes}
    lettered = {f"{section_of[code]}{code}" for code in codes.codes if code[0].isdigit()}
    single = _groups_of_one_class(facts.catalogue)
    text = cell.text.upper()
    has_letter = text.isin(sorted(lettered))
    bare = ibis.ifelse(has_letter, text.substr(1), text)
    completed = bare.isin(sorted(single))
    code = ibis.ifelse(completed, bare.substitute(single, else_=bare), bare)
    value = ibis.ifelse(code.isin(sorted(classes)), code, NO_RULE)
    invalid = cell.text.notnull() & value.isnull()
    return Reading(
        value,
        (
            named_where(has_letter & value.notnull(), "section_letter_removed"),
            named_where(completed & value.notnull(), "group_code_completed"),
            named_where(invalid, "invalid_industry_code_removed"),
        ),
    )


def read_activity(cell: Cell, facts: Facts) -> Reading:
    """Code of the digital-economy classification of 2021, DE or _T."""
    known = sorted({*facts.catalogue.digital.codes, WHOLE_ECONOMY})
    zeroed = "0" + cell.text
    restored = ~cell.text.isin(known) & zeroed.isin(known)
    value = ibis.cases((cell.text.isin(known), cell.text), (restored, zeroed), else_=NO_RULE)
    problem = first_problem((cell.text.notnull() & value.isnull(), "unknown_activity"))
    return Reading(value, (named_where(restored, "leading_zero_restored"),), problem)


def read_area(cell: Cell, facts: Facts) -> Reading:
    """Code of an area, from the code or the official name where only one area bears it."""
    codes = facts.catalogue.areas.codes
    value = _coded(cell.text, sorted(codes), _unique_names(facts.catalogue, tuple(codes)))
    return Reading(value, (), first_problem((cell.text.notnull() & value.isnull(), "unknown_area")))


def read_subdistrict(cell: Cell, facts: Facts) -> Reading:
    """Code of a subdistrict (9 digits), from its code, a community's code or the official name; or nothing."""
    codes = facts.catalogue.areas.codes
    known = [code for code in sorted(codes) if len(code) == SUBDISTRICT_DIGITS]
    communities = [code for code in sorted(codes) if len(code) > SUBDISTRICT_DIGITS]
    in_community = cell.text.isin(communities)
    text = ibis.ifelse(in_community, cell.text.substr(0, SUBDISTRICT_DIGITS), cell.text)
    value = _coded(text, known, _unique_names(facts.catalogue, tuple(known)))
    return Reading(
        value,
        (
            named_where(in_community & value.notnull(), "community_code_cut"),
            named_where(cell.text.notnull() & value.isnull(), "unknown_subdistrict_removed"),
        ),
    )


def _coded(text: ir.StringValue, known: list[str], names: dict[str, str]) -> ir.StringValue:
    return ibis.ifelse(text.isin(known), text, text.substitute(names, else_=NO_RULE))


def _unique_names(catalogue: Catalogue, codes: tuple[str, ...]) -> dict[str, str]:
    """Official name -> code, and the name of an office (办事处) too, where one area bears the name."""
    names = [(catalogue.areas.codes[code].name_zh, code) for code in codes]
    counts = Counter(name for name, _ in names)
    unique = {name: code for name, code in names if counts[name] == 1}
    return unique | {f"{name}办事处": code for name, code in unique.items() if name.endswith("街道")}


def _groups_of_one_class(catalogue: Catalogue) -> dict[str, str]:
    """Group (3 digits) -> its class where it has one only."""
    below = {group.code: catalogue.gbt.children(group.code) for group in catalogue.gbt.at_level("group")}
    return {group: members[0] for group, members in below.items() if len(members) == 1}
