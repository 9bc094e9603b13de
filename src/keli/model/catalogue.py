"""The catalogue: every fact that the line uses, shipped or supplied by a workspace, in one place."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

from keli.base.errors import CatalogueError
from keli.model.codes import CodeList, Head, read_code_list, read_head
from keli.model.crosswalks import (
    CORE,
    CROSSWALKS,
    Deflator,
    Membership,
    Plate,
    ScopePhrase,
    SizeRule,
    read_deflators,
    read_memberships,
    read_registration_types,
    read_scope_phrases,
    read_size_rules,
)
from keli.model.parameters import Parameter, local_parameters, shipped_parameters
from keli.model.plates import read_plates, unassigned_classes
from keli.model.source_kinds import SourceKind, accepted_table, source_kinds
from keli.model.tables import TableSpec, table_specs


@dataclass(frozen=True)
class Unverified:
    """A fact of the catalogue that was not compared with the document that it names.

    Args:
        kind: parameter, codes or crosswalk.
        name: Name of the parameter, code list or crosswalk.
        label_zh: Its label.
        valid_from: First day on which it holds.
        reference: The document that it names.
        note: What is known about its source.
    """

    kind: str
    name: str
    label_zh: str
    valid_from: dt.date
    reference: str
    note: str | None


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Facts as dated data.

    Args:
        tables: Tables of the vault and of a release, with the accepted rows of every source kind.
        gbt: GB/T 4754-2017: section, division, group, class.
        digital: Digital-economy classification 2021: total, major, middle, minor; DE is the core.
        areas: Shenzhen: city, district, subdistrict (and subdistrict_like), community.
        ownership: Groups of registration types.
        registration: Registration types: group, type, subtype.
        three_sectors: The three sectors, and divisions of GB/T 4754 below them.
        sizes: Size classes L, M, S, MI.
        registration_types: Ownership group of each registration type.
        memberships: Industry classes of each digital-economy class.
        deflators: Price series of the activities.
        scope_phrases: Official business-scope phrases with their industry codes.
        size_rules: Bounds of the size classes.
        parameters: Parameters by name, a workspace's own in place of the shipped ones.
        sources: Kinds of delivered files.
        code_heads: Heads of all code lists.
        crosswalk_heads: Heads of all crosswalks.
        plates: Plates of the workspace; empty where it has none.
    """

    tables: dict[str, TableSpec]
    gbt: CodeList
    digital: CodeList
    areas: CodeList
    ownership: CodeList
    registration: CodeList
    three_sectors: CodeList
    sizes: CodeList
    registration_types: dict[str, str]
    memberships: tuple[Membership, ...]
    deflators: tuple[Deflator, ...]
    scope_phrases: tuple[ScopePhrase, ...]
    size_rules: tuple[SizeRule, ...]
    parameters: dict[str, Parameter]
    sources: dict[str, SourceKind]
    code_heads: tuple[Head, ...]
    crosswalk_heads: tuple[Head, ...]
    plates: tuple[Plate, ...] = ()

    def parameter(self, name: str) -> Parameter:
        """Return a parameter.

        Raises:
            CatalogueError: There is none of this name.
        """
        if name not in self.parameters:
            raise CatalogueError(
                f'There is no parameter "{name}".',
                example="protection/min_count",
                next_step=f"Add catalogue/parameters/{name}.yaml with value, unit, date and reference.",
            )
        return self.parameters[name]

    def core_memberships(self) -> tuple[Membership, ...]:
        """Return the memberships in classes of the core."""
        return self._core_memberships

    @cached_property
    def _core_memberships(self) -> tuple[Membership, ...]:
        return tuple(membership for membership in self.memberships if membership.core)

    def not_applicable(self) -> tuple[str, ...]:
        """Return the core classes without an industry code, which are published as not applicable."""
        with_industry = {membership.activity for membership in self.memberships}
        return tuple(code for code in self.digital.below(CORE, "minor") if code not in with_industry)

    def deflator(self, activity: str) -> Deflator:
        """Return the deflator of a digital-economy activity: the longest activity that it begins with, else DE.

        Raises:
            CatalogueError: The activity is unknown.
        """
        line = (*self.digital.ancestors(activity), CORE)
        return next(self._deflator_of[code] for code in line if code in self._deflator_of)

    @cached_property
    def _deflator_of(self) -> dict[str, Deflator]:
        return {deflator.activity: deflator for deflator in self.deflators}

    def unassigned_classes(self) -> dict[str, Decimal]:
        """Return the share of each core class that no plate has; empty where the workspace has no plates."""
        return unassigned_classes(self.plates, self.digital) if self.plates else {}

    def unverified(self) -> tuple[Unverified, ...]:
        """Return the parameter values, code lists and crosswalks that were not compared with their documents."""
        values = (
            Unverified("parameter", name, parameter.label_zh, value.valid_from, value.reference, value.note)
            for name, parameter in sorted(self.parameters.items())
            for value in parameter.values
            if not value.verified
        )
        lists = (
            Unverified(
                kind, head.name, head.title_zh, dt.date.fromisoformat(head.valid_from), head.document, head.source
            )
            for kind, heads in (("codes", self.code_heads), ("crosswalk", self.crosswalk_heads))
            for head in heads
            if not head.verified
        )
        return (*values, *lists)


def load_catalogue(*, parameters: Path | None = None, plates: Path | None = None) -> Catalogue:
    """Return the shipped catalogue with the facts of a workspace.

    Args:
        parameters: Folder of local parameters, if any.
        plates: Plates crosswalk of the workspace, if any.

    Raises:
        CatalogueError: A shipped fact contradicts another.
        ConfigurationError: A local fact is wrong.
    """
    catalogue = _shipped()
    if parameters is not None:
        catalogue = dataclasses.replace(catalogue, parameters=catalogue.parameters | local_parameters(parameters))
    if plates is not None:
        catalogue = dataclasses.replace(catalogue, plates=read_plates(plates, catalogue.digital))
    return catalogue


@cache
def _shipped() -> Catalogue:
    gbt, digital = read_code_list("gbt4754_2017"), read_code_list("digital_economy_2021")
    registration, ownership = read_code_list("registration_types"), read_code_list("ownership_groups")
    phrases, areas = read_code_list("scope_phrases_2021"), read_code_list("areas_shenzhen")
    three_sectors, sizes = read_code_list("three_sectors_2018"), read_code_list("size_classes_2017")
    lists = (gbt, digital, areas, ownership, registration, three_sectors, sizes, phrases)
    return Catalogue(
        tables=_tables(),
        gbt=gbt,
        digital=digital,
        areas=areas,
        ownership=ownership,
        registration=registration,
        three_sectors=three_sectors,
        sizes=sizes,
        registration_types=read_registration_types(registration, ownership),
        memberships=read_memberships(gbt, digital),
        deflators=read_deflators(digital),
        scope_phrases=read_scope_phrases(gbt, phrases),
        size_rules=read_size_rules(gbt),
        parameters=dict(shipped_parameters()),
        sources=source_kinds(),
        code_heads=tuple(codes.head for codes in lists),
        crosswalk_heads=tuple(read_head(path) for path in sorted(CROSSWALKS.glob("*.yaml"))),
    )


def _tables() -> dict[str, TableSpec]:
    accepted = (accepted_table(kind) for kind in source_kinds().values())
    return dict(table_specs()) | {table.name: table for table in accepted}
