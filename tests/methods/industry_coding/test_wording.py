"""Reading scopes: segments, their weights by place, wording that every firm writes."""

from __future__ import annotations

import numpy as np
import pytest

from keli.methods.industry_coding.features import features, vocabulary_of
from keli.methods.industry_coding.wording import Wording

READ = Wording((r"（[^）]*）", "货物进出口"), (r"有限公司", r"^深圳市"), 0.25, 0.25)


def weights(text: str) -> list[float]:
    return sorted(READ.scope_grams([text]).data.tolist())


def test_n_grams_lie_within_a_segment() -> None:
    # 软件 has 软, 件, 软件; 销售 has three as well; 件销 is none.
    assert READ.scope_grams(["软件；销售"]).nnz == 6
    assert READ.scope_grams(["软件销售"]).nnz == 4 + 3 + 2


def test_the_first_segment_weighs_most() -> None:
    # Second segment: 1 / (1 + 0.25) = 0.8; third 1 / 1.5; the tenth would be 1 / 3.25, the fourteenth is at the floor.
    assert weights("软；件；网") == pytest.approx([1 / 1.5, 0.8, 1.0])
    assert min(weights("甲；乙；丙；丁；戊；己；庚；辛；壬；癸；子；丑；寅；卯；辰")) == pytest.approx(0.25)


def test_weights_of_the_same_n_gram_add_up_and_begin_anew_in_every_text() -> None:
    both = READ.scope_grams(["软；软", "软"])
    assert both[0].data.tolist() == pytest.approx([1.8])
    assert both[1].data.tolist() == [1.0]


def test_boilerplate_brackets_and_digits_are_left_out() -> None:
    assert READ.scope_grams(["软件（不含限制项目）；货物进出口；2019"]).nnz == 3
    assert READ.scope_grams(["", "货物进出口"]).nnz == 0
    assert READ.scope_grams([]).shape[0] == 0


def test_full_width_breaks_and_case_do_not_matter() -> None:
    assert (READ.scope_grams(["led照明"]) != READ.scope_grams(["LED照明"])).nnz == 0
    assert READ.scope_grams(["软件\n销售", "甲"]).shape[0] == 2
    assert (READ.scope_grams(["软件\r销售", "甲"]) != READ.scope_grams(["软件；销售", "甲"])).nnz == 0


def test_place_and_legal_form_are_no_industry() -> None:
    assert (READ.name_grams(["深圳市软件有限公司"]) != READ.name_grams(["软件"])).nnz == 0


def test_features_have_length_one_and_rare_n_grams_weigh_more() -> None:
    grams = READ.scope_grams(["软件", "软硬", "软", "网"])
    vocabulary = vocabulary_of(grams, 1)
    found = features(grams, vocabulary)
    assert np.sqrt(found.multiply(found).sum(axis=1)).ravel().tolist()[0] == pytest.approx([1, 1, 1, 1])
    # 软 stands in three of four texts: ln(5/4) + 1; 网 in one: ln(5/2) + 1.
    assert min(vocabulary.rarity.tolist()) == pytest.approx(np.log(5 / 4) + 1)
    assert max(vocabulary.rarity.tolist()) == pytest.approx(np.log(5 / 2) + 1)


def test_only_n_grams_of_enough_texts_count() -> None:
    assert len(vocabulary_of(READ.scope_grams(["软件", "软硬"]), 2).buckets) == 1


def test_a_text_without_known_n_grams_has_no_features() -> None:
    vocabulary = vocabulary_of(READ.scope_grams(["软件", "网络"]), 1)
    assert features(READ.scope_grams(["养猪", "", "软件"]), vocabulary).getnnz(axis=1).tolist() == [0, 0, 3]
