"""Parameters: numbers and conventions that can change, each value with date, unit and reference."""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from keli.base.errors import CatalogueError, ConfigurationError, KeliError, Place
from keli.model.documents import CATALOGUE, entry_name, read_checked

MISSPELT = 0.85


@dataclass(frozen=True)
class ParameterValue:
    """One dated value.

    Args:
        valid_from: First day on which it holds.
        value: The value, in the parameter's unit.
        reference: Where it comes from.
        verified: It was compared with the document that the reference names.
        note: Remark, if any.
    """

    valid_from: dt.date
    value: Any
    reference: str
    verified: bool
    note: str | None = None


@dataclass(frozen=True)
class Parameter:
    """One parameter with its values in the order of their dates.

    Args:
        name: Group and name, such as protection/min_count.
        label_zh: Label.
        description: What it is and where it is used.
        unit: Unit of the value.
        values: Dated values, oldest first.
        value_schema: JSON Schema that every value follows, a workspace's own too.
    """

    name: str
    label_zh: str
    description: str
    unit: str
    values: tuple[ParameterValue, ...]
    value_schema: dict[str, Any] = field(default_factory=dict)

    def entry(self, year: int) -> ParameterValue:
        """Return the value that holds on 31 December of the year, with its reference.

        Raises:
            CatalogueError: The parameter has no value so early.
        """
        last_day = dt.date(year, 12, 31)
        valid = [value for value in self.values if value.valid_from <= last_day]
        if not valid:
            raise CatalogueError(
                f'The parameter "{self.name}" has no value for {year}; the first holds from '
                f"{self.values[0].valid_from}.",
                example=f"valid_from: {year}-01-01",
                next_step=f"Add a value with its reference in catalogue/parameters/{self.name}.yaml of the workspace.",
            )
        return valid[-1]

    def at(self, year: int) -> Any:
        """Return the value that holds on 31 December of the year.

        Raises:
            CatalogueError: The parameter has no value so early.
        """
        return self.entry(year).value


@cache
def shipped_parameters() -> dict[str, Parameter]:
    """Return the parameters of the catalogue by name.

    Raises:
        CatalogueError: A file does not follow the schema.
    """
    return _read_folder(CATALOGUE / "parameters", CatalogueError)


def local_parameters(folder: Path) -> dict[str, Parameter]:
    """Return the parameters of a workspace by name; one of a shipped name replaces the shipped one as a whole.

    Args:
        folder: Folder with <group>/<name>.yaml files of the same form as the shipped ones.

    Raises:
        ConfigurationError: A file does not follow the schema, has another unit or form of value than the shipped
            parameter, or a name looks like a misspelt shipped one.
    """
    if not folder.is_dir():
        raise ConfigurationError(
            "The folder of local parameters is missing.",
            where=Place(str(folder)),
            next_step="Make the folder or remove it from keli.yaml.",
        )
    shipped = shipped_parameters()
    local = _read_folder(folder, ConfigurationError)
    for name, parameter in local.items():
        path = folder / f"{name}.yaml"
        if name in shipped:
            _check_replacement(parameter, shipped[name], path)
        else:
            _check_spelling(name, shipped, path)
    return local


def read_parameter(path: Path, name: str, error: type[KeliError] = CatalogueError) -> Parameter:
    """Return one parameter from its YAML file.

    Args:
        path: The file.
        name: The name that its place in the folder gives, such as protection/min_count.
        error: The error to raise.

    Raises:
        KeliError: The file does not follow the schema, has another name, or two values have the same date.
    """
    entry = read_checked(path, "parameter", error)
    if entry["name"] != name:
        raise error(f'name: the parameter is called "{entry["name"]}".', where=Place(str(path)), example=name)
    values = sorted((_value(value) for value in entry["values"]), key=lambda value: value.valid_from)
    dates = [value.valid_from for value in values]
    if len(set(dates)) != len(dates):
        raise error("values: two values hold from the same day.", where=Place(str(path)))
    parameter = Parameter(
        name,
        entry["label_zh"],
        entry["description"].strip(),
        entry["unit"],
        tuple(values),
        entry.get("value_schema", {}),
    )
    _check_values(parameter, parameter.value_schema, path, error)
    return parameter


def _read_folder(folder: Path, error: type[KeliError]) -> dict[str, Parameter]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".yml"})
    misnamed = [path for path in paths if path.suffix == ".yml"]
    if misnamed:
        raise error(
            "The file ends in .yml and would not be read.",
            where=Place(str(misnamed[0])),
            example=misnamed[0].with_suffix(".yaml").name,
            next_step="Rename it.",
        )
    names = [path.relative_to(folder).with_suffix("").as_posix() for path in paths]
    return {name: read_parameter(path, name, error) for name, path in zip(names, paths, strict=True)}


def _value(entry: dict[str, Any]) -> ParameterValue:
    valid_from = dt.date.fromisoformat(str(entry["valid_from"]))
    return ParameterValue(valid_from, entry["value"], entry["reference"], entry["verified"], entry.get("note"))


def _check_values(parameter: Parameter, schema: dict[str, Any], path: Path, error: type[KeliError]) -> None:
    validator = Draft202012Validator(schema)
    for value in parameter.values:
        for problem in validator.iter_errors(value.value):
            place = entry_name(["value", *problem.absolute_path])
            raise error(
                f"{place} valid from {value.valid_from}: {problem.message}.",
                where=Place(str(path)),
                next_step=f"{parameter.label_zh}: {parameter.description}",
            )


def _check_replacement(local: Parameter, shipped: Parameter, path: Path) -> None:
    if local.unit != shipped.unit:
        raise ConfigurationError(
            f'unit: "{local.name}" is in "{local.unit}" here and in "{shipped.unit}" in the catalogue.',
            where=Place(str(path)),
            example=f"unit: {shipped.unit}",
            next_step="Give the value in the unit of the catalogue.",
        )
    _check_values(local, shipped.value_schema, path, ConfigurationError)


def _check_spelling(name: str, shipped: dict[str, Parameter], path: Path) -> None:
    close = difflib.get_close_matches(name, shipped, n=1, cutoff=MISSPELT)
    if close:
        raise ConfigurationError(
            f'name: there is no parameter "{name}" in the catalogue.',
            where=Place(str(path)),
            example=close[0],
            next_step=f'Did you mean "{close[0]}"? A parameter of your own needs a name that differs more.',
        )
