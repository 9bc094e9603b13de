"""Persons: what is prepared of their names, dates and places, how it is compared, by which keys they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from keli.engine.linkage.models.levels import ELSE, Comparison, Level, Model, any_pair, equal, model_of, none_known
from keli.engine.linkage.records.fields import date_text, phone_text, word_text
from keli.engine.linkage.steps import Steps

Fields = Mapping[str, Sequence[str]]
TELLING = ("identifier", "email", "phone", "date_of_birth", "name")
WORDS = ("name", "given_name", "surname", "postcode", "city", "state", "email", "address", "house_number", "identifier")


KEYS = (
    ("given_name", "surname"), ("surname", "year"), ("given_name", "year"), ("surname", "postcode"),
    ("given_name", "postcode"), ("surname", "city"), ("given_name", "city"), ("surname", "day"), ("given_name", "day"),
    ("postcode", "house_number"), ("address", "house_number"), ("given_name_start", "surname_start"),
    ("given_name_start", "day"), ("surname_start", "year"), ("surname_start", "postcode"), ("given_name", "state"),
    ("surname", "house_number"), ("city", "year"), ("city", "day"), ("postcode", "day"),
)  # fmt: skip


def prepared_persons(steps: Steps, rows: ir.Table, fields: Fields) -> ir.Table:
    """Bring what is compared of each person into one form.

    Args:
        steps: Stores intermediate tables.
        rows: One row for each record, with the columns `<field>_<n>` as delivered.
        fields: Columns by field.
    """
    plain = {column: word_text(rows[column]) for field in WORDS for column in fields.get(field, ())}
    plain |= {
        column: date_text(rows[column]) for field in ("date_of_birth", "date") for column in fields.get(field, ())
    }
    plain |= {column: phone_text(rows[column]) for column in fields.get("phone", ())}
    done = steps.next(rows.mutate(**plain))
    mailbox = {f"box_{column}": done[column].split("@")[0].nullif("") for column in fields.get("email", ())}
    return steps.next(done.mutate(**mailbox)) if mailbox else done


def person_model(fields: Fields) -> Model:
    """The comparisons of persons for the fields that there are."""
    makers = {
        "given_name": lambda columns: _name("given name", columns[0], _other(fields, "surname")),
        "surname": lambda columns: _name("surname", columns[0], _other(fields, "given_name")),
        "name": lambda columns: _name("name", columns[0], None),
        "date_of_birth": lambda columns: _birth(columns[0]),
        "postcode": lambda columns: _code("postcode", columns[0]),
        "city": lambda columns: _word("city", columns[0], 0.9),
        "state": lambda columns: _code("state", columns[0]),
        "email": lambda columns: _email(columns[0]),
        "address": _address,
        "house_number": lambda columns: _code("house number", columns[0]),
        "identifier": lambda columns: _code("identifier", columns[0]),
        "phone": lambda columns: _code("phone", columns[0]),
    }
    return model_of([make(fields[field]) for field, make in makers.items() if field in fields])  # type: ignore[no-untyped-call]


def person_keys(rows: ir.Table, fields: Fields) -> dict[str, ir.Value]:
    """Keys by which persons meet: single values that tell persons apart, and pairs of values.

    Args:
        rows: Prepared rows.
        fields: Columns by field.
    """
    first = {field: rows[columns[0]] for field, columns in fields.items() if columns}
    keys: dict[str, ir.Value] = {
        f"only_{field}": first[field]
        for field in ("identifier", "email", "phone", "date_of_birth", "name")
        if field in first
    }
    if "date_of_birth" in first:
        first["year"], first["day"] = first["date_of_birth"].substr(0, 4), first["date_of_birth"].substr(4, 4)
    for field in ("given_name", "surname"):
        if field in first:
            first[f"{field}_start"] = first[field].substr(0, 3)
    keys |= {f"{one}_{two}": first[one] + "|" + first[two] for one, two in KEYS if one in first and two in first}
    if "given_name" in first and "surname" in first:
        turned = (
            ibis.least(first["given_name"], first["surname"])
            + "|"
            + ibis.greatest(first["given_name"], first["surname"])
        )
        keys["turned"] = turned
    if "email" in fields:
        keys["box"] = rows[f"box_{fields['email'][0]}"]
    return keys | {f"whole_{column}": rows[column] for column in fields.get("address", ())}


def _other(fields: Fields, field: str) -> str | None:
    return fields[field][0] if field in fields else None


def _name(words: str, column: str, other: str | None) -> Comparison:
    near = f"jaro_winkler_similarity({column}_l, {column}_r)"
    turned = Level("names exchanged", f"({column}_l = {other}_r OR {other}_l = {column}_r)", 0.02, 1e-3)
    levels = (
        Level(f"same {words}", equal(column), 0.70, 0.006, column),
        *([turned] if other else []),
        Level(f"nearly same {words}", f"{near} >= 0.92", 0.10, 0.004),
        Level(f"similar {words}", f"{near} >= 0.8", 0.08, 0.02),
        Level(f"other {words}", ELSE, 0.10, 0.97),
    )
    return Comparison(words.replace(" ", "_"), none_known(column), levels)


def _birth(column: str) -> Comparison:
    levels = (
        Level("same date of birth", equal(column), 0.80, 1e-4),
        Level("date of birth one stroke off", f"damerau_levenshtein({column}_l, {column}_r) <= 1", 0.10, 1e-3),
        Level("date of birth two strokes off", f"damerau_levenshtein({column}_l, {column}_r) <= 2", 0.05, 1e-2),
        Level("same year of birth", f"left({column}_l, 4) = left({column}_r, 4)", 0.02, 0.01),
        Level("other date of birth", ELSE, 0.03, 0.97),
    )
    return Comparison("date_of_birth", none_known(column), levels)


def _code(words: str, column: str) -> Comparison:
    strokes = f"damerau_levenshtein({column}_l, {column}_r)"
    levels = (
        Level(f"same {words}", equal(column), 0.85, 0.001, column),
        Level(f"{words} one stroke off", f"{strokes} <= 1", 0.08, 0.004),
        Level(f"{words} two strokes off", f"{strokes} <= 2 AND length({column}_l) >= 5", 0.03, 0.02),
        Level(f"other {words}", ELSE, 0.04, 0.97),
    )  # fmt: skip
    return Comparison(words.replace(" ", "_"), none_known(column), levels)


def _word(words: str, column: str, near: float) -> Comparison:
    levels = (
        Level(f"same {words}", equal(column), 0.80, 0.01, column),
        Level(f"nearly same {words}", f"jaro_winkler_similarity({column}_l, {column}_r) >= {near}", 0.10, 0.005),
        Level(f"other {words}", ELSE, 0.10, 0.985),
    )
    return Comparison(words, none_known(column), levels)


def _email(column: str) -> Comparison:
    levels = (
        Level("same email", equal(column), 0.60, 1e-3, column),
        Level("same mailbox", equal(f"box_{column}"), 0.05, 1e-4),
        Level("nearly same email", f"jaro_winkler_similarity({column}_l, {column}_r) >= 0.88", 0.20, 1e-3),
        Level("other email", ELSE, 0.15, 0.998),
    )
    return Comparison("email", none_known(column), levels)


def _address(columns: Sequence[str]) -> Comparison:
    near = any_pair("jaro_winkler_similarity({l}, {r}) >= 0.9", columns)
    levels = (
        Level("same address", equal(*columns), 0.75, 1e-3, columns[0]),
        Level("similar address", near, 0.15, 2e-3),
        Level("other address", ELSE, 0.10, 0.997),
    )
    return Comparison("address", none_known(*columns), levels)
