"""Counts and marks of the shipped classifications, as the official documents state them."""

from __future__ import annotations

import re
from collections import Counter

from keli.model.catalogue import Catalogue
from keli.model.codes import CodeList
from keli.model.documents import CATALOGUE

STARRED = {"2462", "3831", "4790", "4851", "4910", "4999", "6429", "7213", "7320", "8610"}
"""标* industry classes of the core."""


def counted(codes: CodeList) -> dict[str, int]:
    return dict(Counter(code.level for code in codes.codes.values()))


def test_gbt_4754_has_20_sections_97_divisions_473_groups_and_1381_of_1382_classes(catalogue: Catalogue) -> None:
    assert counted(catalogue.gbt) == {"section": 20, "division": 97, "group": 473, "class": 1381}
    assert "1,381 of the 1,382 classes" in catalogue.gbt.head.source


def test_gbt_codes_extend_their_parents(catalogue: Catalogue) -> None:
    for code in catalogue.gbt.codes.values():
        if code.level in {"group", "class"}:
            assert code.parent == code.code[:-1]
        if code.level == "division":
            assert catalogue.gbt[code.parent or ""].level == "section"


def test_the_digital_economy_has_5_majors_32_middles_and_156_minors(catalogue: Catalogue) -> None:
    assert counted(catalogue.digital) == {"total": 1, "major": 5, "middle": 32, "minor": 156}
    assert catalogue.digital.children("DE") == ("01", "02", "03", "04")
    assert catalogue.digital["05"].parent is None
    assert [len(catalogue.digital.children(f"0{major}")) for major in range(1, 6)] == [6, 5, 5, 7, 9]


def test_the_core_uses_126_industry_classes_of_which_10_are_starred(catalogue: Catalogue) -> None:
    core = catalogue.core_memberships()
    assert len({row.gbt_code for row in core}) == 126
    assert {row.gbt_code for row in core if row.starred} == STARRED
    assert not {row.gbt_code for row in core if not row.starred} & STARRED


def test_three_starred_classes_belong_to_several_core_classes(catalogue: Catalogue) -> None:
    several = Counter(row.gbt_code for row in catalogue.core_memberships())
    assert {code: number for code, number in several.items() if number > 1} == {"6429": 2, "4851": 3, "4910": 3}
    assert {row.activity for row in catalogue.core_memberships() if row.gbt_code == "4851"} == {
        "040501",
        "040502",
        "040503",
    }


def test_85_core_classes_also_stand_in_major_05(catalogue: Catalogue) -> None:
    core = {row.gbt_code for row in catalogue.core_memberships()}
    efficiency = [row for row in catalogue.memberships if not row.core]
    assert {row.activity[:2] for row in efficiency} == {"05"}
    assert len(core & {row.gbt_code for row in efficiency}) == 85
    assert all(row.starred for row in efficiency)


def test_every_membership_is_a_class_and_stands_once(catalogue: Catalogue) -> None:
    pairs = [(row.activity, row.gbt_code) for row in catalogue.memberships]
    assert len(pairs) == len(set(pairs)) == 1723
    assert {catalogue.gbt[row.gbt_code].level for row in catalogue.memberships} == {"class"}
    assert {catalogue.digital[row.activity].level for row in catalogue.memberships} == {"minor"}


def test_the_three_sectors_share_the_divisions(catalogue: Catalogue) -> None:
    divisions = {code.code for code in catalogue.gbt.at_level("division")}
    assert {code.code for code in catalogue.three_sectors.at_level("division")} == divisions
    assert [len(catalogue.three_sectors.children(sector)) for sector in "123"] == [4, 43, 50]
    assert {catalogue.three_sectors[code].parent for code in ("05", "11", "43")} == {"3"}


def test_names_of_divisions_agree_between_lists(catalogue: Catalogue) -> None:
    for code in catalogue.three_sectors.at_level("division"):
        assert code.name_zh == catalogue.gbt[code.code].name_zh


def test_futian_has_10_subdistricts_and_an_area_treated_like_one(catalogue: Catalogue) -> None:
    futian = [catalogue.areas[code] for code in catalogue.areas.children("440304")]
    assert [code.name_zh for code in futian if code.level == "subdistrict"] == [
        "南园街道",
        "园岭街道",
        "福田街道",
        "沙头街道",
        "香蜜湖街道",
        "梅林街道",
        "莲花街道",
        "华富街道",
        "福保街道",
        "华强北街道",
    ]
    assert [(code.code, code.name_zh) for code in futian if code.level != "subdistrict"] == [
        ("440304400", "福田保税区"),
        ("440304_U", "街道不明"),
    ]


def test_fubao_and_huaqiangbei_are_not_swapped(catalogue: Catalogue) -> None:
    assert catalogue.areas["440304010"].name_zh == "福保街道"
    assert catalogue.areas["440304011"].name_zh == "华强北街道"


def test_shenzhen_has_9_districts_and_futian_its_communities(catalogue: Catalogue) -> None:
    assert counted(catalogue.areas) == {
        "city": 1,
        "district": 9,
        "subdistrict": 74,
        "subdistrict_like": 5,
        "community": 93,
        "unplaced": 9,
    }
    for district in catalogue.areas.at_level("district"):
        assert catalogue.areas[f"{district.code}_U"].parent == district.code
    assert {code.code[:6] for code in catalogue.areas.at_level("community")} == {"440304"}
    for code in catalogue.areas.codes.values():
        assert code.parent is None or code.code.startswith(code.parent.removesuffix("00"))


def test_size_classes_are_four(catalogue: Catalogue) -> None:
    assert [(code.code, code.name_zh) for code in catalogue.sizes.codes.values()] == [
        ("L", "大型"),
        ("M", "中型"),
        ("S", "小型"),
        ("MI", "微型"),
    ]


def test_lists_hold_codes_and_names_only() -> None:
    for path in (CATALOGUE / "codes").glob("*.csv"):
        assert path.read_text(encoding="utf-8").splitlines()[0] == "code,level,parent,name_zh"


def test_names_are_no_sentences(catalogue: Catalogue) -> None:
    """Explanations of the standards begin with 指 or 包括, end with a full stop, or run on."""
    lists = (catalogue.gbt, catalogue.digital, catalogue.areas, catalogue.registration, catalogue.three_sectors)
    names = [code.name_zh for codes in lists for code in codes.codes.values()]
    phrases = [phrase.phrase for phrase in catalogue.scope_phrases]
    assert [name for name in names if re.search(r"[。；：]|^(本类|指|包括)", name)] == []
    assert max(len(name) for name in names) <= 40
    assert [phrase for phrase in phrases if re.search(r"[。；]", phrase)] == []
    assert max(len(phrase) for phrase in phrases) <= 60
