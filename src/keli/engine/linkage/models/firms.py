"""Firms: what is prepared of their names and addresses, how it is compared, by which keys they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis.expr.types as ir

from keli.engine.linkage.models.levels import (
    ELSE,
    Comparison,
    Level,
    Model,
    alone,
    any_pair,
    equal,
    model_of,
    none_known,
)
from keli.engine.linkage.records import addresses, names
from keli.engine.linkage.records.fields import date_text, number_of, phone_text
from keli.engine.linkage.steps import Steps

Facts = Mapping[str, Any]
Fields = Mapping[str, Sequence[str]]


# A word is missing on one side, or half of its characters are shared, or one is part of the other.
TRADE = (
    "(industry_l IS NULL OR industry_r IS NULL OR jaccard(industry_l, industry_r) >= 0.5"
    " OR contains(industry_l, industry_r) OR contains(industry_r, industry_l))"
)
NO_OTHER_PLACE = "coalesce(place_l = place_r, true)"
# Shop 88 is not shop 89, however alike the names are.
NO_OTHER_NUMBER = "(digits_l = digits_r OR digits_l = '' OR digits_r = '')"
# The distance counts bytes, of which a Chinese character has three; letters and digits must be the same.
ONE_CHARACTER = (
    "abs(length(name_key_l) - length(name_key_r)) <= 1 AND least(length(core_l), length(core_r)) >= 4"
    " AND latin_l = latin_r AND damerau_levenshtein(name_key_l, name_key_r) <= 3"
)
SHORTENED = (
    "(starts_with(core_l, core_r) OR starts_with(core_r, core_l)"
    " OR contains(stem_l, core_r) OR contains(stem_r, core_l))"
    f" AND least(length(core_l), length(core_r)) >= 2 AND {NO_OTHER_NUMBER}"
)
ALIKE = (
    f"{NO_OTHER_NUMBER} AND (jaccard(stem_l, stem_r) >= 0.75"
    " OR len(list_intersect(pieces_l, pieces_r)) >= 0.6 * greatest(1, least(len(pieces_l), len(pieces_r))))"
)
PARTLY = (
    "left(stem_l, 2) = left(stem_r, 2) OR len(list_intersect("
    "list_slice(pieces_l, 1, len(core_l) - 1), list_slice(pieces_r, 1, len(core_r) - 1))) >= 1"
)


def prepared_firms(steps: Steps, rows: ir.Table, fields: Fields, facts: Facts) -> ir.Table:
    """Add what is compared of each firm.

    Args:
        steps: Stores intermediate tables.
        rows: One row for each record, with the columns `<field>_<n>` as delivered.
        fields: Columns by field.
        facts: linkage/name_words and linkage/address_words.

    Returns:
        The rows with parts of names and addresses, dates, amounts and numbers in one form.
    """
    words, places = facts["name_words"], facts["address_words"]
    done = rows
    if "name" in fields:
        former = fields.get("former_name", ())
        done = steps.next(names.with_whole_name(done.mutate(name=done[fields["name"][0]])))
        done = steps.next(names.with_body(done, words))
        done = steps.next(names.with_stem(done, words))
        done = steps.next(names.with_core(done, words))
        done = steps.next(with_bearers(done, "core"))
        known = names.known_names(done.name_key, [done[column] for column in former])
        done = done.mutate(
            known=known, core_any=done.core, stem_any=done.stem, pieces=names.pieces(done.stem),
            digits=done.name_key.re_replace(r"\D", "").fill_null(""),
            latin=done.name_key.re_replace("[^A-Z0-9]", "").fill_null(""),
        )  # fmt: skip
        done = steps.next(names.with_sound(done))
    for column in fields.get("address", ()):
        done = steps.next(addresses.with_written_address(done, column, places, words))
        done = steps.next(addresses.with_area(done, column, places, words))
        done = steps.next(addresses.with_local(done, column, places))
        for part in ("local", "door"):
            done = with_bearers(done, f"{part}_{column}")
        done = steps.next(done)
    forms = {"date": date_text, "capital": number_of, "phone": phone_text}
    plain = {column: form(done[column]) for field, form in forms.items() for column in fields.get(field, ())}
    return steps.next(done.mutate(**plain))


def with_bearers(rows: ir.Table, column: str) -> ir.Table:
    """Add `n_<column>`: the number of records of the same file with the same value."""
    number = rows[column].count().over(group_by=[rows.side, rows[column]])
    return rows.mutate(**{f"n_{column}": number})


def firm_model(fields: Fields) -> Model:
    """The comparisons of firms for the fields that there are."""
    former = "former_name" in fields
    makers = {
        "name": lambda: [_name(former=former), _kind()],
        "address": lambda: [_address(fields["address"])],
        "date": lambda: [_date(fields["date"][0])],
        "capital": lambda: [_capital(fields["capital"][0])],
        "phone": lambda: [_phone(fields["phone"])],
        "activity": lambda: [_activity(fields["activity"][0])],
        "area": lambda: [_area(fields["area"][0])],
    }
    compared = [one for field, make in makers.items() if field in fields for one in make()]  # type: ignore[no-untyped-call]
    return model_of(compared, steady=True)


def firm_keys(rows: ir.Table, fields: Fields) -> dict[str, ir.Value]:
    """Keys by which firms meet, each text or a list of texts.

    Args:
        rows: Prepared rows.
        fields: Columns by field.
    """
    keys: dict[str, ir.Value] = {}
    if "name" in fields:
        keys |= {
            "known": rows.known, "stem": rows.stem, "core": rows.core, "sound": rows.core_sound, "pieces": rows.pieces,
            "head": rows.stem.substr(0, 3), "core_city": rows.core + "|" + rows.place,
            "halves": names.halves(rows.name_key),
        }  # fmt: skip
    for column in fields.get("address", ()):
        keys |= {
            f"local_{column}": rows[f"local_{column}"], f"door_{column}": rows[f"door_{column}"],
            f"building_{column}": rows[f"building_{column}"], f"road_{column}": rows[f"road_{column}"],
        }  # fmt: skip
        if "name" in fields:
            keys[f"head_{column}"] = rows.core.substr(0, 2) + "|" + rows[f"district_{column}"]
            keys[f"trade_{column}"] = rows.industry + "|" + rows[f"road_{column}"]
        if "date" in fields:
            keys[f"born_{column}"] = rows[fields["date"][0]] + "|" + rows[f"district_{column}"]
    if "date" in fields and "capital" in fields:
        keys["born_capital"] = rows[fields["date"][0]] + "|" + rows[fields["capital"][0]].cast("string")
    return keys | {column: rows[column] for column in fields.get("phone", ())}


def _name(*, former: bool) -> Comparison:
    old = Level(
        "one name is a former name of the other", "list_has_any(known_l, known_r)", 0.1, 1e-7, lawful=True, own=True
    )
    levels = [
        Level("same name", "name_key_l = name_key_r", 0.70, 2e-7, "name_key", lawful=True),
        *([old] if former else []),
        Level("same name but for place or legal form", f"stem_l = stem_r AND {NO_OTHER_PLACE}", 0.05, 3e-7, "stem"),
        Level("same name of another place", "stem_l = stem_r", 0.005, 2e-6, "stem_any"),
        Level(
            "same core name, borne by no other, similar trade", f"{alone('core')} AND {TRADE}", 0.05, 1e-6, lone=True
        ),
        Level("same core name, similar trade", f"core_l = core_r AND {TRADE}", 0.01, 2e-6, "core"),
        Level("same core name, borne by no other, other trade", alone("core"), 0.02, 3e-6, lone=True, kin=True),
        Level("same core name, other trade", "core_l = core_r", 0.005, 5e-6, "core_any", kin=True),
        Level("names differ in one character", ONE_CHARACTER, 0.01, 1e-6),
        Level("one name shortens the other", SHORTENED, 0.03, 2e-5, kin=True),
        Level("core names sound the same", "core_sound_l = core_sound_r", 0.004, 2e-6, "core_sound"),
        Level("similar names", ALIKE, 0.02, 2e-5),
        Level("names share a part", PARTLY, 0.02, 2e-3),
        Level("different names", ELSE, 0.10, 0.997),
    ]
    return Comparison("name", "stem_l IS NULL OR stem_r IS NULL", tuple(levels))


def _kind() -> Comparison:
    levels = (
        Level("", "grouped_l = grouped_r AND branch_l = branch_r", 0.95, 0.85),
        Level("one is a group", "branch_l = branch_r", 0.045, 0.1, kin=True),
        Level("one is a branch", ELSE, 0.005, 0.05, kin=True),
    )
    return Comparison("kind", "name_key_l IS NULL OR name_key_r IS NULL", levels)


def _address(columns: Sequence[str]) -> Comparison:
    def of(part: str) -> list[str]:
        return [f"{part}_{column}" for column in columns]

    # A district that one address leaves out does not contradict; two that differ do.
    city = f"coalesce({equal(*of('city'))}, true) AND coalesce({equal(*of('district'))}, true)"
    close = any_pair("jaccard({l}, {r}) >= 0.7 AND jaro_winkler_similarity({l}, {r}) >= 0.85", of("local"))
    levels = (
        Level("same address, of no other", f"{alone(*of('local'))} AND {city}", 0.37, 2e-6, lone=True),
        Level("same address", f"{equal(*of('local'))} AND {city}", 0.03, 1e-5, of("local")[0]),
        Level("same road and number, of no other", f"{alone(*of('door'))} AND {city}", 0.07, 5e-6, lone=True),
        Level("same road and number", f"{equal(*of('door'))} AND {city}", 0.05, 1e-5, of("door")[0]),
        Level("similar address", f"{close} AND {city}", 0.08, 1e-5),
        Level("same building", f"{equal(*of('building'))} AND {city}", 0.03, 1e-5, of("building")[0]),
        Level("same road", f"{equal(*of('road'))} AND {city}", 0.05, 1e-4, of("road")[0]),
        Level("same district", f"{equal(*of('district'))} AND {city}", 0.15, 0.01),
        Level("same city", equal(*of("city")), 0.10, 0.03),
        Level("other address", ELSE, 0.07, 0.96),
    )
    return Comparison("address", none_known(*of("written")), levels)


def _date(column: str) -> Comparison:
    years = [f"try_cast(left({column}_{side}, 4) AS INTEGER)" for side in "lr"]
    near = f"abs({years[0]} - {years[1]}) <= 1"
    levels = (
        Level("same date", equal(column), 0.85, 2e-4, column, own=True),
        Level("same month", f"left({column}_l, 6) = left({column}_r, 6)", 0.04, 5e-3),
        Level("dates within a year", near, 0.05, 0.12),
        Level("other date", ELSE, 0.06, 0.87),
    )  # fmt: skip
    return Comparison("date", none_known(column), levels)


def _capital(column: str) -> Comparison:
    near = f"least({column}_l, {column}_r) >= 0.9 * greatest({column}_l, {column}_r)"
    levels = (
        Level("same capital", equal(column), 0.55, 0.01, column),
        Level("similar capital", near, 0.08, 0.04),
        Level("other capital", ELSE, 0.37, 0.95),
    )
    return Comparison("capital", none_known(column), levels)


def _phone(columns: Sequence[str]) -> Comparison:
    levels = (
        Level("same phone or website", equal(*columns), 0.6, 1e-5, columns[0]),
        Level("other phone or website", ELSE, 0.4, 0.99999),
    )
    return Comparison("phone", none_known(*columns), levels)


def _activity(column: str) -> Comparison:
    levels = (
        Level("same industry class", equal(column), 0.75, 0.02, column),
        Level("same industry division", f"left({column}_l, 2) = left({column}_r, 2)", 0.10, 0.08),
        Level("other industry", ELSE, 0.15, 0.90),
    )
    return Comparison("activity", none_known(column), levels)


def _area(column: str) -> Comparison:
    levels = (Level("same subdistrict", equal(column), 0.85, 0.15), Level("other subdistrict", ELSE, 0.15, 0.85))
    return Comparison("area", none_known(column), levels)
