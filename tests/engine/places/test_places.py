"""Places by hand: words of an address, counts by place, neighbours of a number, and what decides."""

from __future__ import annotations

from typing import Any

import ibis
import pytest

from keli.engine.places.coder import coded_addresses, gazetteer_of
from keli.engine.places.gazetteer import NUMBER_VOTES, VOTES, Gazetteer, found_words, learned_gazetteer
from keli.engine.places.neighbours import neighbour_votes
from keli.engine.places.official import address_areas
from keli.engine.places.words import place_words
from keli.engine.vault import Vault
from keli.model.catalogue import Catalogue
from keli.model.workspace import Workspace

FUTIAN, YUANLING, FUTIAN_STREET, SHATOU, HUAQIANGBEI = "440304", "440304002", "440304004", "440304005", "440304011"
Answer = tuple[str | None, str | None]


def rows_of(vault: Vault, table: ibis.Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = vault.connection.to_pyarrow(table).to_pylist()
    return found


def told(vault: Vault, addresses: list[str]) -> ibis.Table:
    return vault.connection.create_table("asked", ibis.memtable({"address": addresses}), temp=True, overwrite=True)


def words_of(vault: Vault, catalogue: Catalogue, addresses: list[str]) -> ibis.Table:
    words = catalogue.parameter("places/words").at(2021)
    return place_words(told(vault, addresses), catalogue.areas, FUTIAN, words)


def gazetteer(
    roads: list[tuple[Any, ...]], numbers: list[tuple[Any, ...]], buildings: list[tuple[Any, ...]]
) -> Gazetteer:
    def table(rows: list[tuple[Any, ...]], schema: dict[str, str]) -> ibis.Table:
        return ibis.memtable({name: [row[at] for row in rows] for at, name in enumerate(schema)}, schema=schema)

    return Gazetteer(table(roads, VOTES), table(numbers, NUMBER_VOTES), table(buildings, VOTES))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("深圳市福田区福华三路168号国际商会中心1206", {("road", "福华三路", 168), ("building", "国际商会中心", None)}),
        ("福田区沙头街道天安社区泰然九路雪松大厦B座", {("road", "泰然九路", None), ("building", "雪松大厦", None)}),
        ("福田区福田保税区市花路５号", {("building", "福田保税区", None), ("road", "市花路", 5)}),
        ("深圳市福田区深南大道与泰然九路交汇处绿景纪元大厦", {("road", "深南大道", None), ("road", "泰然九路", None),
                                                          ("building", "绿景纪元大厦", None)}),
        ("深圳市福田区益田路(仅限办公)3号楼二层", {("road", "益田路", None)}),
        ("深圳市福田区", set()),
    ],
)  # fmt: skip
def test_words_of_an_address(
    vault: Vault, catalogue: Catalogue, address: str, words: set[tuple[str, str, int | None]]
) -> None:
    found = rows_of(vault, words_of(vault, catalogue, [address]))
    assert {(row["kind"], row["name"], row["number"]) for row in found} == words


def test_an_address_counts_once_for_each_word(vault: Vault, catalogue: Catalogue) -> None:
    labels = {
        "福田区振兴路120号赛格广场赛格广场": HUAQIANGBEI,
        "福田区振兴路120号": HUAQIANGBEI,
        "福田区振兴路": YUANLING,
    }
    words = words_of(vault, catalogue, list(labels))
    labelled = ibis.memtable({"address": list(labels), "area": list(labels.values())})
    learned = learned_gazetteer(words, labelled)
    roads = {(row["name"], row["area"]): row["votes"] for row in rows_of(vault, learned.roads)}
    assert roads == {("振兴路", HUAQIANGBEI): 2, ("振兴路", YUANLING): 1}
    assert rows_of(vault, learned.road_numbers) == [{"name": "振兴路", "number": 120, "area": HUAQIANGBEI, "votes": 2}]
    assert {row["name"]: row["votes"] for row in rows_of(vault, learned.buildings)} == {"赛格广场": 1}


@pytest.mark.parametrize(
    ("named", "known"),
    [
        ("天安数码城", "天安数码城"),
        ("车公庙天安数码城", "天安数码城"),
        ("天安数码城大厦", "天安数码城"),
        ("数码城", None),
        ("卓越中心", None),
    ],
)
def test_a_name_is_found_by_its_longest_tail(vault: Vault, named: str, known: str | None) -> None:
    schema = {"address": "string", "kind": "string", "name": "string", "number": "int64"}
    words = ibis.memtable({"address": ["a"], "kind": ["building"], "name": [named], "number": [None]}, schema=schema)
    held = gazetteer([], [], [("天安数码城", SHATOU, 5), ("安数码城", YUANLING, 9), ("中心", YUANLING, 9)])
    found = [row["known"] for row in rows_of(vault, found_words(words, held))]
    assert found == ([] if known is None else [known])


