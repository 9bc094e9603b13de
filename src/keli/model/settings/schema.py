"""Settings checked against a JSON Schema, with messages that teach."""

from __future__ import annotations

import difflib
import json
from functools import cache
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from keli.base.errors import ConfigurationError
from keli.model.settings.located import Located
from keli.model.tables import CATALOGUE

_KINDS = {
    "array": "a list, as [1, 2]", "object": "names with values, as {name: value}", "string": "a text",
    "integer": "a whole number", "number": "a number", "boolean": "true or false", "null": "empty",
}  # fmt: skip
FOLLOWS = "See docs/sources.md for every key of keli.yaml."


def check_schema(settings: Located, schema: str, follows: str = FOLLOWS) -> None:
    """Check settings against catalogue/schemas/<schema>.schema.json.

    Args:
        settings: The file.
        schema: Name of its schema.
        follows: Where every key is explained, for the message.

    Raises:
        ConfigurationError: The first entry at fault, by line.
    """
    plain = json.loads(json.dumps(settings.contents, default=str))
    problems = list(_validator(schema).iter_errors(plain))
    if problems:
        first = min(problems, key=lambda problem: settings.place(*problem.absolute_path).row or 0)
        raise _error(settings, first, follows)


def nearest(word: str, words: list[str]) -> str | None:
    """Return the word of the list that is most like the given one, if any is."""
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return close[0] if close else None


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(
        json.loads((CATALOGUE / "schemas" / f"{schema}.schema.json").read_text(encoding="utf-8"))
    )


def _error(settings: Located, problem: ValidationError, follows: str) -> ConfigurationError:
    steps = list(problem.absolute_path)
    if problem.validator == "additionalProperties":
        return _unknown_key(settings, steps, problem, follows)
    if problem.validator == "required":
        return _missing_key(settings, steps, problem, follows)
    schema: Any = problem.schema
    name = ".".join(map(str, steps)) or settings.file
    meaning = f" {schema['description']}" if "description" in schema else ""
    return ConfigurationError(
        f"{name} is not right: {_fault(problem)}.{meaning}",
        where=settings.place(*steps),
        example=_example(steps, schema),
        next_step=follows,
    )


def _fault(problem: ValidationError) -> str:
    """What is wrong with a value, in plain words."""
    given, wanted = json.dumps(problem.instance, ensure_ascii=False), cast("Any", problem.validator_value)
    if problem.validator == "type":
        kinds = [wanted] if isinstance(wanted, str) else list(wanted)
        return f"{given} should be {' or '.join(_KINDS.get(kind, kind) for kind in kinds)}"
    if problem.validator == "enum":
        return f"{given} is none of {', '.join(str(word) for word in wanted)}"
    if problem.validator in {"pattern", "anyOf", "oneOf", "format"}:
        return f"{given} is not of this form"
    return problem.message


def _unknown_key(
    settings: Located, steps: list[str | int], problem: ValidationError, follows: str
) -> ConfigurationError:
    schema: Any = problem.schema
    instance: Any = problem.instance
    known = sorted(schema["properties"])
    key = next(str(name) for name in instance if name not in known)
    meant = nearest(key, known)
    hint = "" if meant is None else f' Did you mean "{meant}"?'
    return ConfigurationError(
        f'"{key}" is not a key here.{hint} Keys: {", ".join(known)}.',
        where=settings.place(*steps, key),
        example=None if meant is None else _example([meant], schema["properties"][meant]),
        next_step=follows,
    )


def _missing_key(
    settings: Located, steps: list[str | int], problem: ValidationError, follows: str
) -> ConfigurationError:
    schema: Any = problem.schema
    instance: Any = problem.instance
    key = next(name for name in schema["required"] if name not in instance)
    return ConfigurationError(
        f'"{key}" is missing. {schema["properties"][key].get("description", "")}'.rstrip(),
        where=settings.place(*steps),
        example=_example([key], schema["properties"][key]),
        next_step=follows,
    )


def _example(steps: list[str | int], schema: dict[str, Any]) -> str | None:
    names = [step for step in steps if isinstance(step, str)]
    if "examples" not in schema or not names:
        return None
    return f"{names[-1]}: {json.dumps(schema['examples'][0], ensure_ascii=False)}"
