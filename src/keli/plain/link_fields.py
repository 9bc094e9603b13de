"""Fields of a linkage: which column of which file holds a name, an address, a date; said or guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from keli.base.errors import ConfigurationError, Place, SourceError
from keli.model.catalogue import Catalogue
from keli.plain.files import PlainFile, require_columns

FIRM = ("name", "former_name", "address", "date", "capital", "phone")
PERSON = (
    "name", "given_name", "surname", "date_of_birth", "postcode", "city", "state", "email", "address", "house_number",
    "identifier", "phone",
)  # fmt: skip
TELLING = ("given_name", "surname", "date_of_birth")
# A file may do without these: only the newer one knows former names.
OPTIONAL = ("former_name",)
REPEATED = ("address", "former_name", "phone")
USAGE = "--map name=企业名称 --map address=注册地址"
BOTH = "|"


@dataclass(frozen=True)
class Fields:
    """Columns to compare.

    Args:
        pairs: The columns by field and number: name_0 is (left column, right column); empty where one file lacks it.
        said: The names in `pairs` that the command said; the others are guessed.
        identifiers: The column that identifies the rows, for each file.
        person: The records are persons.
    """

    pairs: Mapping[str, tuple[str, ...]]
    said: frozenset[str]
    identifiers: tuple[str, ...]
    person: bool

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Names in `pairs` by field."""
        by_field: dict[str, list[str]] = {}
        for name in self.pairs:
            by_field.setdefault(name.rsplit("_", 1)[0], []).append(name)
        return {name: tuple(numbers) for name, numbers in by_field.items()}

    def of(self, side: int) -> dict[str, str]:
        """Column of a file by name in `pairs`, less those that only the other file has."""
        return {name: columns[side] for name, columns in self.pairs.items() if columns[side]}

    def asked(self, side: int) -> list[str]:
        """Columns of a file that the command named."""
        return [columns[side] for name, columns in self.pairs.items() if name in self.said and columns[side]]

    def without(self, names: Iterable[str]) -> Fields:
        """The fields less some."""
        left_out = set(names)
        kept = {name: columns for name, columns in self.pairs.items() if name not in left_out}
        if not kept:
            raise SourceError("The columns to compare are empty.", next_step=f"Say which columns to compare: {USAGE}")
        return replace(self, pairs=kept)

    def told(self) -> list[str]:
        """What is compared, in lines."""
        kind = "persons" if self.person else "firms"
        lines = [f"Linking {kind} by:"]
        for name, columns in self.pairs.items():
            shown = " and ".join(dict.fromkeys(column for column in columns if column))
            lines.append(f"  {name.rsplit('_', 1)[0]} = {shown}{'' if name in self.said else '  (guessed)'}")
        return lines


def chosen_fields(files: Sequence[PlainFile], identifier: str, mapping: Sequence[str], catalogue: Catalogue) -> Fields:
    """Return the columns to compare: those that were said, and columns with obvious names.

    Args:
        files: The files.
        identifier: Column that identifies the rows; LEFT|RIGHT where the files name it differently.
        mapping: FIELD=COLUMN, or FIELD=LEFT|RIGHT where the files name it differently.
        catalogue: Usual headings of each field.

    Raises:
        ConfigurationError: The mapping is wrong, or nothing can be compared.
        SourceError: A file lacks a column.
    """
    headings = catalogue.parameter("linkage/columns").values[-1].value
    identifiers = _both(identifier, files, "--id")
    said: dict[str, list[tuple[str, ...]]] = {}
    for entry in mapping:
        name, columns = _entry(entry, files, tuple(headings))
        said.setdefault(name, []).append(columns)
    taken = {*identifiers, *_used(said)}
    guessed = {
        name: _guess(files, headings[name], taken, optional=name in OPTIONAL) for name in headings if name not in said
    }
    person = _person(said, guessed)
    wanted = PERSON if person else FIRM
    unused = sorted(set(said) - set(wanted))
    if unused:
        raise ConfigurationError(
            f"{', '.join(unused)} cannot be compared between {'persons' if person else 'firms'}.",
            example=USAGE,
            next_step=f"Fields are: {', '.join(wanted)}.",
        )
    pairs: dict[str, tuple[str, ...]] = {}
    for name in wanted:
        for place, columns in enumerate(said.get(name, guessed.get(name, []))[: None if name in REPEATED else 1]):
            pairs[f"{name}_{place}"] = columns
    _check_telling(pairs, files)
    named = frozenset(name for name in pairs if name.rsplit("_", 1)[0] in said)
    return Fields(pairs, named, identifiers, person)


def _person(said: Mapping[str, object], guessed: Mapping[str, Sequence[object]]) -> bool:
    """Given name, surname or date of birth make a person; without any name it is what remains."""
    known = {*said, *(name for name, found in guessed.items() if found)}
    if said and any(name in said for name in TELLING):
        return True
    return "name" not in said and (
        any(name in known for name in TELLING) or ("name" not in known and "address" not in said)
    )


def _entry(entry: str, files: Sequence[PlainFile], names: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    name, sign, column = entry.partition("=")
    name = name.strip()
    if not sign or not column:
        raise ConfigurationError(f'"{entry}" is not FIELD=COLUMN.', example=USAGE)
    if name not in names:
        raise ConfigurationError(
            f'There is no field "{name}".', example=USAGE, next_step=f"Fields are: {', '.join(names)}."
        )
    return name, _both(column, files, f"--map {name}=", optional=name in OPTIONAL)


def _both(column: str, files: Sequence[PlainFile], option: str, *, optional: bool = False) -> tuple[str, ...]:
    """The column in each file, checked; an optional one may be in one file alone."""
    parts = [column] * len(files)
    if len(files) > 1 and BOTH in column and column not in files[0].columns:
        parts = column.split(BOTH, 1)
    if optional and any(part in file.columns for part, file in zip(parts, files, strict=True)):
        return tuple(part if part in file.columns else "" for part, file in zip(parts, files, strict=True))
    for part, file in zip(parts, files, strict=True):
        require_columns(file, [part], option=option)
    return tuple(parts)


def _used(said: Mapping[str, Sequence[tuple[str, ...]]]) -> set[str]:
    return {column for columns in said.values() for pair in columns for column in pair}


def _guess(
    files: Sequence[PlainFile], headings: Sequence[str], taken: set[str], *, optional: bool
) -> list[tuple[str, ...]]:
    """Columns with usual headings; headings that both files have first, else the first of each."""
    have = [{name.strip().lower(): name for name in file.columns if name not in taken} for file in files]
    common = [heading for heading in headings if all(heading in names for names in have)]
    if common:
        return [tuple(names[heading] for names in have) for heading in common]
    first = [next((names[heading] for heading in headings if heading in names), "") for names in have]
    return [tuple(first)] if all(first) or (optional and any(first)) else []


def _check_telling(pairs: Mapping[str, object], files: Sequence[PlainFile]) -> None:
    if not pairs:
        raise ConfigurationError(
            "No column tells who a row is about.",
            where=Place(str(files[0].path), 1),
            example=USAGE,
            next_step=f"Say which columns to compare. The columns are: {', '.join(files[0].columns)}.",
        )
