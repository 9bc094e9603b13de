"""Places of a plain file: the subdistrict of every address, and a gazetteer learned from coded addresses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from keli.base.errors import ConfigurationError, Place, SourceError
from keli.engine.places.coder import coded_addresses, gazetteer_of
from keli.engine.places.gazetteer import learned_gazetteer
from keli.engine.places.official import OUTSIDE
from keli.engine.places.room import place_room
from keli.engine.places.words import place_words
from keli.model.catalogue import Catalogue
from keli.model.places.gazetteer import FILE_COLUMNS, gazetteer_folder
from keli.plain.files import open_plain, read_plain, require_columns, require_values, write_plain

ADDED = ("area", "area_name", "community", "origin", "evidence")
OFFICIAL, GAZETTEER, DISTRICT, UNKNOWN = "official_name", "gazetteer", "district_only", "unknown"
ROW = "row_"
LATEST = 9999


@dataclass(frozen=True)
class Placed:
    """What became of the rows of a file.

    Args:
        rows: Number of rows.
        by_origin: Number of rows by origin: official_name, gazetteer, district_only, outside, unknown.
    """

    rows: int
    by_origin: dict[str, int]

    @property
    def coded(self) -> int:
        """Number of rows with a subdistrict of the district."""
        return self.by_origin.get(OFFICIAL, 0) + self.by_origin.get(GAZETTEER, 0)


@dataclass(frozen=True)
class Learned:
    """What a gazetteer was learned from.

    Args:
        rows: Number of rows of the file.
        used: Number of different addresses with a subdistrict of the district, each with one label only.
        places: Number of rows of each part of the gazetteer.
    """

    rows: int
    used: int
    places: dict[str, int]


def place_file(
    path: Path, out: Path, *, text: str, catalogue: Catalogue, district: str, gazetteer: Path | None = None
) -> Placed:
    """Add the area of every address of a CSV file.

    Args:
        path: The file; .gz is unpacked while it is read.
        out: The file with all columns of the input and `area`, `area_name`, `community`, `origin`, `evidence`.
        text: Column of the addresses.
        catalogue: Areas and parameters.
        district: Code of the district.
        gazetteer: Folder of roads.csv, road_numbers.csv, buildings.csv, if any.

    Raises:
        SourceError: The file cannot be read, lacks the column, or holds one that would be added.
        ConfigurationError: There is no such district.
        CatalogueError: The gazetteer cannot be read.
    """
    check_district(catalogue, district)
    rows = _rows(path, text)
    taken = [name for name in ADDED if name in rows.column_names]
    if taken:
        raise SourceError(
            f'The file has a column "{taken[0]}" already, which this command adds.',
            where=Place(str(path), 1),
            next_step=f"Rename it: the command adds {', '.join(ADDED)}.",
        )
    with place_room() as connection:
        files = gazetteer_folder(gazetteer) if gazetteer is not None else None
        known = gazetteer_of(files, catalogue, district) if files else None
        told = connection.create_table("told", rows.select([text]).rename_columns(["address"]), temp=True)
        coded = coded_addresses(told, known, catalogue, district=district, year=LATEST)
        areas = _described(coded, catalogue, district)
        placed = connection.to_pyarrow(areas)
    return _write(rows, text, placed, out, path)


def learn_file(path: Path, out: Path, *, text: str, label: str, catalogue: Catalogue, district: str) -> Learned:
    """Learn a gazetteer from addresses whose subdistrict is known.

    Method: coded addresses are counted by road, by road and number, and by building, each different address once; the
    names of areas in the text are not read. An address that has two labels is left out.

    Args:
        path: The file; .gz is unpacked while it is read.
        out: Folder for roads.csv, road_numbers.csv, buildings.csv.
        text: Column of the addresses.
        label: Column of the subdistrict, as code or as official name.
        catalogue: Areas and parameters.
        district: Code of the district.

    Raises:
        SourceError: The file cannot be read, lacks a column, or no row has a subdistrict of the district.
        ConfigurationError: There is no such district.
    """
    check_district(catalogue, district)
    rows = _rows(path, text, label)
    with place_room() as connection:
        told = connection.create_table(
            "told", rows.select([text, label]).rename_columns(["address", "label"]), temp=True
        )
        labels = connection.create_table("labels", connection.to_pyarrow(_labels(told, catalogue, district)), temp=True)
        used = int(connection.to_pyarrow(labels.count()).as_py())
        if not used:
            raise SourceError(
                f'No row of the column "{label}" names a subdistrict of {catalogue.areas[district].name_zh}.',
                where=Place(str(path), None, label),
                example=next(iter(_subdistricts(catalogue, district).values())),
                next_step="Give nine-digit codes or official names, or another --district.",
            )
        words = place_words(
            labels.select("address"), catalogue.areas, district, catalogue.parameter("places/words").at(LATEST)
        )
        gazetteer = learned_gazetteer(words.cache(), labels)
        parts = {"roads": gazetteer.roads, "road_numbers": gazetteer.road_numbers, "buildings": gazetteer.buildings}
        tables = {part: connection.to_pyarrow(_ordered(part, table)) for part, table in parts.items()}
    out.mkdir(parents=True, exist_ok=True)
    places = {part: write_plain(out / f"{part}.csv", table, inputs=[path]) for part, table in tables.items()}
    return Learned(rows.num_rows, used, places)


def check_district(catalogue: Catalogue, district: str) -> None:
    """Check that a code is a district of the area list.

    Raises:
        ConfigurationError: It is not.
    """
    districts = {area.code: area.name_zh for area in catalogue.areas.at_level("district")}
    if district not in districts:
        raise ConfigurationError(
            f'"{district}" is no district of the area list.',
            example="--district 440304",
            next_step=f"Districts: {', '.join(f'{code} {name}' for code, name in sorted(districts.items()))}.",
        )


def _rows(path: Path, *columns: str) -> pa.Table:
    file = open_plain(path)
    options = dict(zip(("--text", "--label"), columns, strict=False))
    for option, column in options.items():
        require_columns(file, [column], option=option)
    rows = read_plain(file)
    for column in columns:
        require_values(rows, column, path)
    return rows


def _described(coded: ir.Table, catalogue: Catalogue, district: str) -> ir.Table:
    by_gazetteer, named = coded.gazetteer_area.notnull(), coded.named_area
    area = ibis.coalesce(coded.gazetteer_area, named)
    origin = ibis.cases(
        (by_gazetteer, GAZETTEER),
        (named.isnull(), UNKNOWN),
        (named == OUTSIDE, OUTSIDE),
        (named == district, DISTRICT),
        else_=OFFICIAL,
    )
    share = " (" + coded.share.cast("decimal(6,4)").cast("string") + ")"
    return coded.select(
        "address",
        area=area,
        area_name=_name_of(area, _subdistricts(catalogue, district) | {district: catalogue.areas[district].name_zh}),
        community=coded.named_community,
        origin=origin,
        evidence=ibis.ifelse(by_gazetteer, coded.evidence + share, None),
    )


def _name_of(area: ir.StringValue, names: dict[str, str]) -> ir.StringValue:
    return ibis.cases(*((area == code, name) for code, name in sorted(names.items())))


def _subdistricts(catalogue: Catalogue, district: str) -> dict[str, str]:
    areas = catalogue.areas.at_level("subdistrict")
    return {area.code: area.name_zh for area in areas if area.code.startswith(district)}


def _write(rows: pa.Table, text: str, placed: pa.Table, out: Path, path: Path) -> Placed:
    numbered = rows.append_column(ROW, pa.array(range(rows.num_rows), pa.int64()))
    joined = numbered.join(placed, text, "address").sort_by(ROW).drop_columns([ROW])
    full = joined.set_column(
        joined.column_names.index("origin"), "origin", joined["origin"].combine_chunks().fill_null(UNKNOWN)
    )
    write_plain(out, full.select([*rows.column_names, *ADDED]), inputs=[path])
    counted = {entry["values"]: entry["counts"] for entry in full["origin"].value_counts().to_pylist()}
    return Placed(rows.num_rows, {origin: counted[origin] for origin in sorted(counted)})


def _labels(told: ir.Table, catalogue: Catalogue, district: str) -> ir.Table:
    codes = {name: code for code, name in _subdistricts(catalogue, district).items()}
    names = codes | {code: code for code in codes.values()}
    schema = {"label": "string", "area": "string"}
    coded = told.inner_join(ibis.memtable(sorted(names.items()), schema=schema), "label")
    coded = coded.filter(coded.address.notnull())
    by_address = coded.group_by("address").agg(area=coded.area.min(), areas=coded.area.nunique())
    return by_address.filter(by_address.areas == 1).select("address", "area")


def _ordered(part: str, table: ir.Table) -> ir.Table:
    key, *_ = FILE_COLUMNS[part]
    named = table.select(
        **{key: table.name}, **({"number": table.number} if "number" in table.columns else {}), subdistrict=table.area,
        n=table.votes,
    )  # fmt: skip
    return named.order_by([column for column in named.columns if column != "n"])


def told_of(placed: Placed) -> list[str]:
    """What the command says when it is done: rows by origin, and the share that has a subdistrict."""
    lines = [f"{origin}: {count}" for origin, count in placed.by_origin.items()]
    return [*lines, f"{placed.coded} of {placed.rows} rows have a subdistrict ({placed.coded / placed.rows:.1%})."]
