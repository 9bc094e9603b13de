"""Codes of units, industries, digital-economy classes and areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from keli.base.identifiers import USCC_ALPHABET, USCC_LENGTH, uscc_remainder
from keli.line.sources.cleaning.reading_of import NO_RULE, Cell, Facts, Reading, Working, first_problem, named_where
from keli.model.catalogue import Catalogue

WHOLE_ECONOMY = "_T"
SUBDISTRICT_DIGITS = 9
USCC_FORM = f"^[{USCC_ALPHABET}]{{{USCC_LENGTH}}}$"


def is_one_of(text: ir.StringValue, codes: Iterable[str]) -> ir.BooleanValue:
    """Tell whether a text is one of the codes: one pattern, because a list of thousands is slow to plan."""
    return text.re_search(f"^(?:{'|'.join(sorted(codes))})$")


def is_valid_uscc(text: ir.StringValue) -> ir.BooleanValue:
    """Tell whether a text has the form of a unified social credit code and the right check character."""
    in_form = text.re_search(USCC_FORM)
    values = [ibis.literal(USCC_ALPHABET).find(text.substr(place, 1)) for place in range(USCC_LENGTH)]
    valid: ir.BooleanValue = in_form & (uscc_remainder(values) == 0)
    return valid


def gbt_classes(catalogue: Catalogue) -> set[str]:
    """Return the classes of GB/T 4754-2017."""
    return {code.code for code in catalogue.gbt.at_level("class")}


def activity_codes(catalogue: Catalogue) -> set[str]:
    """Return the codes of the digital-economy classification, and the whole economy."""
    return {*catalogue.digital.codes, WHOLE_ECONOMY}


def area_codes(catalogue: Catalogue) -> set[str]:
    """Return the codes of areas of every level."""
    return set(catalogue.areas.codes)


def subdistrict_codes(catalogue: Catalogue) -> set[str]:
    """Return the codes of subdistricts."""
    return {code for code in catalogue.areas.codes if len(code) == SUBDISTRICT_DIGITS}


def read_uscc(cell: Cell, facts: Facts) -> Working:  # noqa: ARG001
    """Valid unified social credit code, or nothing. Characters are never guessed."""
    part = yield {"read": ibis.ifelse(is_valid_uscc(cell.text), cell.text, None)}
    return Reading(part.read, (named_where(cell.text.notnull() & part.read.isnull(), "invalid_code_removed"),))


def read_gbt_code(cell: Cell, facts: Facts) -> Working:
    """Class of GB/T 4754-2017 (4 digits), or nothing."""
    classes, single = gbt_classes(facts.catalogue), _groups_of_one_class(facts.catalogue)
    upper = cell.text.upper()
    part = yield {"is_class": is_one_of(upper, classes), "has_letter": is_one_of(upper, _lettered(facts.catalogue))}
    bare = yield {"bare": ibis.ifelse(part.has_letter, upper.substr(1), upper)}
    group = yield {"in_group": bare.bare.substitute(single, else_=NO_RULE)}
    valid = part.is_class | is_one_of(bare.bare, classes)
    last = yield {"read": ibis.coalesce(group.in_group, ibis.ifelse(valid, bare.bare, None))}
    return Reading(
        last.read,
        (
            named_where(part.has_letter & last.read.notnull(), "section_letter_removed"),
            named_where(group.in_group.notnull(), "group_code_completed"),
            named_where(cell.text.notnull() & last.read.isnull(), "invalid_industry_code_removed"),
        ),
    )


def read_activity(cell: Cell, facts: Facts) -> Working:
    """Code of the digital-economy classification of 2021, DE or _T."""
    known = activity_codes(facts.catalogue)
    zeroed = "0" + cell.text
    part = yield {"known": is_one_of(cell.text, known), "zeroed": is_one_of(zeroed, known)}
    restored = part.zeroed & ~part.known
    last = yield {"read": ibis.cases((part.known, cell.text), (restored, zeroed), else_=NO_RULE)}
    problem = first_problem((cell.text.notnull() & last.read.isnull(), "unknown_activity"))
    return Reading(last.read, (named_where(restored, "leading_zero_restored"),), problem)


def read_area(cell: Cell, facts: Facts) -> Working:
    """Code of an area, from the code or the official name where only one area bears it."""
    part = yield {"read": _coded(cell.text, area_codes(facts.catalogue), facts.catalogue)}
    return Reading(part.read, (), first_problem((cell.text.notnull() & part.read.isnull(), "unknown_area")))


def read_subdistrict(cell: Cell, facts: Facts) -> Working:
    """Code of a subdistrict (9 digits), from its code, a community's code or the official name; or nothing."""
    known = subdistrict_codes(facts.catalogue)
    communities = [code for code in facts.catalogue.areas.codes if len(code) > SUBDISTRICT_DIGITS]
    part = yield {"in_community": is_one_of(cell.text, communities)}
    cut = yield {"cut": ibis.ifelse(part.in_community, cell.text.substr(0, SUBDISTRICT_DIGITS), cell.text)}
    last = yield {"read": _coded(cut.cut, known, facts.catalogue)}
    return Reading(
        last.read,
        (
            named_where(part.in_community & last.read.notnull(), "community_code_cut"),
            named_where(cell.text.notnull() & last.read.isnull(), "unknown_subdistrict_removed"),
        ),
    )


def _coded(text: ir.StringValue, codes: set[str], catalogue: Catalogue) -> ir.StringValue:
    return ibis.ifelse(is_one_of(text, codes), text, text.substitute(_unique_names(catalogue, codes), else_=NO_RULE))


def _unique_names(catalogue: Catalogue, codes: set[str]) -> dict[str, str]:
    """Official name -> code, and the name of an office (办事处) too, where one area bears the name."""
    names = [(catalogue.areas.codes[code].name_zh, code) for code in sorted(codes)]
    counts = Counter(name for name, _ in names)
    unique = {name: code for name, code in names if counts[name] == 1}
    return unique | {f"{name}办事处": code for name, code in unique.items() if name.endswith("街道")}


def _lettered(catalogue: Catalogue) -> list[str]:
    """Industry codes below the section, each with the letter of its section before it."""
    gbt = catalogue.gbt
    return [f"{gbt.ancestors(code)[-1]}{code}" for code in gbt.codes if code[0].isdigit()]


def _groups_of_one_class(catalogue: Catalogue) -> dict[str, str]:
    """Group (3 digits) -> its class where it has one only."""
    below = {group.code: catalogue.gbt.children(group.code) for group in catalogue.gbt.at_level("group")}
    return {group: members[0] for group, members in below.items() if len(members) == 1}
