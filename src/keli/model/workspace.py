"""A workspace as `keli.yaml` describes it: area, periods, sources with their columns, options."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keli.base.errors import Place
from keli.model.places.gazetteer import GazetteerFiles

DEFAULT_UNIT = "_default"
"""Name under `units` of the unit of all money columns that have none of their own."""


@dataclass(frozen=True)
class Source:
    """One source of delivered files.

    Args:
        name: Name that ledgers and coverage use.
        kind: Kind in catalogue/sources: register, frame, tax, annual_return, quarterly_return, split_evidence,
            prices, controls, decision.
        files: Files as delivered, in the order of their paths.
        received: Date on which they were received.
        columns: Canonical column -> column name in the file.
        units: Canonical money column -> unit (元, 千元, 万元, 亿元), or one unit under `_default`.
        negated: Canonical money columns that the file prints with the opposite sign, such as losses as negative gains.
        constants: Canonical column -> value that every row has, such as the year.
        encoding: utf-8, gb18030 or auto.
        sheet: Sheet of an XLSX file, or None for the first.
        head_rows: Number of head rows; several are joined with a blank, empty ones taken from the left.
        skip_rows: Rows above the head.
        consolidated: The figures are consolidated groups'; they never enter a district total.
        delimiter: Separator of a text file; a .tsv file has a tab in any case.
        coordinates: Frame of longitude and latitude in the files: wgs84, gcj02 or bd09; None where it has none.
        places: Canonical column -> where keli.yaml maps it, for errors.
    """

    name: str
    kind: str
    files: tuple[Path, ...]
    received: dt.date
    columns: dict[str, str]
    units: dict[str, str] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)
    negated: tuple[str, ...] = ()
    encoding: str = "auto"
    sheet: str | None = None
    head_rows: int = 1
    skip_rows: int = 0
    consolidated: bool = False
    delimiter: str = ","
    coordinates: str | None = None
    places: dict[str, Place] = field(default_factory=dict, compare=False, repr=False)

    def stated_unit(self, column: str) -> str | None:
        """The unit that keli.yaml states for a money column, or None: then it is read in yuan."""
        return self.units.get(column, self.units.get(DEFAULT_UNIT))


@dataclass(frozen=True)
class Workspace:
    """The settings of one workspace.

    Args:
        folder: Folder that holds keli.yaml; all paths resolve against it.
        title: Title that every output carries.
        synthetic: The data are synthetic; everything says so.
        census: The register is complete; where false the release says that it is not a census and no share of GDP
            is published.
        area: Code of the district.
        first_year: First year of the account.
        last_year: Last year of the account.
        stage: Vintage stage: 快报, 初步核算, 最终核实 or 普查修订.
        sources: Sources in the order of keli.yaml, then the decisions on open cases by date of receipt.
        precedence: Attribute -> source names, best first; sources that are not named follow in their order.
        plates: File of the plates crosswalk (plate, name, activity, weight), if any.
        parameters: Folder of local parameters, if any.
        map_layers: Layer name -> GeoJSON file.
        gazetteer: Coded addresses by part: roads, road_numbers, buildings; empty where the workspace has none.
        coding_model: File of the bureau's own industry coder, if any; the shipped one where there is none.
        coding_automatic: What the coder is sure of is taken; where false it only proposes.
        notes: Remarks that the release carries.
    """

    folder: Path
    title: str
    area: str
    first_year: int
    last_year: int
    sources: tuple[Source, ...]
    synthetic: bool = False
    census: bool = True
    stage: str = "初步核算"
    precedence: dict[str, tuple[str, ...]] = field(default_factory=dict)
    plates: Path | None = None
    parameters: Path | None = None
    map_layers: dict[str, Path] = field(default_factory=dict)
    gazetteer: GazetteerFiles = field(default_factory=dict)
    coding_model: Path | None = None
    coding_automatic: bool = True
    notes: tuple[str, ...] = ()

    @property
    def years(self) -> range:
        """The years of the account."""
        return range(self.first_year, self.last_year + 1)

    def sources_of(self, *kinds: str) -> tuple[Source, ...]:
        """Return the sources of the kinds, in order."""
        return tuple(source for source in self.sources if source.kind in kinds)
