"""Base cells: sums of leaves, contributors by holder, plates, tiers, counts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from tests.line.analyse.conftest import (
    COMPUTERS,
    FUTIAN,
    LIANHUA,
    NANYUAN,
    SOFTWARE,
    UNPLACED,
    WHOLESALE,
    Tables,
    held,
    leaf,
)

from keli.model.catalogue import Catalogue
from keli.model.crosswalks import Plate

Analysed = Callable[..., Tables]


def expected(value: float, holders: int, x1: float, x2: float, absolute: float) -> dict[str, float]:
    return {"value": value, "holders": holders, "x1": x1, "x2": x2, "absolute": absolute}


def shown(cell: dict[str, Any]) -> dict[str, float]:
    return {name: cell[name] for name in ("value", "holders", "x1", "x2", "absolute")}


@pytest.fixture
def district(analysed: Analysed) -> Tables:
    """Lone units and holder 9, who has a unit in two streets and classes: +40 and -15, so 25 for the whole."""
    return analysed(
        leaves=[
            leaf(2021, COMPUTERS, 130.0, 60.0, 30.0) | {"value": Decimal(130), "absolute": Decimal(130)},
            leaf(2021, WHOLESALE, 5.0, 20.0, area=NANYUAN) | {"value": Decimal(5), "absolute": Decimal(35)},
            leaf(2021, WHOLESALE, 7.0, area=FUTIAN),
        ],
        contributors=[
            held(2021, COMPUTERS, 1, 9, 40.0),
            held(2021, WHOLESALE, 2, 9, -15.0, area=NANYUAN),
        ],
    )


def test_a_street_counts_lone_units_and_holders(district: Tables) -> None:
    street = district.cell(f"VA|all|2021|{LIANHUA}|DE|_T")
    assert shown(street) == expected(130, 3, 60, 40, 130)
    assert shown(district.cell(f"VA|all|2021|{NANYUAN}|DE|_T")) == expected(5, 2, 20, 15, 35)


def test_a_holder_is_one_contributor_with_its_sum_at_the_parent(district: Tables) -> None:
    """Lone 60, 30, 20, 7 and holder 9 with |40 - 15| = 25: five contributors, 142 in absolute terms."""
    assert shown(district.cell(f"VA|all|2021|{FUTIAN}|DE|_T")) == expected(142, 5, 60, 30, 142)
    assert shown(district.cell(f"VA|all|2021|{FUTIAN}|02|_T")) == expected(12, 3, 20, 15, 42)


def test_units_without_a_subdistrict_are_an_area_of_their_own(district: Tables) -> None:
    """12 of wholesale in the district = 5 in one street + 7 of the unit whose street is not known."""
    cells = district.frame("base_cells")
    assert set(cells["area"]) == {FUTIAN, LIANHUA, NANYUAN, UNPLACED}
    assert district.cell(f"VA|all|2021|{FUTIAN}|{WHOLESALE}|_T")["value"] == 12
    assert shown(district.cell(f"VA|all|2021|{UNPLACED}|{WHOLESALE}|_T")) == expected(7, 1, 7, 0, 7)


def test_the_areas_below_the_district_add_up_to_it(district: Tables) -> None:
    cells = district.frame("base_cells")
    cells = cells[cells["cell_id"].str.endswith("|_T")]
    place = ["measure", "unit_set", "period", "activity"]
    whole = cells[cells["area"] == FUTIAN].set_index(place)["value"]
    below = cells[cells["area"] != FUTIAN].groupby(place)["value"].sum()
    assert below.to_dict() == whole.to_dict()


def test_two_units_of_a_holder_in_one_cell_are_added_before_the_absolute_value(analysed: Analysed) -> None:
    tables = analysed(
        leaves=[leaf(2021, SOFTWARE, 30.0) | {"absolute": Decimal(50), "units": 0, "x1": None, "x2": None}],
        contributors=[held(2021, SOFTWARE, 1, 9, 40.0), held(2021, SOFTWARE, 2, 9, -10.0)],
    )
    assert shown(tables.cell(f"VA|all|2021|{FUTIAN}|{SOFTWARE}|_T")) == expected(30, 1, 30, 0, 30)


def test_a_plate_is_a_weighted_sum(analysed: Analysed, catalogue: Catalogue) -> None:
    plates = (Plate("P1", "板块一", COMPUTERS, Decimal("0.4")), Plate("P1", "板块一", SOFTWARE, Decimal(1)))
    tables = analysed(
        catalogue=dataclasses.replace(catalogue, plates=plates),
        leaves=[leaf(2021, COMPUTERS, 150.0, 60.0, 40.0) | {"absolute": Decimal(150)}, leaf(2021, SOFTWARE, 30.0)],
        contributors=[held(2021, COMPUTERS, 1, 9, 50.0)],
    )
    assert shown(tables.cell(f"VA|all|2021|{FUTIAN}|P1|_T")) == expected(90, 4, 30, 24, 90)


def test_sets_and_tiers_hold_their_own_units(analysed: Analysed) -> None:
    tables = analysed(
        leaves=[
            leaf(2021, SOFTWARE, 10.0, matched_previous=True),
            leaf(2021, SOFTWARE, 4.0, basis="estimated"),
            leaf(2021, "030304", 3.0, gbt_code="6429", split_evidence="sample", matched_next=True),
            leaf(2021, SOFTWARE, 6.0, measure="CE"),
        ]
    )
    cells = tables.frame("base_cells").set_index("cell_id")["value"]
    assert cells[f"VA|all|2021|{FUTIAN}|03|_T"] == 17
    assert cells[f"VA|matched_previous|2021|{LIANHUA}|{SOFTWARE}|_T"] == 10
    assert cells[f"VA|matched_next|2021|{FUTIAN}|03|_T"] == 3
    assert cells[f"VA|reported|2021|{FUTIAN}|03|basis"] == 13
    assert cells[f"VA|estimated|2021|{FUTIAN}|DE|basis"] == 4
    assert cells[f"VA|sample|2021|{FUTIAN}|030304|split_evidence"] == 3
    assert cells[f"CE|all|2021|{LIANHUA}|0301|_T"] == 6
    every = tables.frame("base_cells")
    tiers = every[~every["cell_id"].str.endswith("|_T")]
    assert set(tiers["area"]) == {FUTIAN}
    assert SOFTWARE not in set(tiers["activity"])
    assert SOFTWARE not in set(every.loc[every["measure"] == "CE", "activity"])


def test_a_unit_of_a_class_with_three_core_classes_counts_once_at_every_parent(analysed: Analysed) -> None:
    """4851 has three core classes; holder 9 has two of the five units."""
    row = {"period": 2021, "area": LIANHUA, "gbt_code": "4851", "measure": "UNITS_WITH_RETURNS"}
    registered = row | {"measure": "UNITS", "units": 6, "lone_units": 6}
    tables = analysed(
        count_leaves=[registered, row | {"units": 5, "lone_units": 3}],
        count_contributors=[row | {"holder_id": 9, "units": 2}],
    )
    address = f"UNITS_WITH_RETURNS|all|2021|{FUTIAN}|{{}}|_T"
    for activity in ("DE", "04", "0405", "040501", "_T"):
        cell = tables.cell(address.format(activity))
        assert (cell["value"], cell["holders"]) == (5, 4)
    empty = tables.cell(f"UNITS_PARTIAL|all|2021|{LIANHUA}|04|_T")
    assert (empty["value"], empty["holders"]) == (0, 0)
    assert "UNITS" not in set(tables.frame("base_cells")["measure"])


CONTRIBUTION = st.tuples(
    st.integers(1, 4),
    st.sampled_from([COMPUTERS, WHOLESALE]),
    st.sampled_from([LIANHUA, NANYUAN]),
    st.integers(-99, 99),
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@examples(contributions=st.lists(CONTRIBUTION, min_size=1, max_size=8))
def test_holders_are_counted_as_in_the_units_themselves(
    analysed: Analysed, contributions: list[tuple[int, str, str, int]]
) -> None:
    """All units kept whole: the cell must say what a plain sum by holder says."""
    places = sorted({(activity, area) for _, activity, area, _ in contributions})
    leaves = []
    for activity, area in places:
        values = [value for _, a, b, value in contributions if (a, b) == (activity, area)]
        totals = {"value": Decimal(sum(values)), "absolute": Decimal(sum(map(abs, values)))}
        leaves.append(leaf(2021, activity, 0.0, area=area) | totals | {"units": 0, "x1": None, "x2": None})
    shared = [
        held(2021, activity, unit, holder, float(value), area=area)
        for unit, (holder, activity, area, value) in enumerate(contributions)
    ]
    cell = analysed(leaves=leaves, contributors=shared).cell(f"VA|all|2021|{FUTIAN}|DE|_T")
    sums: dict[int, int] = {}
    for holder, _, _, value in contributions:
        sums[holder] = sums.get(holder, 0) + value
    sizes = sorted((abs(value) for value in sums.values()), reverse=True)
    assert shown(cell) == expected(sum(sums.values()), len(sums), sizes[0], [*sizes, 0][1], sum(sizes))
