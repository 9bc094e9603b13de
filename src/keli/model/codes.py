"""Code lists: official codes with level, parent and name, and the head that says who issued them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from keli.base.errors import CatalogueError, Place
from keli.model.documents import CATALOGUE, read_checked, read_rows


@dataclass(frozen=True)
class Head:
    """What a code list or crosswalk is: title, issuing agency, document, version, date in force.

    Args:
        name: Name of the file.
        title_zh: Official title.
        agency: Issuing body.
        document: Number of the standard or order.
        version: Version that outputs name.
        valid_from: Date in force.
        verified: The contents were compared with the published document.
        source: Where the contents come from, and what is known to be missing.
    """

    name: str
    title_zh: str
    agency: str
    document: str
    version: str
    valid_from: str
    verified: bool
    source: str


@dataclass(frozen=True)
class Code:
    """One code: its level, the code above it and its official name."""

    code: str
    level: str
    parent: str | None
    name_zh: str


@dataclass(frozen=True, eq=False)
class CodeList:
    """One classification.

    Args:
        head: Title, agency, document, version, date in force.
        codes: Codes in the order of the file, each after its parent.
    """

    head: Head
    codes: dict[str, Code]

    @property
    def name(self) -> str:
        """Name of the list."""
        return self.head.name

    @property
    def title_zh(self) -> str:
        """Official title."""
        return self.head.title_zh

    @property
    def agency(self) -> str:
        """Issuing body."""
        return self.head.agency

    @property
    def document(self) -> str:
        """Number of the standard or order."""
        return self.head.document

    @property
    def version(self) -> str:
        """Version that outputs name."""
        return self.head.version

    @property
    def valid_from(self) -> str:
        """Date in force, as 2017-10-01."""
        return self.head.valid_from

    def __contains__(self, code: object) -> bool:
        """Tell whether the list has the code."""
        return code in self.codes

    def __getitem__(self, code: str) -> Code:
        """Return a code.

        Raises:
            CatalogueError: The list does not have it.
        """
        try:
            return self.codes[code]
        except KeyError:
            example = next(iter(self.codes))
            raise CatalogueError(f'"{code}" is not a code of {self.title_zh}.', example=example) from None

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the code itself, then the codes above it up to the root.

        Raises:
            CatalogueError: The list does not have the code.
        """
        line = [code]
        parent = self[code].parent
        while parent is not None:
            line.append(parent)
            parent = self[parent].parent
        return tuple(line)

    def children(self, code: str) -> tuple[str, ...]:
        """Return the codes directly below, in the order of the list.

        Raises:
            CatalogueError: The list does not have the code.
        """
        return self._children.get(self[code].code, ())

    def at_level(self, level: str) -> tuple[Code, ...]:
        """Return the codes of one level, in the order of the list."""
        return tuple(code for code in self.codes.values() if code.level == level)

    def below(self, code: str, level: str) -> tuple[str, ...]:
        """Return the codes of one level at or below a code, in the order of the list.

        Raises:
            CatalogueError: The list does not have the code.
        """
        if self[code].level == level:
            return (code,)
        return tuple(found for child in self.children(code) for found in self.below(child, level))

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for code in self.codes.values():
            if code.parent is not None:
                found[code.parent] = (*found.get(code.parent, ()), code.code)
        return found


def read_head(path: Path) -> Head:
    """Return the head of a code list or crosswalk from its YAML file.

    Raises:
        CatalogueError: The head does not follow its schema, or names another file.
    """
    entry = read_checked(path, "head")
    if entry["name"] != path.stem:
        raise CatalogueError(f'The head is called "{entry["name"]}".', where=Place(str(path)), example=path.stem)
    return Head(**entry | {"valid_from": str(entry["valid_from"])})


def read_code_list(name: str, folder: Path = CATALOGUE / "codes") -> CodeList:
    """Return a code list from its CSV file and head.

    Args:
        name: Name of the list, such as `gbt4754_2017`.
        folder: Folder of the list.

    Raises:
        CatalogueError: A code stands twice, or before its parent.
    """
    path = folder / f"{name}.csv"
    codes: dict[str, Code] = {}
    for row, cells in read_rows(path, ("code", "level", "parent", "name_zh")):
        code = Code(cells["code"], cells["level"], cells["parent"] or None, cells["name_zh"])
        if code.code in codes:
            raise CatalogueError(f'The code "{code.code}" stands twice.', where=Place(str(path), row, "code"))
        if code.parent is not None and code.parent not in codes:
            raise CatalogueError(
                f'The parent "{code.parent}" does not stand above "{code.code}".',
                where=Place(str(path), row, "parent"),
            )
        codes[code.code] = code
    return CodeList(read_head(folder / f"{name}.yaml"), codes)