@pytest.mark.parametrize(
    ("number", "gap", "window", "answer"),
    [
        (104, 200, 0, (SHATOU, 5)),  # between 100 and 110, both in one area
        (104, 5, 0, None),  # too far apart
        (105, 200, 0, None),  # nothing known on the odd side below
        (116, 200, 0, None),  # 110 and 120 disagree
        (98, 200, 0, None),  # nothing below
        (98, 0, 4, (SHATOU, 2)),  # 100 alone is near
        (116, 0, 6, None),  # 110 and 120 are near and disagree
        (130, 0, 10, None),  # 120 itself lies in two areas
        (104, 0, 0, None),  # both rules off
    ],
)
def test_neighbours_of_a_street_number(
    vault: Vault, number: int, gap: int, window: int, answer: tuple[str, int] | None
) -> None:
    known = [("路", 100, SHATOU, 2), ("路", 110, SHATOU, 3), ("路", 120, SHATOU, 1), ("路", 120, YUANLING, 1),
             ("路", 107, YUANLING, 4)]  # fmt: skip
    asked = ibis.memtable({"name": ["路"], "number": [number]})
    votes = neighbour_votes(asked, gazetteer([], known, []).road_numbers, gap=gap, window=window)
    found = [(row["area"], row["votes"]) for row in rows_of(vault, votes)]
    assert found == ([] if answer is None else [answer])


HELD = gazetteer(
    [("深南大道", SHATOU, 19), ("深南大道", FUTIAN_STREET, 17), ("市花路", SHATOU, 9), ("市花路", YUANLING, 1),
     ("小路", SHATOU, 1), ("中路", SHATOU, 2), ("中路", YUANLING, 1)],
    [("深南大道", 6009, SHATOU, 3)],
    [("绿景纪元大厦", SHATOU, 2), ("双子广场", SHATOU, 1), ("双子广场", YUANLING, 1), ("老街大厦", FUTIAN_STREET, 1)],
)  # fmt: skip


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("福田区沙头街道老街大厦", (SHATOU, None)),  # an official name is never overruled
        ("福田区深南大道绿景纪元大厦", (FUTIAN, SHATOU)),
        ("福田区深南大道6009号", (FUTIAN, SHATOU)),
        ("福田区深南大道", (FUTIAN, None)),  # a long road never by its name alone
        ("福田区市花路", (FUTIAN, SHATOU)),  # nine of ten addresses
        ("福田区小路", (FUTIAN, None)),  # hardly known
        ("福田区中路", (FUTIAN, None)),  # two of three
        ("福田区双子广场", (FUTIAN, None)),  # the building lies in both
        ("福田区绿景纪元大厦老街大厦", (FUTIAN, None)),  # two buildings that disagree
        ("福田区不知名大厦", (FUTIAN, None)),
        ("南山区绿景纪元大厦", ("outside", None)),
        ("绿景纪元大厦", (None, None)),  # no district is named
    ],
)
def test_what_decides(vault: Vault, catalogue: Catalogue, address: str, answer: Answer) -> None:
    coded = coded_addresses(told(vault, [address]), HELD, catalogue, district=FUTIAN, year=2021)
    row = rows_of(vault, coded)[0]
    assert (row["named_area"], row["gazetteer_area"]) == answer


def test_the_share_by_hand(vault: Vault, catalogue: Catalogue) -> None:
    # One building, two addresses in one of ten areas, doubt 0.7: (1 + 10 x 2 / 0.7) / (1 + 10 x 2 / 0.7 + 9) = 0.7667
    coded = coded_addresses(told(vault, ["福田区绿景纪元大厦"]), HELD, catalogue, district=FUTIAN, year=2021)
    assert [(row["share"], row["evidence"]) for row in rows_of(vault, coded)] == [(0.7667, "building 绿景纪元大厦")]


def test_the_community_is_named_too(vault: Vault, catalogue: Catalogue) -> None:
    found = rows_of(vault, address_areas(told(vault, ["福田区沙头街道上沙社区5栋"]), catalogue.areas, FUTIAN))
    assert [(row["named_area"], catalogue.areas[row["named_community"]].name_zh) for row in found] == [
        (SHATOU, "上沙社区居委会")
    ]


def test_without_a_gazetteer_nothing_is_placed(vault: Vault, catalogue: Catalogue) -> None:
    coded = coded_addresses(told(vault, ["福田区绿景纪元大厦"]), None, catalogue, district=FUTIAN, year=2021)
    assert rows_of(vault, coded)[0]["gazetteer_area"] is None


def test_a_gazetteer_without_files_is_empty(vault: Vault, catalogue: Catalogue, workspace: Workspace) -> None:
    held = gazetteer_of({}, catalogue, workspace.area)
    assert rows_of(vault, held.roads) == []
    coded = coded_addresses(told(vault, ["福田区绿景纪元大厦"]), held, catalogue, district=FUTIAN, year=2021)
    assert rows_of(vault, coded)[0]["gazetteer_area"] is None
