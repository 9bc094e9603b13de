"""The place coder of the line and the command: the area of each address by official names, then by the gazetteer."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from keli.engine.places.gazetteer import NUMBER_VOTES, VOTES, Gazetteer
from keli.engine.places.official import address_areas
from keli.engine.places.pooled import gazetteer_areas
from keli.engine.places.words import place_words
from keli.model.catalogue import Catalogue
from keli.model.places.gazetteer import GazetteerFiles, read_gazetteer


def gazetteer_of(files: GazetteerFiles, catalogue: Catalogue, district: str) -> Gazetteer:
    """Return the gazetteer that files hold.

    Raises:
        CatalogueError: A file lacks a column, or a row cannot be read.
    """
    parts = read_gazetteer(files, catalogue.areas, district)
    return Gazetteer(
        _table(parts["roads"], VOTES), _table(parts["road_numbers"], NUMBER_VOTES), _table(parts["buildings"], VOTES)
    )


def coded_addresses(
    addresses: ir.Table, gazetteer: Gazetteer | None, catalogue: Catalogue, *, district: str, year: int
) -> ir.Table:
    """The area of each address.

    Method: official names first (`address_areas`). The gazetteer is asked only for addresses that name the district and
    no subdistrict; what it does not know stays at the district.

    Args:
        addresses: Addresses as delivered: `address`, in any number of rows.
        gazetteer: Coded addresses by place, if any.
        catalogue: Areas, and the parameters places/words and places/evidence.
        district: Code of the district.
        year: Year whose parameters hold.

    Returns:
        One row for each different address: `address`, `named_area` and `named_community` by official names,
        `gazetteer_area`, `share` and `evidence` where the gazetteer decides.
    """
    named = address_areas(addresses, catalogue.areas, district).cache()
    if gazetteer is None:
        empty = {"gazetteer_area": "string", "share": "float64", "evidence": "string"}
        return named.mutate(**{column: ibis.null(kind) for column, kind in empty.items()})
    open_ones = named.filter(named.named_area == district).select("address")
    words = place_words(open_ones, catalogue.areas, district, catalogue.parameter("places/words").at(year)).cache()
    rules = catalogue.parameter("places/evidence").at(year)
    found = gazetteer_areas(words, gazetteer, subdistricts_of(catalogue, district), rules)
    return named.left_join(found, "address").drop("address_right")


def subdistricts_of(catalogue: Catalogue, district: str) -> int:
    """Number of subdistricts of the district."""
    return sum(area.code.startswith(district) for area in catalogue.areas.at_level("subdistrict"))


def _table(rows: list[dict[str, Any]], schema: dict[str, str]) -> ir.Table:
    columns = {name: [row[name] for row in rows] for name in schema}
    return ibis.memtable(columns, schema=schema)
