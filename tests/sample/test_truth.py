"""The truth of the sample: calibrated to the letter, exact to the fen, consistent unit by unit."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from keli.model.catalogue import Catalogue
from keli.sample.district import write_sample
from keli.sample.truth.conventions import Stream, conventions

UNITS = 4000


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("truth") / "district"
    write_sample(folder, UNITS, 3)
    return folder


@pytest.fixture(scope="module")
def units(district: Path) -> pa.Table:
    return pq.read_table(district / "truth" / "units.parquet")


@pytest.fixture(scope="module")
def headline(district: Path) -> dict[str, Any]:
    text = (district / "truth" / "headline.json").read_text(encoding="utf-8")
    contents: dict[str, Any] = json.loads(text)
    return contents


def test_core_of_2021_is_the_letters_figure_to_the_fen(district: Path, headline: dict[str, Any]) -> None:
    digital = pq.read_table(district / "truth" / "digital.parquet")
    of_2021 = digital.filter(pc.equal(digital["year"], 2021))
    assert pc.sum(of_2021["value_added"]).as_py() == Decimal("62492000000.00")
    assert headline["years"]["2021"]["core_value_added_fen"] == 6_249_200_000_000


def test_headline_is_centred_inside_rounding(headline: dict[str, Any]) -> None:
    # 624.92 / 5341.1966 = 11.70 %; 2020 at 10.90 %; 624.92 at prices of 2020 is 17.80 % above 2020.
    year = headline["years"]["2021"]
    assert year["growth_constant_prices_pct"] == pytest.approx(17.8, abs=1e-6)
    assert year["share_gdp_pct"] == pytest.approx(11.7, abs=1e-6)
    assert year["share_gdp_change_pp"] == pytest.approx(0.8, abs=1e-6)
    nominal = year["core_value_added_fen"] / headline["years"]["2020"]["core_value_added_fen"] - 1
    assert nominal == pytest.approx(0.206, abs=0.003)


def test_growth_follows_by_hand_from_the_digital_table_and_the_price_file(district: Path, catalogue: Catalogue) -> None:
    with (district / "inputs" / "prices.csv").open(encoding="utf-8") as file:
        prices = {(row["指数名称"], int(row["年份"])): float(row["上年=100"]) for row in csv.DictReader(file)}
    sums: dict[int, dict[str, float]] = {2020: {}, 2021: {}}
    for row in pq.read_table(district / "truth" / "digital.parquet").to_pylist():
        if row["year"] in sums:
            own = sums[row["year"]]
            own[row["activity"]] = own.get(row["activity"], 0.0) + float(row["value_added"])
    volume = sum(
        value / prices[catalogue.deflator(activity).series, 2021] * 100 for activity, value in sums[2021].items()
    )
    assert (volume / sum(sums[2020].values()) - 1) * 100 == pytest.approx(17.8, abs=1e-6)


def test_components_add_up_to_value_added_in_every_unit(units: pa.Table) -> None:
    parts = [units[name] for name in ("compensation", "net_taxes", "depreciation", "surplus")]
    total = parts[0]
    for part in parts[1:]:
        total = pc.add(total, part)
    difference = pc.subtract(total.cast(pa.decimal128(30, 2)), units["value_added"].cast(pa.decimal128(30, 2)))
    assert pc.all(pc.equal(difference, pa.scalar(Decimal("0.00"), pa.decimal128(30, 2)))).as_py()


def test_core_units_are_about_two_fifths_and_every_core_class_is_there(units: pa.Table, catalogue: Catalogue) -> None:
    last = units.filter(pc.equal(units["year"], 2020))
    core = {member.gbt_code for member in catalogue.core_memberships()}
    codes = last["gbt_code"].to_pylist()
    assert 0.35 < np.mean([code in core for code in codes]) < 0.45
    assert core <= set(units["gbt_code"].to_pylist())


def test_most_of_the_core_is_reported(units: pa.Table) -> None:
    last = units.filter(pc.equal(units["year"], 2021))
    reported = last.filter(last["annual_return"])
    share = float(pc.sum(reported["core_value_added"]).as_py() / pc.sum(last["core_value_added"]).as_py())
    assert 0.82 < share < 0.95


def test_there_are_loss_makers(units: pa.Table) -> None:
    surplus = units["surplus"].cast(pa.float64()).to_numpy()
    value_added = units["value_added"].cast(pa.float64()).to_numpy()
    earning = units["revenue"].cast(pa.float64()).to_numpy() > 0
    assert 0.05 < np.mean(surplus[earning] < 0) < 0.3
    assert 0 < np.mean(value_added[earning] < 0) < 0.01


def test_rate_has_the_same_mean_above_and_below_scale(units: pa.Table) -> None:
    # One class, software 6513, all years: sums of value added over revenue of units on the list and of the others.
    rows = units.filter(pc.equal(units["gbt_code"], "6511"))
    revenue = rows["revenue"].cast(pa.float64()).to_numpy()
    value_added = rows["value_added"].cast(pa.float64()).to_numpy()
    listed = rows["in_frame"].to_numpy(zero_copy_only=False)
    earning = revenue > 0
    above = (value_added[earning & listed] / revenue[earning & listed]).mean()
    below = (value_added[earning & ~listed] / revenue[earning & ~listed]).mean()
    assert above == pytest.approx(below, rel=0.15)


def test_shares_of_a_unit_add_up_to_at_most_one(district: Path) -> None:
    digital = pq.read_table(district / "truth" / "digital.parquet")
    sums = digital.group_by(["unit", "year"]).aggregate([("share", "sum")])["share_sum"].to_numpy()
    assert sums.max() <= 1 + 1e-9
    assert sums.min() > 0


def test_a_stream_does_not_depend_on_what_was_drawn_before() -> None:
    stream = Stream(7, 0)
    first = stream.draw("sizes").random(3)
    stream.draw("areas").random(100)
    assert np.array_equal(stream.draw("sizes").random(3), first)
    assert not np.array_equal(stream.draw("areas").random(3), first)


def test_every_convention_is_dated_and_referenced(catalogue: Catalogue) -> None:
    names = [name for name in catalogue.parameters if name.startswith("sample/")]
    references = {value.reference for name in names for value in catalogue.parameters[name].values}
    assert len(names) == 12
    assert references == {"答复函 20220179", "sample convention"}
    assert conventions(catalogue).structure["core"] == 0.40


def test_a_district_of_several_chunks_closes_to_the_fen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keli.sample.truth.world.UNITS_OF_CHUNK", 150)
    write_sample(tmp_path / "district", 400, 7)
    digital = pq.read_table(tmp_path / "district" / "truth" / "digital.parquet")
    of_2021 = digital.filter(pc.equal(digital["year"], 2021))
    assert pc.sum(of_2021["value_added"]).as_py() == Decimal("62492000000.00")
    units = pq.read_table(tmp_path / "district" / "truth" / "units.parquet")
    assert len(set(units["unit"].to_pylist())) <= 400
    assert len(set(zip(units["unit"].to_pylist(), units["year"].to_pylist(), strict=True))) == units.num_rows


def test_the_smallest_district_has_an_exact_truth_too(tmp_path: Path) -> None:
    write_sample(tmp_path / "district", 200, 11)
    text = (tmp_path / "district" / "truth" / "headline.json").read_text(encoding="utf-8")
    assert json.loads(text)["years"]["2021"]["core_value_added_fen"] == 6_249_200_000_000
