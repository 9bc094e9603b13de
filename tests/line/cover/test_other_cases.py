"""Silent and shrinking units of the frame, places apart, repeated rows of a register."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tests.line.cover.conftest import IN_FRAME, LIANHUA, NANYUAN, SOFTWARE, WAN, District


def annual_return(unit_id: int, period: int, **told: str) -> dict[str, object]:
    place = {"source": "annual", "file": "a.csv", "row": unit_id, "consolidated": False}
    return place | {"unit_id": unit_id, "period": period} | told


def test_a_unit_of_the_frame_that_says_nothing_for_more_than_a_year_is_lost(district: District) -> None:
    """The newest statement ends in March 2022. Last heard of: never, December 2020 (15 months), March 2021 (12)."""
    for unit_id in (1, 2, 3, 4):
        district.unit(unit_id, **IN_FRAME)
    district.tables["returns"].append(annual_return(2, 2020))
    district.base(3, 2021, quarters=1)
    district.base(4, 2022, quarters=1)
    district.run()
    found = district.cases("lost")
    assert set(found) == {1, 2}
    assert found[1]["evidence"] == "On the above-scale list, but no return, tax row or quarter ever."
    assert found[2]["evidence"] == "On the above-scale list, but no return, tax row or quarter after 2020-12."


def test_a_unit_that_leaves_the_frame_anyway_is_not_warned_of(district: District) -> None:
    district.unit(1, in_frame=True, in_frame_previous=True)
    district.run()
    assert district.cases("lost") == {}


def test_two_years_below_the_threshold_warn_of_an_exit(district: District) -> None:
    """Wholesale, 2000 万元: below it in both years; in one; once without a revenue; building has no revenue rule."""
    for unit_id, before, now in ((1, 1900, 1500), (2, 2000, 1500), (3, None, 1500)):
        district.unit(unit_id, revenue=before, period=2020, **IN_FRAME)
        district.unit(unit_id, revenue=now, **IN_FRAME)
    for year in (2020, 2021):
        district.unit(4, code="4710", revenue=100, period=year, **IN_FRAME)
    district.run()
    found = district.cases("exit")
    assert set(found) == {1}
    assert found[1]["evidence"] == (
        "Below the threshold in 2 years in a row; revenue of 2021 1500.00 万元: 75 % of 2000.00 万元 of 限额以上批发业."
    )


def test_places_apart_and_what_says_so(district: District) -> None:
    """Seats: subdistrict or address. Operating: return, else tax list. The district alone is no subdistrict."""
    for unit_id in (1, 2, 3, 4, 5):
        district.unit(unit_id, code=SOFTWARE, revenue=100)
        district.tables["units"][-1] |= {"subdistrict": NANYUAN}
    district.tables["units"][1] |= {"subdistrict": None, "address": "深圳市福田区莲花街道样例路1号"}
    district.tables["units"][4] |= {"subdistrict": "440305001"}
    for base, area in zip(
        district.tables["revenue_bases"], (LIANHUA, NANYUAN, NANYUAN, "440304", NANYUAN), strict=True
    ):
        base["subdistrict"] = area
    district.tables["returns"].append(annual_return(3, 2021, subdistrict="440305002"))
    district.digital(5, 1000)
    district.run()
    found = district.cases("place")
    assert {unit_id: case["proposed"] for unit_id, case in found.items()} == {
        1: LIANHUA, 2: NANYUAN, 3: "outside", 5: NANYUAN,
    }  # fmt: skip
    assert found[1]["evidence"] == "Registered in 南园街道; the tax list of the year names 莲花街道."
    assert found[3]["evidence"] == "Registered in 南园街道; the return of the year names outside."
    assert found[1]["case_id"] == f"place/1/{NANYUAN}/{LIANHUA}"
    assert found[5]["digital_value_added"] == 1000
    assert found[5]["effect"] == "In the headline where it operates; by its seat it would not be."


def test_rows_of_a_register_that_are_one_unit(district: District) -> None:
    """Unit 1 has two rows that differ, unit 2 one row twice in every value, unit 3 a row in each of two registers."""
    for unit_id in (1, 2, 3):
        district.unit(unit_id, revenue=100, area=LIANHUA)
    place = {"kind": "register", "source": "register", "file": "r.csv", "match": "code"}
    district.tables["unit_rows"] += [
        place | {"row": 2, "unit_id": 1}, place | {"row": 9, "unit_id": 1, "match": "name"},
        place | {"row": 3, "unit_id": 2}, place | {"row": 4, "unit_id": 2},
        place | {"row": 5, "unit_id": 3}, place | {"row": 2, "unit_id": 3, "source": "other", "file": "o.csv"},
    ]  # fmt: skip
    district.tables["superseded"].append(
        {"source": "register", "file": "r.csv", "row": 4, "unit_id": 2, "rule": "duplicate_row", "reason": "",
         "suggestion": ""}
    )  # fmt: skip
    district.run()
    found = district.cases("duplicate")
    assert set(found) == {1}
    assert found[1]["evidence"] == "2 rows of one register are one unit by code and by exact name: r.csv:2, r.csv:9."
    assert (found[1]["case_id"], found[1]["area"]) == ("duplicate/register/1", LIANHUA)


def test_a_decided_case_is_remembered_and_leaves_the_sheets(district: District) -> None:
    for unit_id, area in ((1, NANYUAN), (2, NANYUAN), (3, LIANHUA), (4, LIANHUA)):
        district.unit(unit_id, revenue=3000 + unit_id, area=area)
    said = {"list": "coverage", "received": dt.date(2022, 3, 1), "proposed": "enter", "value": "enter"}
    district.tables["decisions"] += [
        said | {"case_id": "missing/2021/1", "decision": "no", "note": "dormant"},
        said | {"case_id": "missing/2021/4", "decision": "yes", "value": "enter in 2023"},
        said | {"case_id": "missing/2020/2", "decision": "no"},
        said | {"case_id": "missing/2021/3", "decision": "no", "list": "codes"},
    ]
    district.run()
    found = district.cases("missing")
    assert {unit_id: case["decision"] for unit_id, case in found.items()} == {1: "no", 2: "open", 3: "open", 4: "yes"}
    assert (found[1]["note"], found[4]["corrected"], found[1]["corrected"]) == ("dormant", "enter in 2023", None)
    sheets = district.sheets()
    assert {area: [row["unit_id"] for row in rows] for area, rows in sheets.items()} == {NANYUAN: ["2"], LIANHUA: ["3"]}
    assert list(sheets[NANYUAN][0])[:6] == ["list", "case_id", "proposed", "decision", "corrected", "note"]
    assert (sheets[NANYUAN][0]["subdistrict"], sheets[NANYUAN][0]["name"]) == ("南园街道", "unit 2")
    assert sheets[NANYUAN][0]["revenue"] == str(Decimal(3002 * WAN).quantize(Decimal("0.01")))


def test_pairs_that_linkage_left_to_a_person(district: District) -> None:
    """Units 1 and 2 may be one, 2 has 500 in the core; 3 and 4 are merged already; 1 and 5 come from two sources."""
    for unit_id in (1, 2, 5):
        district.unit(unit_id, code=SOFTWARE, revenue=100)
    district.digital(2, 500)
    pair = {"case_id": "1/2", "unit_id": 1, "other_id": 2, "relation": "repeated", "probability": 0.8,
            "reason": "Same address.", "outcome": "listed", "obstacle": "Names differ."}  # fmt: skip
    district.tables["unit_links"] += [
        pair,
        pair | {"case_id": "3/4", "unit_id": 3, "other_id": 4, "outcome": "linked"},
        pair | {"case_id": "1/5", "other_id": 5, "relation": "sources"},
    ]
    district.run()
    found = district.cases("suspected_duplicate")
    assert set(found) == {1}
    assert (found[1]["list"], found[1]["case_id"], found[1]["proposed"]) == ("links", "1/2", "unit 1")
    assert found[1]["evidence"] == "May be one unit with unit 2: Same address. Names differ."
    assert (found[1]["digital_value_added"], found[1]["headline_change"]) == (500, -500)
